"""The staff's door: what the devices say, a test of them, the day's cash, and opening or shutting the kiosk."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from agent.devices.status import DeviceState
from agent.journeys import collection
from agent.journeys.in_service import set_service
from agent.journeys.parts import Kiosk
from agent.ledger.closing import CashReport, ClosingRefused
from agent.screen.page.activity import Activity, Held
from agent.screen.page.pin_pad import PinHeld
from agent.screen.page.state import Deed, Tap
from agent.screen.status import StaffLine, seen_by_staff
from contract.messages import ClosingFact, PrintOutcome, Service

DEVICES = frozenset(
    {
        "scanner",
        "printer",
        "ticket printer",
        "cash",
        "payment reader",
        "cabinet",
        "camera",
        "card reader",
        "clock",
        "loudspeaker",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Held):
    """What a member of staff sees. `is_busy` says that something is being found out; `refused` why it was not done
    (Vietnamese, English).

    `lines` are the devices', just proven where `is_tested`; `report` is the cash account, `closing` a collection
    that is over, `slip` what became of its slip.
    """

    who: str
    is_collector: bool
    is_open: bool
    is_busy: bool = False
    is_tested: bool = False
    lines: tuple[StaffLine, ...] = ()
    report: CashReport | None = None
    closing: ClosingFact | None = None
    slip: PrintOutcome | None = None
    refused: tuple[str, str] = ("", "")

    @property
    def wanting(self) -> tuple[StaffLine, ...]:
        """The devices that somebody must see to, and those at work: what they say stands in full."""
        return tuple(line for line in self.lines if line.state != DeviceState.READY)

    @property
    def well(self) -> tuple[StaffLine, ...]:
        """The devices that are ready: their names will do."""
        return tuple(line for line in self.lines if line.state == DeviceState.READY)

    @property
    def named(self) -> frozenset[str]:
        """The devices that the strings have a name for; others go by kiosk.toml's."""
        return DEVICES


Work = Callable[[Desk], Awaitable[Desk]]


class Staff(Activity):
    """For those whose name and PIN stand in kiosk.toml."""

    name = "staff"
    order = 90
    is_tile = False
    opens_from = ("attract", "choose")

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self._work: asyncio.Task[Desk] | None = None

    @property
    def is_there(self) -> bool:
        """Whether anybody may come in."""
        return bool(self._names)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._kiosk.collectors.names, *self._kiosk.staff.names)))

    async def begin(self) -> Held:
        """Return the names, or the PIN where there is one."""
        return PinHeld.of(self._names)

    async def touched(self, held: Held, tap: Tap) -> Held | None:
        """Let them in, and do what they touch; what takes longer is seen by `looked`."""
        if isinstance(held, PinHeld):
            return await self._at_the_door(held, tap)
        assert isinstance(held, Desk)
        if held.is_busy:
            return held
        match held.scene, tap.do, tap.value:
            case "desk", Deed.ACT, "test":
                return self._begun(held, lambda desk: self._tested(desk, printing=False))
            case "desk", Deed.ACT, "print":
                return self._begun(held, lambda desk: self._tested(desk, printing=True))
            case "desk", Deed.ACT, "switch":
                return await self._switched(held)
            case "desk", Deed.ACT, "cash" if held.is_collector:
                return self._begun(replace(held, scene="cash", report=None), self._counted)
            case "cash", Deed.ACT, "begin" if held.report:
                return self._begun(held, self._taken_out)
            case "taking", Deed.ACT, "finish":
                return self._begun(held, self._finished)
            case (("cash" | "taken"), (Deed.BACK | Deed.GO_ON), _):
                return self._begun(self._desk(held.who), self._seen)
            case _, Deed.BACK, _:
                return None
        return held

    async def looked(self, held: Held) -> Held | None:
        """Return what has been found out meanwhile."""
        if isinstance(held, Desk) and held.is_busy and self._work and self._work.done():
            return self._work.result()
        return held

    def may_leave(self, held: Held) -> bool:
        """Not amid a test or a collection: the cash stands open."""
        return not (isinstance(held, Desk) and (held.is_busy or held.scene == "taking"))

    async def _at_the_door(self, held: PinHeld, tap: Tap) -> Held | None:
        match held.scene, tap.do:
            case "who", Deed.ACT:
                return held.chosen(tap.value)
            case "pin", Deed.KEY:
                return held.typed(tap)
            case "pin", Deed.GO_ON:
                refused = await held.checked(self._kiosk.collectors, self._kiosk.staff)
                return refused or self._begun(self._desk(held.who), self._seen)
        return None if tap.do is Deed.BACK else held

    def _desk(self, who: str) -> Desk:
        is_collector = who in self._kiosk.collectors.names
        return Desk(scene="desk", who=who, is_collector=is_collector, is_open=self._kiosk.door.is_open)

    def _begun(self, desk: Desk, work: Work) -> Desk:
        quiet = replace(desk, is_busy=False, is_tested=False, refused=("", ""))
        self._work = asyncio.ensure_future(_or_why_not(quiet, work))
        return replace(quiet, is_busy=True)

    async def _seen(self, desk: Desk) -> Desk:
        return replace(desk, lines=await seen_by_staff(self._kiosk))

    async def _tested(self, desk: Desk, *, printing: bool) -> Desk:
        return replace(desk, lines=await seen_by_staff(self._kiosk, printing=printing), is_tested=True)

    async def _switched(self, desk: Desk) -> Desk:
        await set_service(self._kiosk, Service.OUT_OF_SERVICE if self._kiosk.door.is_open else Service.IN_SERVICE)
        return replace(desk, is_open=self._kiosk.door.is_open)

    async def _counted(self, desk: Desk) -> Desk:
        last = await self._kiosk.ledger.closings.last()
        if last and last.finished_at is None:
            return replace(desk, scene="taking", report=last.report)
        return replace(desk, report=await collection.report(self._kiosk))

    async def _taken_out(self, desk: Desk) -> Desk:
        begun = await collection.begin(self._kiosk, desk.who)
        return replace(desk, scene="taking", report=begun.report)

    async def _finished(self, desk: Desk) -> Desk:
        closing, slip = await collection.finish(self._kiosk)
        return replace(desk, scene="taken", closing=closing, slip=slip)


async def _or_why_not(desk: Desk, work: Work) -> Desk:
    try:
        return await work(desk)
    except ClosingRefused as refusal:
        return replace(desk, refused=(refusal.vi, f"{refusal}. {refusal.remedy}"))


ACTIVITY = Staff
