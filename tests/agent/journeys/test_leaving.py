"""Who leaves with a slip while the officer is at work: nothing comes out into an empty room, all comes to who returns.

In virtual time, since the citizen of these tests is away for hours.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from kiosk_doubles import ONE_COPY, PLACE, Hub, MortalReader, Town
from PIL import Image

from agent.devices.cash_box import CashBox
from agent.devices.cashless import SaleState
from agent.devices.errors import TicketPaperOut
from agent.journeys import delays
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, recover, start
from agent.journeys.slips import collect_code
from agent.journeys.touches import Touch
from agent.journeys.values import Order, PickUp
from agent.screen.view import view
from contract.ids import sha256_hex
from contract.messages import LinkFact, Presented, PurgedFact
from tests.virtual_loop import LoopClock, run

BOTH = msgspec.structs.replace(ONE_COPY, electronic=True)
FILE = Order(copies=0, electronic=True, requester_name="Nguyễn Văn Mẫu")
OFFICER_S = 3600.0
HOUR_S = 3600.0


@dataclass
class Home:
    """A kiosk whose citizen orders, leaves, and may come back."""

    town: Town
    kiosk: Kiosk
    tasks: dict[str, "asyncio.Task[Ending]"] = field(default_factory=dict)

    async def order_and_leave(self, order: Order = ONE_COPY) -> str:
        """Order, leave while the officer is at work; return the visit."""
        visit = (await start(self.kiosk, order)).id
        for touch in (Touch.TAKEN, Touch.PAGE_IS_IN):
            self.kiosk.touches.press(visit, touch)
        await self.go_on(visit)
        await asyncio.sleep(60)
        self.kiosk.touches.press(visit, Touch.LEAVE)
        await asyncio.sleep(60)
        return visit

    async def go_on(self, visit: str) -> None:
        self.tasks[visit] = asyncio.create_task(go_on(self.kiosk, await self.kiosk.ledger.journal.visit(visit)))

    async def come_back(self, visit: str, code: str = "") -> Ending:
        """Come back with the slip; return how the visit of coming back ends."""
        wish = PickUp(code=code or collect_code(visit))
        return await go_on(self.kiosk, await self.kiosk.ledger.journal.visit((await start(self.kiosk, wish)).id))

    async def is_away(self, visit: str) -> bool:
        return (await view(self.kiosk, visit)).is_away

    def slips(self, name: str) -> list[Path]:
        return sorted((self.town.folder / "slips").glob(f"*{name}*"))

    def returned_vnd(self) -> int:
        return sum(CashBox(self.town.folder / "cash.json").look().dispensed_vnd.values())


Scenario = Callable[[Home], Awaitable[None]]


def _town(folder: Path) -> Town:
    clock = LoopClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    return Town(folder=folder, clock=clock, hub=Hub(clock), officer_takes_s=OFFICER_S)  # type: ignore[arg-type]


@asynccontextmanager
async def _home(town: Town, presented: Presented = Presented.KIOSK_BED_CAMERA) -> AsyncIterator[Home]:
    async with town.kiosk() as kiosk:
        home = Home(town, replace(kiosk, place=replace(PLACE, presented=presented)))
        yield home
        for task in home.tasks.values():
            task.cancel()


def _play(town: Town, scenario: Scenario) -> None:
    async def whole() -> None:
        async with _home(town) as home:
            await scenario(home)

    run(whole())


@pytest.fixture
def away(folder: Path) -> Town:
    return _town(folder)


def test_copy_waits_for_who_left_and_is_printed_before_their_eyes(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        assert await home.is_away(visit)
        assert len(home.slips("leaving-slip")) == 1
        await asyncio.sleep(5 * HOUR_S)
        assert not home.tasks[visit].done()
        assert away.printer.sheets == 0
        assert not home.kiosk.floor.locked()  # others use the kiosk meanwhile
        assert (await home.come_back(visit)).code == "CAME_BACK"
        assert (await home.tasks[visit]).code == "HANDED_OVER"
        assert away.printer.sheets == 1
        assert home.returned_vnd() == 2_000  # the change that they had before they left
        assert (await home.come_back(visit)).code == "NO_SUCH_RECEIPT"
        assert away.printer.sheets == 1

    _play(away, scenario)


def test_slip_tells_code_and_promised_time_and_is_no_receipt_of_a_copy(away: Town, tmp_path: Path) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave(BOTH)
        (slip,) = home.slips("leaving-slip")
        codes = {each.text for each in zxingcpp.read_barcodes(Image.open(slip).convert("L"))}
        seen = await view(home.kiosk, visit)
        link = (away.folder / "visits" / visit / "link.txt").read_text()
        assert codes == {collect_code(visit), link}
        assert link.startswith("https://tram.example.vn/d/")
        assert seen.vi.startswith("Hãy lấy bản chính khỏi máy quét")
        assert seen.download_url == ""  # nothing is signed yet

    _play(away, scenario)


def test_slip_in_the_scanner_tells_who_comes_back(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave(BOTH)
        (slip,) = home.slips("leaving-slip")
        home.kiosk.scanner.sheets = [slip.read_bytes()]  # type: ignore[attr-defined]
        assert (await home.come_back(visit, " ")).code == "CAME_BACK"
        assert not await home.is_away(visit)

    _play(away, scenario)


def test_slip_that_does_not_come_out_leaves_its_code_on_the_screen(away: Town) -> None:
    away.ticket_fault = TicketPaperOut()

    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        assert f"photograph the code {collect_code(visit)}" in (await view(home.kiosk, visit)).en

    _play(away, scenario)


def test_who_comes_back_early_waits_at_the_screen_as_before_and_may_leave_again(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        assert (await home.come_back(visit)).code == "CAME_BACK"
        assert not await home.is_away(visit)
        home.kiosk.touches.press(visit, Touch.LEAVE)
        await asyncio.sleep(10)
        assert await home.is_away(visit)
        assert len(home.slips("leaving-slip")) == 2
        await asyncio.sleep(5 * HOUR_S)
        assert away.printer.sheets == 0
        await home.come_back(visit)
        assert (await home.tasks[visit]).code == "HANDED_OVER"

    _play(away, scenario)


def test_refusal_and_money_wait_for_who_left_but_the_scans_do_not(away: Town) -> None:
    away.hub.verdicts = ["refused"]

    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        await asyncio.sleep(3 * HOUR_S)
        assert home.returned_vnd() == 2_000
        assert home.slips("refusal-slip") == []
        assert not list((away.folder / "visits").rglob("sheet-*"))
        assert len(away.hub.told(PurgedFact)) == 1
        await home.come_back(visit)
        assert (await home.tasks[visit]).code == "REFUSED"
        assert home.returned_vnd() == 5_000
        assert len(home.slips("refusal-slip")) == 1

    _play(away, scenario)


def test_page_wanted_again_waits_for_who_left_while_others_use_the_scanner(away: Town) -> None:
    away.hub.verdicts = ["rescan", "certified"]

    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        await asyncio.sleep(3 * HOUR_S)
        assert not home.kiosk.floor.locked()
        await home.come_back(visit)
        await asyncio.sleep(3 * HOUR_S)
        assert (await home.tasks[visit]).code == "HANDED_OVER"

    _play(away, scenario)


@pytest.mark.parametrize(
    ("verdict", "code", "unknown_vnd"), [("certified", "NOT_FETCHED", 1_000), ("refused", "REFUSED", 3_000)]
)
def test_who_never_comes_back_gets_no_paper_and_a_person_has_the_money(
    away: Town, verdict: str, code: str, unknown_vnd: int
) -> None:
    away.hub.verdicts = [verdict]

    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        await asyncio.sleep(OFFICER_S + delays.KEEP_COPY_S - 120)
        assert not home.tasks[visit].done()
        await asyncio.sleep(HOUR_S)
        assert (await home.tasks[visit]).code == code
        balance = await home.kiosk.ledger.money.balance(visit)
        assert (balance.unknown_vnd, home.returned_vnd(), away.printer.sheets) == (unknown_vnd, 2_000, 0)
        assert not list((away.folder / "visits").rglob("*.p*"))
        assert home.slips("refusal-slip") == []

    _play(away, scenario)


def test_day_is_counted_on_through_a_restart_and_who_left_is_still_known(away: Town) -> None:
    async def scenario(home: Home) -> None:
        await home.order_and_leave()
        await asyncio.sleep(20 * HOUR_S)

    async def after_restart() -> None:
        async with _home(away) as home:
            (record,) = await recover(home.kiosk)
            assert await home.is_away(record.id)
            await home.go_on(record.id)
            await asyncio.sleep(4 * HOUR_S)
            assert (await home.tasks[record.id]).code == "NOT_FETCHED"

    _play(away, scenario)
    away.clock = away.hub.clock = LoopClock(datetime(2026, 11, 23, 22, 3, tzinfo=UTC))  # type: ignore[assignment]
    run(after_restart())


def test_slip_comes_after_a_power_cut_that_kept_it_in(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        journal = home.kiosk.ledger.journal
        await journal.resume(await journal.visit(visit)).note("back 1", True)
        await journal.resume(await journal.visit(visit)).note("left 2", True)  # and no further

    async def after_restart() -> None:
        async with _home(away) as home:
            (record,) = await recover(home.kiosk)
            await home.go_on(record.id)
            await asyncio.sleep(60)
            assert len(home.slips("leaving-slip")) == 2

    _play(away, scenario)
    assert len(list((away.folder / "slips").glob("*leaving-slip*"))) == 1
    run(after_restart())


def test_electronic_copy_alone_needs_nobody_to_come_back(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave(FILE)
        link = (away.folder / "visits" / visit / "link.txt").read_text()
        assert away.hub.told(LinkFact) == []
        assert (await home.tasks[visit]).code == "ELECTRONIC"
        (told,) = away.hub.told(LinkFact)
        assert told.token_sha256 == sha256_hex(link.rpartition("/")[2].encode())
        held = b"".join(path.read_bytes() for path in away.folder.glob("ledger.sqlite*"))
        assert link.rpartition("/")[2].encode() not in held
        assert (await view(home.kiosk, visit)).download_url == link

    _play(away, scenario)


def test_link_to_the_file_is_told_while_the_paper_still_waits(away: Town) -> None:
    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave(BOTH)
        await asyncio.sleep(2 * HOUR_S)
        assert len(away.hub.told(LinkFact)) == 1
        assert away.printer.sheets == 0
        await home.come_back(visit)
        assert (await home.tasks[visit]).code == "HANDED_OVER"

    _play(away, scenario)


def test_money_held_on_a_card_is_taken_when_its_owner_leaves(away: Town) -> None:
    away.reader, away.has_cash = MortalReader(SaleState.APPROVED), False
    away.hub.verdicts = ["refused"]

    async def scenario(home: Home) -> None:
        visit = await home.order_and_leave()
        assert (await home.kiosk.ledger.money.balance(visit)).received_vnd == 3_000
        await home.come_back(visit)
        assert (await home.tasks[visit]).code == "REFUSED"
        assert (await home.kiosk.ledger.money.balance(visit)).voucher_vnd == 3_000

    _play(away, scenario)


def test_kiosk_whose_officer_must_hold_the_original_lets_nobody_leave(away: Town) -> None:
    async def whole() -> None:
        async with _home(away, Presented.KIOSK_BED_OFFICER_PRESENT) as home:
            visit = await home.order_and_leave()
            assert not (await view(home.kiosk, visit)).may_leave
            assert not await home.is_away(visit)
            assert (await home.tasks[visit]).code == "HANDED_OVER"

    run(whole())
