"""The office of the simulated day: the real hub behind a cable, two kiosks with real ledgers, links and journeys.

Time is virtual, the messages and databases are not. A hub that is killed dies inside a transaction, just before or just
after its commit, answers nobody for a while, and is opened anew from its files; so does a kiosk that loses its power.
The deaths are exceptions in this process: that SQLite keeps its word under SIGKILL is what `make prove-numbers` shows.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from agent.devices.page_printer import SimulatedPagePrinter
from agent.devices.scanner import SimulatedScanner
from agent.devices.ticket_printer import SimulatedTicketPrinter
from agent.devices.time_source import SimulatedTimeSource
from agent.journeys.line import LineService, QueueLine
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, recover, start
from agent.journeys.values import Wish
from agent.ledger.ledger import Ledger
from agent.link.bell import Bell
from agent.link.link import Link
from agent.link.loopback import Loopback
from agent.screen.ticket import TicketView
from agent.screen.view import view
from contract.clock import Clock
from contract.messages import LegalMode
from hub.config import AgencyConfig, HubConfig, MqttConfig
from hub.intake.handler import Intake
from hub.queue.settings import QueueConfig, QueueServiceConfig
from hub.rooms import Hub
from hub.roster import KioskConfig
from hub.store import roster
from hub.store.database import Database
from tests.agent.kiosk_doubles import CERTIFICATE_UNTIL, DEVICE, PLACE, QuickDesk

COUNTER, SERVICE = "1", "CT"
PLACES = 6
"""So many places of each slot can be booked; by hub.toml's own rule it could be up to fifteen."""
QUEUE = QueueConfig(
    services=(
        QueueServiceConfig(
            code=SERVICE, vi="Chứng thực", en="Certification", letter="C", counters=(COUNTER,), minutes=1, places=PLACES
        ),
    )
)
KIOSKS = ("kiosk-01", "kiosk-02")
AT_THE_SCREEN_S = 15.0
HUB_AWAY_S = 60.0
LOOK_S = 1.0


class HubKilled(Exception):
    """The hub's process is gone; who waits for its answer gets none."""


class MortalDatabase(Database):
    """A database whose process dies at the next commit, before it or after it, if `dies` says so."""

    dies = ""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        try:
            with super().writing() as session:
                yield session
                if self.dies == "before":
                    raise HubKilled
        finally:
            died, self.dies = self.dies, ""
        if died == "after":
            raise HubKilled


class HubProcess:
    """The hub: killed and opened anew from what it has committed."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._clock, self.kills, self.lost, self.heard = clock, 0, 0, Bell()
        self._config = HubConfig(
            data_dir=folder / "hub",
            verify_base_url="https://tram.example.vn/V",
            agency=AgencyConfig(name="UBND phường Mẫu", code="H26.1.23", place="Hà Nội", province="Hà Nội"),
            mqtt=MqttConfig(host="127.0.0.1", port=1, ca=Path("ca"), cert=Path("cert"), key=Path("key")),
            kiosks=tuple(KioskConfig(id=each, site=each, legal_mode=LegalMode.STAFFED_AT_OFFICE) for each in KIOSKS),
            queue=QUEUE,
        )
        self.hub = self._opened()
        self.is_up = True

    def _opened(self) -> Hub:
        hub = Hub.open(self._config, self._clock)
        hub.database.close()
        hub = replace(hub, database=MortalDatabase(f"sqlite:///{self._config.data_dir / 'hub.sqlite'}"))
        roster.take_over(hub.database, self._config, self._clock.now())
        self._intake = Intake(hub)
        return hub

    def handle(self, topic: str, payload: bytes) -> Iterable[tuple[str, bytes]]:
        """Answer a kiosk's message, unless the hub is gone or dies over it."""
        if not self.is_up:
            self.lost += 1
            return []
        self.heard.ring()
        try:
            return [(each.topic, each.payload) for each in self._intake.handle(topic, payload)]
        except HubKilled:
            self.died()
            return []

    def wound(self, chance: random.Random) -> None:
        """Let the hub die at its next commit."""
        if self.is_up and isinstance(self.hub.database, MortalDatabase):
            self.hub.database.dies = chance.choice(["before", "after"])

    def died(self) -> None:
        """Stay away for a minute, then come back with what was committed."""
        self.is_up, self.kills = False, self.kills + 1
        self.hub.database.close()
        asyncio.get_running_loop().call_later(HUB_AWAY_S, self._come_back)

    def _come_back(self) -> None:
        self.hub, self.is_up = self._opened(), True
        self.heard.ring()


@dataclass
class KioskProcess:
    """A kiosk in the hall: its ledger, link and journeys are the real ones; so is what a restart finds."""

    name: str
    series: int
    folder: Path
    clock: Clock
    hub: HubProcess
    restarts: int = 0
    visits: list[str] = field(default_factory=list)
    screen: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.cable = Loopback(self.hub.handle)
        self._running: set[asyncio.Task[None]] = set()
        self._power = asyncio.Lock()

    @asynccontextmanager
    async def on(self) -> AsyncIterator[None]:
        """Run it for a day."""
        await self._boot()
        try:
            yield
        finally:
            await self._pull_the_plug()

    async def restart(self) -> None:
        """Lose power in the middle of whatever is going on, and boot again: who is served sees the screen go dark."""
        async with self._power:
            self.restarts += 1
            await self._pull_the_plug()
            await self._boot()

    async def network(self, *, there: bool) -> None:
        """Cut the network, or mend it."""
        self.cable.manners = replace(self.cable.manners, unplugged=not there)
        if not there:
            self.cable.cut()

    async def draw(self, wish: Wish) -> tuple[str, TicketView]:
        """Let a visitor do a journey; return the visit and what the screen shows at its end."""
        async with self.screen:
            await self.clock.sleep(AT_THE_SCREEN_S)
            async with self._power:
                visit = (await start(self.kiosk, wish)).id
                self.visits.append(visit)
                self._go_on(visit)
            while (shown := await self._at_its_end(visit)) is None:
                await self.clock.sleep(LOOK_S)
        return visit, shown

    async def _at_its_end(self, visit: str) -> TicketView | None:
        async with self._power:
            seen = await view(self.kiosk, visit)
        return seen.ticket if seen.closed_at else None

    def _go_on(self, visit: str) -> None:
        async def to_its_end() -> None:
            await go_on(self.kiosk, await self.kiosk.ledger.journal.visit(visit))

        self._run(to_its_end())

    async def _boot(self) -> None:
        ledger = await Ledger.open(self.folder / self.name, self.clock)
        link = Link(
            kiosk=self.name, outbox=ledger.outbox, inbox=ledger.inbox, remote=ledger.remote, transport=self.cable,
            clock=self.clock, version="day", legal_mode=LegalMode.STAFFED_AT_OFFICE,
        )  # fmt: skip
        names = tuple(
            LineService(code=each.code, vi=each.vi, en=each.en, letter=each.letter) for each in QUEUE.services
        )
        self.kiosk = Kiosk(
            place=replace(PLACE, kiosk=self.name), clock=self.clock, ledger=ledger, link=link, desk=QuickDesk(),
            scanner=SimulatedScanner([]), printer=SimulatedPagePrinter(), device_signer=lambda: DEVICE,
            time_source=SimulatedTimeSource(),
            certificate_until=lambda: CERTIFICATE_UNTIL,
            tickets=SimulatedTicketPrinter(self.folder / f"{self.name}-slips"),
            line=QueueLine(series=self.series, services=names),
        )  # fmt: skip
        self._run(link.run())
        for record in await recover(self.kiosk):
            self._go_on(record.id)

    async def _pull_the_plug(self) -> None:
        for task in self._running:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
        await self.kiosk.ledger.close()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def opening(day: datetime) -> list[datetime]:
    """Return the moments of the day: opens, noon, opens again, closes."""
    return [day.replace(hour=hour, minute=minute) for hour, minute in ((7, 30), (11, 30), (13, 30), (17, 0))]
