"""One cell: a visit that meets the trouble, the machines' own counts at its last screen, and the next visit."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

import msgspec

from agent.journeys.endings import Ending
from agent.journeys.identity import STEP, Identified, Tried
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.ledger.money import Balance
from agent.screen.view import VisitView, view
from contract.messages import Fact, IdentityCheck, RequestEnvelope, decode
from tests.agent.kiosk_doubles import PowerCut
from tests.prove.matrix.stories import STORIES
from tests.prove.matrix.town import NOTES_VND, Place, open_visits, run_visit
from tests.prove.matrix.trouble import Mode, Moment, Row, Trouble
from tests.virtual_loop import EverythingWaits, run

T = TypeVar("T")

PATIENCE_S = 2 * 3600.0
"""A visit that has not ended by then waits."""
QUIET_S = 120.0
BOOTED_S = 10.0
"""So long after the kiosk's start its first citizen comes: the link has found the hub."""
READS_S = 30.0
BEGIN, LAST, END = "begin", "last", "end"
"""The screens before a visit's first step, after its last, and when its citizen has had READS_S to read that."""


@dataclass(slots=True)
class Seen:
    """What a cell came to; `waits` is the screen of a visit that could not end before the device was back."""

    reached: bool = False
    waits: VisitView | None = None
    ending: Ending | None = None
    balance: Balance | None = None
    taken_vnd: int = 0
    paid_out_vnd: int = 0
    sheets: int = 0
    slips: list[str] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    check: IdentityCheck | None = None
    who: str = ""
    shown: VisitView | None = None
    stuck: bool = False
    crashed: str = ""


class Counts(NamedTuple):
    """What machines and hub have counted so far."""

    taken_vnd: int = 0
    paid_out_vnd: int = 0
    sheets: int = 0
    slips: int = 0
    copies: int = 0
    papers: int = 0

    @classmethod
    def of(cls, place: Place) -> "Counts":
        """Return the counts as they are now."""
        hub = place.hub
        return cls(
            place.taken_vnd, place.paid_out_vnd, place.printer.sheets, len(place.slips), len(hub.copies),
            len(hub.papers),
        )  # fmt: skip


NOTHING = Counts()


@dataclass(slots=True)
class Played:
    """Everything that the promises are checked on."""

    place: Place
    visit: str = ""
    seen: Seen = field(default_factory=Seen)
    next_ending: Ending | None = None
    next_shown: VisitView | None = None
    kept_files: dict[str, bytes] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    unsent: int = 0
    facts: list[Fact] = field(default_factory=list)
    asked: list[RequestEnvelope] = field(default_factory=list)
    before_next: Counts = NOTHING
    after_next: Counts = NOTHING

    def told(self, kind: type[T]) -> list[T]:
        """Return what the hub was told before the next visit."""
        return [fact for fact in self.facts if isinstance(fact, kind)]


def play(row: Row, device: str, mode: Mode, moment: Moment) -> Played:
    """Play one cell of a visit in virtual time."""
    with disk() as folder:
        return run(_play(folder, row, Trouble(device, mode, row.step, moment)))


@contextmanager
def disk() -> Iterator[Path]:
    """A kiosk's disk for one cell, in memory where there is room."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="tram-matrix-") as folder:
        yield Path(folder)


async def _play(folder: Path, row: Row, trouble: Trouble) -> Played:
    played = Played(Place(folder, trouble, STORIES[row.story], row.looks))
    try:
        await _visits(played)
    except EverythingWaits:
        played.seen.crashed = "everything waits for ever"
    except Exception as fault:  # noqa: BLE001 - a crash of the agent is a broken promise, not the proof's end
        played.seen.crashed = f"the agent crashed: {fault!r}"
    played.seen.reached = trouble.reached
    return played


async def _visits(played: Played) -> None:
    place = played.place
    try:
        async with place.kiosk() as kiosk:
            await asyncio.sleep(BOOTED_S)
            played.visit = (await start(kiosk, place.story.wish)).id
            await _to_the_end(kiosk, played)
    except PowerCut:
        async with place.kiosk() as kiosk:
            assert await open_visits(kiosk) == [played.visit]
            await _to_the_end(kiosk, played)


async def _to_the_end(kiosk: Kiosk, played: Played) -> None:
    place, seen = played.place, played.seen
    await place.look(played.visit, BEGIN)
    task = asyncio.create_task(run_visit(kiosk, played.visit, place.story))
    ending = await _watch(task, place.trouble)
    if ending is None:
        seen.waits = await view(kiosk, played.visit)
        place.mend()
        ending = await _watch(task, place.trouble)
    await _look(kiosk, played, ending)
    place.stop_looking()
    place.mend()
    await asyncio.sleep(QUIET_S)
    played.before_next, played.facts = Counts.of(place), list(place.hub.facts.values())
    played.asked = [decode(RequestEnvelope, each) for each in place.hub.requests.values()]
    place.notes, place.hub.verdicts = list(NOTES_VND), ["certified"]
    following = (await start(kiosk, place.story.wish)).id
    played.next_ending = await _watch(asyncio.create_task(run_visit(kiosk, following, place.story)), place.trouble)
    await asyncio.sleep(QUIET_S)
    played.after_next, played.next_shown = Counts.of(place), await view(kiosk, following)
    played.totals = await kiosk.ledger.money.totals()
    played.unsent = len(await kiosk.ledger.outbox.pending())


async def _look(kiosk: Kiosk, played: Played, ending: Ending | None) -> None:
    """Write down what the machines count at the moment at which the citizen reads the last screen."""
    place, seen = played.place, played.seen
    seen.ending, seen.balance = ending, await kiosk.ledger.money.balance(played.visit)
    seen.shown = await view(kiosk, played.visit)
    await place.look(played.visit, LAST)
    await asyncio.sleep(READS_S)
    await place.look(played.visit, END)
    seen.taken_vnd, seen.paid_out_vnd = place.taken_vnd, place.paid_out_vnd
    seen.sheets, seen.slips, seen.stuck = place.printer.sheets, place.slips, place.scanner.stuck
    if place.looks:
        await _ask_who(kiosk, played)
    folder = kiosk.ledger.spool(played.visit).folder
    played.kept_files = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


async def _ask_who(kiosk: Kiosk, played: Played) -> None:
    steps = await kiosk.ledger.journal.steps(played.visit)
    tries = [step.result for step in steps if step.name.startswith("identity try ") and step.result]
    played.seen.tried = [msgspec.json.decode(each, type=Tried) for each in tries]
    known = [msgspec.json.decode(step.result, type=Identified) for step in steps if step.name == STEP and step.result]
    check = known[0].check if known else None
    faults = ", ".join(each.fault for each in played.seen.tried if each.fault)
    played.seen.check = check
    played.seen.who = (f"{check.method} by {check.card}" if check else "nobody confirmed") + (faults and f" ({faults})")


async def _watch(task: "asyncio.Task[Ending]", trouble: Trouble) -> Ending | None:
    """Return the ending, None where the visit waits; raise PowerCut where the kiosk has no power any more."""
    out = asyncio.create_task(_event(trouble.power_is_out.wait()))
    try:
        await asyncio.wait({task, out}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        if trouble.power.off:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise PowerCut
        return task.result() if task.done() else None
    finally:
        out.cancel()


async def _event(wait: Coroutine[Any, Any, Any]) -> None:
    await wait
