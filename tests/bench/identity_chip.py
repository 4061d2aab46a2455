"""How long a chip's reading takes, and how many clones are refused: `python -m tests.bench.identity_chip`.

The card is ours and simulated: its own arithmetic and pcscd's way to it are in the time, a chip's slowness and a
contactless line are not. Of a real card, count 15 to 40 ms for each exchange.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from agent.identity.errors import ChipError
from provisioning.onebox.card_reader import CardReaderStandIn
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_curve import BRAINPOOL256, BRAINPOOL384, P256
from provisioning.onebox.eid_files import EidData, drawn_portrait, portrait_group
from tests.identity.cards import read, read_on, town

ROUNDS, CLONES = 5, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way in: median and worst seconds from power to verdict, exchanges, and what it came to."""

    way: str
    median_s: float
    worst_s: float
    exchanges: int
    verdict: str


def rows() -> list[Row]:
    """Return the readings of a card with a portrait of 420 x 525 pixels over pcscd and its virtual reader."""
    cards = {
        "BAC": _card(pace=None),
        "PACE P-256 AES-128": _card(pace=(P256, 2)),
        "PACE brainpoolP256r1 AES-256": _card(pace=(BRAINPOOL256, 4)),
        "PACE brainpoolP384r1 AES-256": _card(pace=(BRAINPOOL384, 4)),
        "PACE P-256 AES-128, active (RSA-2048) and chip authentication": _card(pace=(P256, 2), active="rsa", chip=True),
    }
    with tempfile.TemporaryDirectory() as folder, CardReaderStandIn(Path(folder)) as desk:
        return [asyncio.run(_row(desk, way, data)) for way, data in cards.items()]


def clones_refused() -> tuple[int, int]:
    """Return how many of so many clones were refused: a group of another card, or one byte changed, in turn."""
    data = town().card(active="ecdsa", chip=True)
    refused = sum(asyncio.run(_is_refused(_clone(data, number))) for number in range(CLONES))
    return refused, CLONES


def _card(**wishes: object) -> EidData:
    return town().card(portrait=drawn_portrait(), **wishes)


async def _row(desk: CardReaderStandIn, way: str, data: EidData) -> Row:
    taken, card, found = [], EidCard(data), None
    for _ in range(ROUNDS):
        card = EidCard(data)
        found, seconds = await read_on(desk, card)
        taken.append(seconds)
    verdict = f"{found.verdict}, {found.chip_proof}" if found else "not read"
    return Row(way=way, median_s=median(taken), worst_s=max(taken), exchanges=len(card.heard), verdict=verdict)


def _clone(data: EidData, number: int) -> EidData:
    if number % 10 == 0:
        return data.but(2, portrait_group(drawn_portrait("JPEG", (60 + number, 75))))
    groups = sorted(data.groups)
    group = groups[number % len(groups)]
    content = data.groups[group]
    at = 4 + number * 37 % (len(content) - 4)
    return data.but(group, content[:at] + bytes((content[at] ^ 1 << number % 8,)) + content[at + 1 :])


async def _is_refused(data: EidData) -> bool:
    try:
        return not (await read(EidCard(data))).verdict.genuine
    except ChipError:
        return True


def main() -> None:
    """Print the table."""
    for row in rows():
        print(
            f"{row.way:64} {row.median_s:5.2f} s (worst {row.worst_s:.2f}) {row.exchanges:4} exchanges  {row.verdict}"
        )
    refused, count = clones_refused()
    print(f"clones and tampered groups refused: {refused}/{count} (simulated card)")


if __name__ == "__main__":
    main()
