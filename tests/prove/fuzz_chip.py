"""`python -m tests.prove.fuzz_chip [--answers 100000] [--seed N]`: a card that lies, and files that are nonsense.

Answers are spoilt on the way (so that secure messaging must notice) and by the chip itself (so that what reads the
files must). Whatever comes: a named error or a verdict, in bounded time and memory; and nothing that is not what the
state signed is ever called genuine.
"""

import argparse
import asyncio
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.devices.card_reader import SimulatedCardReader
from agent.devices.errors import DeviceError
from agent.identity import claims
from agent.identity.chip import personal_group, portrait_group, security_infos, security_object, zone_group
from agent.identity.chip.inspection import Inspection, inspect
from agent.identity.errors import ChipError
from contract.clock import Deadline, SimulatedClock
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_curve import BRAINPOOL256, P256
from provisioning.onebox.eid_files import EidData, card_access
from provisioning.onebox.virtual_card import Heard
from tests.identity.cards import NOW, key_of, town

WARM_READINGS = 200
TOLD_EVERY = 1000
"""Readings between two lines of progress."""

MOST_GROWTH_MB = 40
LONGEST_READING_S = 10.0
READ, GENERAL, INTERNAL = 0xB0, 0x86, 0x88
_WEIGHTS = (4, 2, 2, 1, 1, 1)
"""BAC is the quickest on both ends, so most readings are its."""


@dataclass(slots=True)
class Tally:
    """What came of it."""

    answers: int = 0
    readings: int = 0
    files: int = 0
    slowest_s: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    warm_mb: float = 0.0

    def __str__(self) -> str:
        ends = ", ".join(f"{name} {count:,}" for name, count in self.ends.most_common())
        return (
            f"{self.answers:,} spoilt answers in {self.readings:,} readings, {self.files:,} spoilt files: {ends}; "
            f"slowest reading {self.slowest_s:.2f} s, memory +{memory_mb() - self.warm_mb:.0f} MB"
        )


def run(dice: random.Random, answers: int, tell: Callable[[Tally], object] = lambda tally: None) -> Tally:
    """Spoil so many answers and four times as many files; raise AssertionError or what was not a named error."""
    cards = [
        town().card(active=active, chip=chip, pace=pace, chip_kind=kind)
        for active, chip, pace, kind in (
            ("ecdsa", True, None, 1), ("", False, None, 2), ("ecdsa", True, (P256, 2), 2), ("rsa", False, (P256, 1), 2),
            ("", True, (BRAINPOOL256, 4), 4),
        )
    ]  # fmt: skip
    cards.append(town().card(chip=True, maps_chip=True))
    tally = Tally()
    while tally.answers < answers:
        if tally.readings == WARM_READINGS:
            tally.warm_mb = memory_mb()
        if tally.readings % TOLD_EVERY == TOLD_EVERY - 1:
            tell(tally)
        asyncio.run(_reading(dice, dice.choices(cards, _WEIGHTS)[0], tally))
    tally.warm_mb = tally.warm_mb or memory_mb()
    for _ in range(4 * answers):
        _file(dice, dice.choice(cards), tally)
    assert memory_mb() - tally.warm_mb < MOST_GROWTH_MB, tally
    return tally


def spoilt(dice: random.Random, data: bytes) -> bytes:
    """Return other bytes: flipped, cut, drawn out, with another length, repeated, or nothing but chance."""
    at = dice.randrange(len(data)) if data else 0
    kinds: list[Callable[[], bytes]] = [
        lambda: data[:at] + bytes((dice.randrange(256),)) + data[at + 1 :],
        lambda: data[:at] + bytes((data[at] ^ 1 << dice.randrange(8),)) + data[at + 1 :] if data else b"\x00",
        lambda: data[:at],
        lambda: data[at:],
        lambda: data + dice.randbytes(dice.randrange(1, 300)),
        lambda: data[:1] + bytes((dice.choice((0x80, 0x81, 0x82, 0x84, 0x88, 0xFF, 0x7F)),)) + data[2:],
        lambda: data[:at] + data,
        lambda: dice.randbytes(dice.randrange(0, 260)),
        lambda: data[:at] + dice.randbytes(4) + data[at + 4 :],
        lambda: b"\x30\x80" * dice.randrange(1, 120),
    ]
    return dice.choice(kinds)()


async def _reading(dice: random.Random, data: EidData, tally: Tally) -> None:
    inside, share = dice.random() < 0.6, dice.choice((0.06, 0.15, 0.4))

    def on_the_way(number: int, answer: bytes) -> bytes:
        if inside or dice.random() > share:
            return answer
        tally.answers += 1
        return spoilt(dice, answer)

    def by_the_chip(command: Heard, said: bytes, status: int) -> tuple[bytes, int]:
        if not inside or command.ins not in (READ, GENERAL, INTERNAL) or dice.random() > share:
            return said, status
        tally.answers += 1
        return spoilt(dice, said)[:60_000], dice.choice((status, status, status, dice.randrange(0x6200, 0x6FFF)))

    card = EidCard(data, spoil=on_the_way, plant=by_the_chip)
    tally.readings += 1
    begun = time.perf_counter()
    try:
        found = await asyncio.wait_for(_read(card), LONGEST_READING_S)
    except (ChipError, DeviceError) as fault:
        tally.ends[fault.code] += 1
    else:
        tally.ends[found.verdict.reason] += 1
        claims.of_chip(found, SimulatedClock(NOW))
        if found.verdict.genuine:
            _assert_true(found, data)
    tally.slowest_s = max(tally.slowest_s, time.perf_counter() - begun)


async def _read(card: EidCard) -> Inspection:
    clock = SimulatedClock(NOW)
    deadline = Deadline.after(clock, 60.0)
    card.power_up()
    async with SimulatedCardReader(card.exchange).connect(deadline) as chip:
        return await inspect(chip, key_of(card.data), town().trust, clock=clock, deadline=deadline)


def _assert_true(found: Inspection, data: EidData) -> None:
    """Hold what was called genuine against what was issued."""
    assert found.zone == zone_group.parse(data.groups[1])
    assert found.personal == personal_group.parse(data.groups[13])
    assert found.portrait == portrait_group.parse(data.groups[2])


def _file(dice: random.Random, data: EidData, tally: Tally) -> None:
    """Give one spoilt file to what reads it, as if a state had signed it so."""
    files: list[tuple[bytes, Callable[[bytes], object]]] = [
        (data.groups[1], zone_group.parse),
        (data.groups[2], lambda group: portrait_group.parse(group).pixels()),
        (data.groups[13], personal_group.parse),
        (card_access(P256, 2), security_infos.parse),
        (data.security_object, lambda file: security_object.parse(file).signature_verdict()),
    ]
    content, parse = dice.choice(files)
    tally.files += 1
    try:
        parse(spoilt(dice, content))
    except ChipError as fault:
        tally.ends[f"file {fault.code}"] += 1
    else:
        tally.ends["file taken"] += 1


def memory_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Fuzz; a failure ends with the seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    wish = parser.parse_args()
    print(f"seed {wish.seed}", flush=True)
    begun = time.monotonic()
    tally = run(random.Random(wish.seed), wish.answers, lambda tally: print(tally, flush=True))
    print(f"{tally}; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
