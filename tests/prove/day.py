"""`make prove-day`: 300 people, two kiosks, one counter, one day in virtual time; hub and network die amid it.

The hub's code, its SQLite database, the kiosks' ledgers, links and journeys are the real ones (day_office.py); people
and times are drawn from a seed (day_visitors.py); what must hold is judged apart (day_judge.py): no number lost,
doubled or printed twice, nobody overtaken beyond the written rule, everybody called or passed over in the end, and the
waits that were told true within five minutes on average, as ranges that few overstay. Prints the figures, draws the day
to build/prove-day/day.png; exits 1 where a promise breaks.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from agent.journeys.values import CheckIn, DrawNumber
from agent.link.bell import first
from contract.clock import VIETNAM
from hub.faults import QueueFault
from hub.queue import bookings, counter
from hub.queue.hours import Hours
from hub.rooms import Hub
from hub.store.tables import QueueTicket, TicketState
from tests.prove import day_judge, day_plot
from tests.prove.day_judge import Given, PromiseBroken
from tests.prove.day_office import COUNTER, KIOSKS, QUEUE, SERVICE, HubKilled, HubProcess, KioskProcess, opening
from tests.prove.day_visitors import Visitor, drawn
from tests.virtual_loop import LoopClock, run

EVE = datetime(2026, 11, 23, 7, 0, tzinfo=VIETNAM)
WALK_S, LISTEN_S, IDLE_S, AGAIN_S, REPORTS_BACK_S = 8.0, 20.0, 60.0, 10.0, 600.0
DAY_ENDS_S = 12 * 3600.0
OUTAGES = ((0, 2.6, 40), (1, 7.0, 20))
"""Network cuts: which kiosk, hours after 07:00, minutes."""


@dataclass(slots=True)
class Day:
    """What happened; `line` are (moment, people waiting) as the counter saw them."""

    visitors: Sequence[Visitor] = ()
    given: list[Given] = field(default_factory=list)
    refused: int = 0
    rows: list[QueueTicket] = field(default_factory=list)
    line: list[tuple[datetime, int]] = field(default_factory=list)
    kills: list[datetime] = field(default_factory=list)
    restarts: int = 0
    seconds: float = 0.0


class Play:
    """One day in one folder."""

    def __init__(self, folder: Path, people: int, kills: int, seed: int) -> None:
        self._folder, self._people, self._kills = folder, people, kills
        self._chance, self._clock = random.Random(seed), LoopClock(EVE)
        self.day = Day()
        self._served: dict[str, Visitor] = {}

    async def play(self) -> Day:
        """Live through the day."""
        began_s = time.monotonic()
        self._hub = HubProcess(self._folder, self._clock)
        opens, _noon, _again, _closes = opening(EVE)
        slots = Hours.of(QUEUE, self._hub.hub.calendar).slots(EVE.date())
        places = [slot for slot in slots for _ in range(QUEUE.services[0].places)]
        self.day.visitors = drawn(self._people, opens, places, self._chance)
        codes = self._book()
        self._kiosks = [
            KioskProcess(name=name, series=number, folder=self._folder, clock=self._clock, hub=self._hub)
            for number, name in enumerate(KIOSKS, start=1)
        ]
        async with self._kiosks[0].on(), self._kiosks[1].on():
            trouble = [asyncio.create_task(each) for each in self._trouble()]
            come = [asyncio.create_task(self._visit(each, codes.get(each.number, ""))) for each in self.day.visitors]
            officer = asyncio.create_task(self._officer())
            await asyncio.gather(*come, *trouble)
            await officer
        self.day.restarts = sum(each.restarts for each in self._kiosks)
        with self._hub.hub.database.reading() as session:
            self.day.rows = list(session.scalars(select(QueueTicket)))
        self._hub.hub.database.close()
        self.day.seconds = time.monotonic() - began_s
        return self.day

    def _book(self) -> dict[int, str]:
        codes = {}
        for each in self.day.visitors:
            if each.slot_at:
                code = bookings.new_code(self._hub.hub)
                bookings.book(self._hub.hub, code, QUEUE.services[0], each.slot_at)
                codes[each.number] = code
        return codes

    async def _visit(self, visitor: Visitor, code: str) -> None:
        """Come, draw or report; who was called and not there may report back at the kiosk."""
        if visitor.comes_at is None:
            return
        await self._until(visitor.comes_at)
        kiosk = self._chance.choice(self._kiosks)
        ticket = ""
        if code:
            ticket = await self._at_kiosk(kiosk, visitor, CheckIn(code=code))
        if not ticket:  # no booking, or the hub could not be asked: a number like everybody else
            ticket = await self._at_kiosk(kiosk, visitor, DrawNumber(service=SERVICE, priority=visitor.priority))
        while visitor.returns and self._clock.monotonic() < DAY_ENDS_S:
            await self._clock.sleep(REPORTS_BACK_S)
            if self._hub.is_up and self._state(ticket) == TicketState.SKIPPED:
                await kiosk.draw(CheckIn(code=ticket[-8:], printed=False))
                return

    async def _at_kiosk(self, kiosk: KioskProcess, visitor: Visitor, wish: CheckIn | DrawNumber) -> str:
        visit, shown = await kiosk.draw(wish)
        if not shown.number:
            self.day.refused += 1
            return ""
        ticket = shown.follow.rpartition("/")[2]
        slips = len(list((self._folder / f"{kiosk.name}-slips").glob(f"{visit}-*.png")))
        self._served[ticket] = visitor
        self.day.given.append(
            Given(
                visitor=visitor.number, visit=visit, ticket=ticket, number=shown.number, at=self._clock.now(),
                confirmed=shown.confirmed, slips=slips,
            )
        )  # fmt: skip
        return ticket

    async def _officer(self) -> None:
        """Call, wait, serve; not from noon to half past one; in the evening until nobody waits."""
        opens, noon, again, closes = opening(EVE)
        await self._until(opens)
        there, quiet_since = "", closes
        while True:
            now = self._clock.now()
            if noon <= now < again:
                await self._until(again)
            called = await self._ask(lambda hub, after=there: counter.call_next(hub, COUNTER, after))  # type: ignore[misc]
            there = called.id if called else ""
            await self._count(now)
            if called is None:
                if now > closes + timedelta(minutes=30) and now > quiet_since + timedelta(minutes=30):
                    return
                await first(self._hub.heard.next_ring().wait(), self._clock.sleep(IDLE_S))
                continue
            quiet_since = max(closes, now)
            there = await self._serve(called)

    async def _serve(self, called: QueueTicket) -> str:
        """Return whom the next call finishes: who was served, or nobody after somebody was passed over."""
        for act in (counter.recall, counter.skip):
            visitor = self._served.get(called.id)  # nobody yet while the ticket comes out of the kiosk
            if visitor and (visitor.there or called.skips):
                await self._clock.sleep(WALK_S + visitor.case_s)
                return called.id
            await self._clock.sleep(LISTEN_S)
            await self._ask(lambda hub, act=act: act(hub, COUNTER, called.id))  # type: ignore[misc]
        return ""

    async def _ask(self, act: Callable[[Hub], QueueTicket | None]) -> QueueTicket | None:
        """Do it at the hub, again and again until the hub is there to answer; what was done before stays done."""
        while True:
            if self._hub.is_up:
                try:
                    return act(self._hub.hub)
                except HubKilled:
                    self._hub.died()
                except QueueFault:
                    return None  # done before the hub died
            await self._clock.sleep(AGAIN_S)

    async def _count(self, now: datetime) -> None:
        if self._hub.is_up:
            self.day.line.append((now, len(counter.look(self._hub.hub, COUNTER).waiting)))

    def _state(self, ticket: str) -> str:
        with self._hub.hub.database.reading() as session:
            row = session.get(QueueTicket, ticket)
            return row.state if row else ""

    def _trouble(self) -> list[Awaitable[None]]:
        """The hub's deaths, the network cuts, and a power cut at each kiosk, all at the day's busy hours."""
        opens, noon, again, closes = opening(EVE)
        spans = [(opens, noon), (again, closes)]
        at = [
            begin + (end - begin) * self._chance.random() for begin, end in self._chance.choices(spans, k=self._kills)
        ]
        cuts = [
            self._cut(self._kiosks[kiosk], EVE + timedelta(hours=hours), minutes) for kiosk, hours, minutes in OUTAGES
        ]
        plugs = [self._unplug(kiosk, opens + timedelta(hours=self._chance.uniform(1, 4))) for kiosk in self._kiosks]
        return [*map(self._kill, sorted(at)), *cuts, *plugs]  # type: ignore[list-item]

    async def _kill(self, at: datetime) -> None:
        await self._until(at)
        self.day.kills.append(at)
        self._hub.wound(self._chance)

    async def _cut(self, kiosk: KioskProcess, at: datetime, minutes: float) -> None:
        await self._until(at)
        await kiosk.network(there=False)
        await self._clock.sleep(minutes * 60)
        await kiosk.network(there=True)

    async def _unplug(self, kiosk: KioskProcess, at: datetime) -> None:
        await self._until(at)
        while not kiosk.screen.locked():
            await self._clock.sleep(0.5)
        await self._clock.sleep(self._chance.uniform(0, 18))
        await kiosk.restart()

    async def _until(self, at: datetime) -> None:
        await self._clock.sleep(max(0.0, (at - self._clock.now()).total_seconds()))


def lived(people: int, kills: int, seed: int) -> Day:
    """Return a day."""
    with tempfile.TemporaryDirectory(prefix="tram-day-") as folder:
        return run(Play(Path(folder), people, kills, seed).play())


def judge(day: Day) -> list[str]:
    """Return the day's figures; raise PromiseBroken."""
    unheld = day_judge.nothing_lost(day.given, day.rows, day.refused)
    allowed, unknown, wrong = day_judge.overtakings(day.rows)
    day_judge.require(not wrong, f"overtaken beyond the rule: {wrong[:5]}")
    count, error_s, bias_s = day_judge.error_s(day.rows)
    served = sum(row.state == TicketState.DONE for row in day.rows)
    came = sum(each.comes_at is not None for each in day.visitors)
    unconfirmed = sum(not each.confirmed for each in day.given)
    late = day_judge.late_share(day.rows)
    lines = [
        f"{len(day.visitors)} people, {came} came, {len(day.given)} numbers, each with one slip; {served} served, "
        f"{len(day.given) - served} walked off; none lost, none doubled",
        f"{len(day.kills)} deaths of the hub, {len(OUTAGES)} network cuts, {day.restarts} power cuts at kiosks: "
        f"{unconfirmed} given without the hub's word, {day.refused} reports unanswered, {unheld} called in vain",
        *(
            f"{kind:9s} n = {each.count:3d}   "
            f"wait p50 {each.p50:4.1f} min, p90 {each.p90:4.1f} min, longest {each.most:4.1f} min"
            for kind, each in day_judge.waits(day.rows).items()
        ),
        f"overtakings: {allowed} by the rule, {unknown} that the hub could not know of (told late), 0 beyond the rule",
        f"estimates: mean error {error_s / 60:.1f} min over {count} (bias {bias_s / 60:+.1f} min); "
        f"{day_judge.kept_share(day.rows):.0%} waited as long as the range said, {late:.1%} five minutes longer",
    ]
    day_judge.require(error_s <= day_judge.MOST_ERROR_S, f"estimates are off by {error_s:.0f} s on average")
    day_judge.require(late <= day_judge.MOST_LATE, f"{late:.1%} waited longer than they were told, and five minutes")
    return lines


def main() -> None:
    """Run the proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/prove-day"))
    args = parser.parse_args()
    day = lived(args.people, args.kills, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    day_plot.draw(day.rows, day.line, day.kills, EVE, args.out / "day.png")
    try:
        print("\n".join(judge(day)))
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: {broken}")
    print(f"{args.out / 'day.png'}; {day.seconds:.0f} s of this machine")


if __name__ == "__main__":
    main()
