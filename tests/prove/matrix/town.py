"""A kiosk in virtual time with the real link over a cable, a hub behind it whose officer takes a minute, and a citizen.

`Place` is what a power cut does not change. Everything in it that is counted is counted by the devices themselves.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from agent.devices.cash_box import CashBox
from agent.devices.time_source import SimulatedTimeSource
from agent.journeys.endings import Ending
from agent.journeys.identity_desk import IdentityDesk
from agent.journeys.parts import Kiosk
from agent.journeys.pins import Pins
from agent.journeys.recovery import CERTIFY, go_on, recover, start
from agent.journeys.touches import Touch
from agent.journeys.values import Wish
from agent.ledger.journal import Journal
from agent.ledger.ledger import Ledger
from agent.link.link import Link
from agent.screen.page.stage import Stage
from contract.clock import Clock
from contract.identity_evidence import SealingKey
from contract.messages import (
    LegalMode,
    PrintOutcome,
)
from tests.agent.kiosk_doubles import (
    CERTIFICATE_UNTIL,
    DEVICE,
    HUB_KEY,
    LINE,
    PLACE,
    Hub,
    MortalDatabase,
    PowerCut,
)
from tests.prove.matrix import devices
from tests.prove.matrix.finger import Finger
from tests.prove.matrix.hub_end import HubEnd
from tests.prove.matrix.identity import Face
from tests.prove.matrix.stories import ORDER, STAFF, Story
from tests.prove.matrix.trouble import Trouble
from tests.virtual_loop import LoopClock

NOTES_VND = (5_000, 5_000)
"""What the citizen holds: 6,000 đ are due for two copies of one page, so 4,000 đ come back."""
NOTE_S = 3.0
COPY = Story()


class WatchedJournal(Journal):
    """The journal; the trouble sees each step begin and end; once it has begun, the citizen looks at the screen."""

    def __init__(self, journal: Journal, trouble: Trouble) -> None:
        super().__init__(journal._database, journal.clock)
        self._trouble = trouble
        self.stage: Stage | None = None
        self.finger: Finger | None = None
        self.screens: dict[str, str] = {}

    async def begin(self, visit: str, name: str, *, once: bool) -> bytes | None:
        recorded = await super().begin(visit, name, once=once)
        if recorded is None:
            self._trouble.began(name)
            if self._trouble.sprung:
                await self.look(visit, name)
            if self.finger:
                self.finger.asked(visit, name)
        return recorded

    async def look(self, visit: str, name: str) -> None:
        """Look at the screen as the citizen of this visit; what it shows is kept under the moment's name."""
        if self.stage is not None:
            await self.stage.look()
            if self.stage.state.visit == visit:
                self.screens[name] = await self.stage.shown()

    async def finish(self, visit: str, name: str, result: bytes, seconds: float) -> None:
        self._trouble.ends(name)
        await super().finish(visit, name, result, seconds)


@dataclass
class Place:
    """Disk, machines, hub, citizen."""

    folder: Path
    trouble: Trouble
    story: Story
    looks: bool = False
    clock: Clock = field(default_factory=lambda: LoopClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)))
    notes: list[int] = field(default_factory=lambda: list(NOTES_VND))
    doubtful: set[int] = field(default_factory=set)
    payouts: set[str] = field(default_factory=set)
    slips_begun: dict[str, PrintOutcome] = field(default_factory=dict)
    screens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hub = Hub(self.clock, verdicts=list(self.story.verdicts))  # type: ignore[arg-type]
        self.hub_end = HubEnd(self.hub, self.folder, self.trouble)
        self.printer = devices.Printer(self.trouble)
        self.scanner = devices.Scanner(self.story.sheets(), self.trouble)
        self.box = CashBox(self.folder / "cash.json")

    @property
    def slips(self) -> list[str]:
        """The slips that came out whole, by visit and step."""
        return sorted(path.stem for path in (self.folder / "slips").iterdir())

    @property
    def taken_vnd(self) -> int:
        """What the machine has drawn in, by its own count of what lies in it and of what it paid out."""
        held, first = self.box.look(), CashBox(self.folder / "never.json").look()
        return held.change_vnd + held.cassette_vnd - first.change_vnd + self.paid_out_vnd

    @property
    def paid_out_vnd(self) -> int:
        """What the machine has paid out, by its own count."""
        return sum(self.box.look().dispensed_vnd.values())

    def stop_looking(self) -> None:
        """Look at the screen no more: the visit that matters is over."""
        self._journal.stage = None

    async def look(self, visit: str, name: str) -> None:
        """Look at the screen before a visit's first step, or after its last."""
        await self._journal.look(visit, name)

    def mend(self) -> None:
        """Bring everything back: what was lost is plugged in, what was stuck is taken out."""
        self.trouble.mend()
        self.hub_end.mend()

    @asynccontextmanager
    async def kiosk(self) -> AsyncIterator[Kiosk]:
        """Boot a kiosk; leave it as a crash does."""
        self.trouble.switch_on()
        database = await MortalDatabase.open(self.folder / "ledger.sqlite")
        assert isinstance(database, MortalDatabase)
        database.power = self.trouble.power
        ledger = Ledger.of(self.folder, database, self.clock)
        journal = WatchedJournal(ledger.journal, self.trouble)
        ledger = replace(ledger, journal=journal)
        link = Link(
            kiosk=PLACE.kiosk, outbox=ledger.outbox, inbox=ledger.inbox, remote=ledger.remote,
        transport=self.hub_end.cable, clock=self.clock,
            version="test", legal_mode=LegalMode.STAFFED_AT_OFFICE,
        )  # fmt: skip
        cash = devices.CashMachine(self.folder / "cash.json", self.trouble, self.doubtful, self.payouts)
        busy = [asyncio.create_task(link.run()), asyncio.create_task(self._pay(cash.insert))]
        try:
            kiosk = Kiosk(
                place=PLACE, clock=self.clock, ledger=ledger, link=link, desk=devices.Desk(self.trouble),
                scanner=self.scanner, printer=self.printer, cash=cash, device_signer=lambda: DEVICE,
                time_source=SimulatedTimeSource(),
                certificate_until=lambda: CERTIFICATE_UNTIL,
                tickets=self._tickets(), line=LINE, digitises=True,
                cabinet=devices.Body(self.trouble), identity=self._desk() if self.looks else None,
                collectors=Pins(STAFF, self.clock), asks_vneid=True, accounts=self.story.accounts,
            )  # fmt: skip
            vouchers = kiosk.identity.vouchers if kiosk.identity else {}
            journal.finger = Finger(kiosk.touches, self.trouble, self.story.buttons, vouchers)
            journal.stage, journal.screens, self._journal = Stage(kiosk, nobody), self.screens, journal
            yield kiosk
        finally:
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)
            await database.close()

    def _tickets(self) -> devices.Tickets | None:
        tickets = devices.Tickets(self.folder / "slips", self.trouble, self.slips_begun)
        return tickets if self.story.has_tickets else None

    def _desk(self) -> IdentityDesk:
        return IdentityDesk(
            attendant=Face(self.trouble, self.clock),
            sealing_key=SealingKey(public=HUB_KEY.public_key(), is_named=True),
            has_staff=Touch.STAFF in self.story.buttons.values(),
        )

    async def _pay(self, insert: Callable[[int], bool]) -> None:
        """Hold the next note out every few seconds."""
        with suppress(PowerCut):
            while True:
                await asyncio.sleep(NOTE_S)
                if self.notes and insert(self.notes[0]):
                    self.notes.pop(0)


async def nobody(wish: Wish) -> str:
    """Begin no visit: what the screen of the matrix is touched for has none."""
    raise AssertionError(f"nobody touches this screen, and {wish} was begun")


async def one_visit(kiosk: Kiosk) -> Ending:
    """Let the next citizen through; return how it ended."""
    visit = await start(kiosk, ORDER)
    return await run_visit(kiosk, visit.id)


async def run_visit(kiosk: Kiosk, visit: str, story: Story = COPY) -> Ending:
    """Go on with a visit to its end; the citizen presses each button of a copy's way that the story leaves open."""
    record = await kiosk.ledger.journal.visit(visit)
    who = () if story.buttons else (Touch.AGREE, Touch.WITHOUT)
    for touch in (*who, Touch.TAKEN, Touch.PAGE_IS_IN) if record.journey == CERTIFY else ():
        kiosk.touches.press(visit, touch)
    return await go_on(kiosk, record)


async def open_visits(kiosk: Kiosk) -> list[str]:
    """Return what a restart goes on with."""
    return [record.id for record in await recover(kiosk)]
