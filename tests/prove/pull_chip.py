"""`python -m tests.prove.pull_chip`: a card pulled at every command of its reading, on pcscd and the virtual reader."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from agent.devices.errors import CardReaderError
from provisioning.onebox.card_reader import CardReaderStandIn
from provisioning.onebox.eid_card import EidCard
from tests.identity.cards import read_on, town


async def prove(desk: CardReaderStandIn) -> Counter[str]:
    """Return how each pulled reading ended, by code; raise AssertionError where one went on, or the next one failed."""
    data = town().card(active="ecdsa", chip=True)
    whole = EidCard(data)
    assert (await read_on(desk, whole))[0].verdict.genuine
    ends: Counter[str] = Counter()
    for at in range(1, len(whole.heard) + 1):
        try:
            await read_on(desk, EidCard(data, pull_at=at))
        except CardReaderError as fault:
            ends[fault.code] += 1
        else:
            raise AssertionError(f"the card was pulled at command {at} and was read")
        assert (await read_on(desk, EidCard(data)))[0].verdict.genuine, at
    return ends


def main() -> None:
    """Pull, and print what it was called."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, CardReaderStandIn(Path(folder)) as desk:
        ends = asyncio.run(prove(desk))
    took_s = time.monotonic() - begun
    print(f"pulled at each of {ends.total()} commands, read whole after each: {dict(ends)}, {took_s:.0f} s")


if __name__ == "__main__":
    main()
