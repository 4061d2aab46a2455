"""A copy that waits for its receipt: fetched when the hub is back, printed once, whatever happens."""

import asyncio
import contextlib
import shutil
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from kiosk_doubles import ONE_COPY, UNREACHABLE, Hub, Power, PowerCut, Town
from PIL import Image

from agent.journeys import delays
from agent.journeys.endings import Ending
from agent.journeys.late_copies import fetch_all
from agent.journeys.recovery import expire, start
from agent.journeys.slips import collect_code
from agent.journeys.values import Order, PickUp
from agent.screen.api import Screen
from contract.clock import SimulatedClock
from contract.messages import HandedOverFact, PrintedFact, PrintOutcome, PurgedFact, SettledFact


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return _town(tmp_path)


def _town(folder: Path) -> Town:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    return Town(folder=folder, clock=clock, hub=Hub(clock))


async def _order(town: Town, order: Order = ONE_COPY) -> tuple[str, Ending]:
    """Let a citizen order a copy; return their visit and its end."""
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, order)
        return visit.id, await town.go_on(kiosk, visit.id)


async def _unprinted(town: Town) -> str:
    """Let a citizen leave with a receipt because the printer is gone, which then comes back."""
    town.printer.fault = UNREACHABLE
    visit, ending = await _order(town)
    assert ending.code == "COLLECTABLE"
    town.printer.fault = None
    return visit


async def _late(town: Town) -> str:
    """Let a citizen leave with a receipt because the hub is gone after the signature."""
    town.tail_comes = False
    visit, ending = await _order(town)
    assert ending.code == "AWAITED"
    return visit


async def _come_back(town: Town, code: str = "") -> Ending:
    async with town.kiosk() as kiosk:
        return await town.visit(kiosk, PickUp(code=code))


def _files(town: Town, visit: str) -> list[str]:
    return sorted(path.name for path in (town.folder / "visits" / visit).glob("*"))


async def test_receipt_gets_the_copy_that_could_not_be_printed_once_and_charges_nothing(town: Town) -> None:
    visit = await _unprinted(town)
    typed = collect_code(visit).lower().replace("-", " ")
    ending = await _come_back(town, typed)
    assert ending.code == "HANDED_OVER" and ending.money_en == "Nothing is charged this time."
    assert list(town.printer.received.values()) == town.hub.copies
    assert _files(town, visit) == []
    assert [fact.outcome for fact in town.hub.told(PrintedFact)] == [PrintOutcome.NOT_PRINTED, PrintOutcome.PRINTED]
    (handed,), (request,) = town.hub.told(HandedOverFact), town.hub.requests
    assert (handed.request, handed.paper_copies) == (request, 1)
    assert len(town.hub.told(SettledFact)) == 1
    again = await _come_back(town, typed)
    assert again.code == "COLLECTED" and town.printer.sheets == 1


async def test_receipt_is_read_in_the_scanner_too(town: Town) -> None:
    visit = await _unprinted(town)
    town.sheets = [(town.folder / "visits" / visit / "receipt.png").read_bytes()]
    assert (await _come_back(town)).code == "HANDED_OVER"
    assert town.printer.sheets == 1


async def test_receipt_that_also_bears_a_link_is_read_by_its_other_code_and_the_link_is_not_kept(town: Town) -> None:
    town.printer.fault = UNREACHABLE
    visit, _ = await _order(town, Order(copies=1, electronic=True, requester_name="Nguyễn Văn Mẫu"))
    town.printer.fault = None
    folder = town.folder / "visits" / visit
    town.sheets = [(folder / "receipt.png").read_bytes()]
    token = (folder / "link.txt").read_text().rpartition("/")[2]
    assert (await _come_back(town)).code == "HANDED_OVER"
    assert token.encode() not in b"".join(path.read_bytes() for path in town.folder.glob("ledger.sqlite*"))


async def test_copy_that_lies_here_is_given_while_another_one_is_still_awaited(town: Town) -> None:
    visit = await _unprinted(town)
    async with town.kiosk() as kiosk:
        await kiosk.fetching.acquire()  # another visit's copy is being fetched, for as long as that takes
        assert (await town.visit(kiosk, PickUp(code=collect_code(visit)))).code == "HANDED_OVER"


async def test_copy_that_did_not_come_in_time_is_fetched_when_the_hub_is_back(town: Town) -> None:
    visit = await _late(town)
    (settled,) = town.hub.told(SettledFact)
    assert (settled.kept_vnd, settled.returned_vnd, settled.unknown_vnd) == (2_000, 3_000, 0)
    assert _files(town, visit) == ["draft.pdf", "receipt.png"]
    assert (await _come_back(town, collect_code(visit))).code == "AWAITED"
    town.tail_comes = True
    async with town.kiosk() as kiosk:
        await fetch_all(kiosk)
    assert _files(town, visit) == ["copy.pdf", "receipt.png"]
    assert (await _come_back(town, collect_code(visit))).code == "HANDED_OVER"
    assert list(town.printer.received.values()) == town.hub.copies
    assert _files(town, visit) == []


async def test_late_copy_is_fetched_for_the_citizen_who_stands_there(town: Town) -> None:
    visit = await _late(town)
    town.tail_comes = True
    assert (await _come_back(town, collect_code(visit))).code == "HANDED_OVER"
    assert town.printer.sheets == 1


async def test_late_copy_that_is_not_what_was_signed_is_never_printed(town: Town) -> None:
    town.hub.verdicts = ["damaged"]
    visit = await _late(town)
    town.tail_comes = True
    async with town.kiosk() as kiosk:
        await fetch_all(kiosk)
    assert _files(town, visit) == ["receipt.png"]
    assert (await _come_back(town, collect_code(visit))).code == "COPY_NOT_RECEIVED"
    assert town.printer.sheets == 0


async def test_late_electronic_copy_is_kept_when_it_has_come(town: Town) -> None:
    town.tail_comes = False
    visit, ending = await _order(town, Order(copies=0, electronic=True, requester_name="Nguyễn Văn Mẫu"))
    assert ending.code == "AWAITED"
    town.tail_comes = True
    assert (await _come_back(town, collect_code(visit))).code == "ELECTRONIC"
    assert _files(town, visit) == ["copy.pdf", "link.txt"] and town.printer.sheets == 0


async def test_printer_that_fails_again_leaves_the_copy_for_the_next_time(town: Town) -> None:
    visit = await _unprinted(town)
    town.printer.fault = UNREACHABLE
    assert (await _come_back(town, collect_code(visit))).code == "COLLECTABLE"
    town.printer.fault = None
    assert (await _come_back(town, collect_code(visit))).code == "HANDED_OVER"
    assert town.printer.sheets == 1


async def test_print_that_nobody_knows_of_is_not_repeated_for_the_same_receipt(town: Town) -> None:
    visit = await _unprinted(town)
    town.printer.outcomes = [PrintOutcome.UNKNOWN]
    assert (await _come_back(town, collect_code(visit))).code == "PRINT_UNKNOWN"
    assert (await _come_back(town, collect_code(visit))).code == "COLLECTED"
    assert len(town.printer.received) == 1 and _files(town, visit) == []


async def test_code_that_fits_nothing_and_one_that_is_a_day_old_get_no_copy(town: Town) -> None:
    visit = await _unprinted(town)
    assert (await _come_back(town, "0000-0000")).code == "NO_SUCH_RECEIPT"
    town.sheets = [_blank()]
    assert (await _come_back(town)).code == "NO_CODE"
    town.clock.advance(delays.KEEP_COPY_S + 1)
    assert (await _come_back(town, collect_code(visit))).code == "NO_SUCH_RECEIPT"
    async with town.kiosk() as kiosk:
        await expire(kiosk)
    assert _files(town, visit) == [] and town.printer.sheets == 0


async def test_copy_that_is_being_collected_does_not_expire_under_the_printer(town: Town) -> None:
    visit = await _unprinted(town)
    power = Power()
    await _cut_at_first_print(town, visit, power)
    town.clock.advance(delays.KEEP_COPY_S + 1)
    async with town.kiosk() as kiosk:
        (ending,) = await town.after_restart(kiosk)
    assert ending.code == "HANDED_OVER" and town.printer.sheets == 1


async def _cut_at_first_print(town: Town, visit: str, power: Power) -> None:
    async with town.kiosk() as kiosk:
        again = await start(kiosk, PickUp(code=collect_code(visit)))
    town.printer.up_time_s = 10_000_000
    async with town.kiosk(power) as kiosk:
        going = asyncio.create_task(town.go_on(kiosk, again.id))
        while not town.printer.sheets:
            await asyncio.sleep(0)
        power.dies_at = power.moments + 1
        with contextlib.suppress(PowerCut):
            await going


def test_power_cut_at_every_moment_of_a_pick_up_prints_once(tmp_path: Path) -> None:
    town = _town(tmp_path / "before")
    visit, again = asyncio.run(_late_and_back(town))
    for moment in range(1, 1_000):
        shutil.copytree(town.folder, tmp_path / str(moment))
        if not asyncio.run(_is_cut(replace(deepcopy(town), folder=tmp_path / str(moment)), visit, again, moment)):
            break
    assert moment > 20


async def _late_and_back(town: Town) -> tuple[str, str]:
    visit = await _late(town)
    town.tail_comes = True
    async with town.kiosk() as kiosk:
        return visit, (await start(kiosk, PickUp(code=collect_code(visit)))).id


async def _is_cut(town: Town, visit: str, again: str, moment: int) -> bool:
    """Cut the power at this moment, come back, and then come with the receipt once more; return whether it was cut."""
    power = Power(dies_at=moment)
    async with town.kiosk(power) as kiosk:
        with contextlib.suppress(PowerCut):
            await town.go_on(kiosk, again)
    async with town.kiosk() as kiosk:
        ended = await town.after_restart(kiosk)
    assert all(ending.code == "HANDED_OVER" for ending in ended), (moment, ended)
    assert (await _come_back(town, collect_code(visit))).code == "COLLECTED", moment
    assert town.printer.sheets == 1 and _files(town, visit) == [], moment
    assert len(town.hub.told(HandedOverFact)) == 1 and len(town.hub.told(PurgedFact)) == 2, moment
    return power.off


async def test_screen_begins_a_pick_up_by_code_and_gives_the_electronic_copy_of_its_order(town: Town) -> None:
    town.printer.fault = UNREACHABLE
    visit, _ = await _order(town, Order(copies=1, electronic=True, requester_name="Nguyễn Văn Mẫu"))
    town.printer.fault = None
    async with town.kiosk() as kiosk:

        async def begin(wish: Order | PickUp) -> str:
            return (await start(kiosk, wish)).id

        transport = httpx.ASGITransport(Screen(kiosk, begin).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as screen:
            assert (await screen.post("/pick-ups", json={"kode": "x"})).status_code == 422
            began = await screen.post("/pick-ups", json={"code": collect_code(visit)})
            again = began.json()["visit"]
            assert (await town.go_on(kiosk, again)).code == "HANDED_OVER"
            shown = (await screen.get(f"/visits/{again}")).json()
            assert shown["ending"]["register_label"] == "01, quyển số 01/2026-SCTĐT/BS"
            assert (await screen.get(f"/visits/{again}/copy")).content == town.hub.copies[0]
            async with kiosk.floor:
                assert (await screen.post("/pick-ups")).status_code == 409


def _blank() -> bytes:
    out = BytesIO()
    Image.new("L", (400, 600), 255).save(out, "PNG")
    return out.getvalue()
