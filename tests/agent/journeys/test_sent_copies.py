"""Copies that are e-mailed or posted: asked for once with their address, paid and booked, forgotten at the end."""

import asyncio
import contextlib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from kiosk_doubles import ONE_COPY, PRICE_VND, Hub, Power, PowerCut, Town

from agent.devices.cash_box import CashBox
from agent.journeys.endings import Ending
from agent.journeys.recovery import start
from agent.journeys.slips import collect_code
from agent.journeys.values import Order
from agent.screen.entrance import NOT_SENT, NOTHING_TO_SEND, admit
from agent.screen.view import view
from contract.clock import SimulatedClock
from contract.destinations import MailTo, PostTo
from contract.ids import sha256_hex
from contract.messages import CertifyRequest, HandedOverFact, PrintedFact, RequestEnvelope, decode
from contract.postage import PostalRate

MAIL = MailTo(address="nguyen.thi.huong@gmail.com")
POST = PostTo(name="Nguyễn Thị Hường", phone="0912345678", address="12 Ngõ 5 Trần Quý Kiên, Cầu Giấy")
RATE = PostalRate(basis="Hợp đồng", first_day=date(2025, 1, 1), last_day=date(2026, 12, 31), item_vnd=30_000)
POSTED = msgspec.structs.replace(ONE_COPY, deliver_to=(POST,))
BOTH = msgspec.structs.replace(ONE_COPY, electronic=True, deliver_to=(MAIL, POST))
PERSONAL = (MAIL.address, POST.phone, POST.name, POST.address)


def town(folder: Path, *verdicts: str, now: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) -> Town:
    clock = SimulatedClock(now)
    hub = Hub(clock, verdicts=list(verdicts or ("certified",)))
    return Town(folder=folder, clock=clock, hub=hub, mails=True, postal_rates=(RATE,), notes=[50_000])


async def one_visit(there: Town, order: Order = POSTED) -> Ending:
    async with there.kiosk() as kiosk:
        return await there.visit(kiosk, order)


def asked(there: Town) -> CertifyRequest:
    (raw,) = there.hub.requests.values()
    body = decode(RequestEnvelope, raw).body
    assert isinstance(body, CertifyRequest)
    return body


async def totals(there: Town) -> dict[str, int]:
    async with there.kiosk() as kiosk:
        return {account: -sum_ for account, sum_ in (await kiosk.ledger.money.totals()).items()}


async def test_posted_copy_is_paid_with_its_postage_and_not_printed_here(folder: Path) -> None:
    there = town(folder)
    ending = await one_visit(there)
    assert (ending.code, there.printer.sheets) == ("POSTED", 0)
    assert asked(there).deliver_to == (POST,) and asked(there).copies == 1
    booked = await totals(there)
    assert (booked["fee"] + booked["print"], booked["post"]) == (PRICE_VND, 30_000)
    assert there.hub.told(PrintedFact) == [] and there.hub.told(HandedOverFact) == []
    assert "Đã thu 33.000 đ." in ending.money_vi


@pytest.mark.parametrize(
    ("now", "support_vnd"),
    [
        (datetime(2025, 12, 31, 16, 59, tzinfo=UTC), 26_000),  # 23:59 in Vietnam
        (datetime(2025, 12, 31, 17, 1, tzinfo=UTC), 0),
    ],
)
async def test_support_of_the_postage_ends_with_the_vietnamese_year(
    folder: Path, now: datetime, support_vnd: int
) -> None:
    there = town(folder, now=now)
    await one_visit(there)
    quote = asked(there).quote
    assert (quote.postage_vnd, quote.postage_support_vnd) == (30_000, support_vnd)
    assert quote.total_vnd == PRICE_VND + 30_000 - support_vnd
    assert (await totals(there))["post"] == 30_000 - support_vnd


async def test_refusal_gives_the_postage_back(folder: Path) -> None:
    there = town(folder, "refused")
    there.notes = [50_000]
    ending = await one_visit(there)
    assert ending.code == "REFUSED"
    assert sum(CashBox(folder / "cash.json").look().dispensed_vnd.values()) == 50_000


async def test_file_by_mail_keeps_its_link_on_the_last_screen(folder: Path) -> None:
    there = town(folder)
    order = msgspec.structs.replace(ONE_COPY, copies=0, electronic=True, deliver_to=(MAIL,))
    async with there.kiosk() as kiosk:
        visit = (await start(kiosk, order)).id
        ending = await there.go_on(kiosk, visit)
        shown = await view(kiosk, visit)
    assert ending.code == "ELECTRONIC" and "e-mail" in ending.vi
    assert shown.download_url.startswith("https://tram.example.vn/d/")
    assert asked(there).follow_sha256 == sha256_hex(collect_code(visit).encode())


async def test_nothing_of_the_address_stays_at_the_kiosk(folder: Path) -> None:
    there = town(folder)
    there.keep_for_demo_dir = folder / "kept"
    await one_visit(there, BOTH)
    held = b"".join(path.read_bytes() for path in folder.glob("ledger.sqlite*"))
    assert b"certify" in held
    assert [each for each in PERSONAL if each.encode() in held] == []


def test_power_cut_at_any_moment_asks_once_with_the_same_address_and_books_the_postage_once(tmp_path: Path) -> None:
    power = Power()
    asyncio.run(_cut(town(tmp_path / "whole"), power))
    for moment in range(power.moments // 3, power.moments + 1, 9):
        there = town(tmp_path / str(moment))
        with contextlib.suppress(PowerCut):
            asyncio.run(_cut(there, Power(dies_at=moment)))
        code = asyncio.run(_boot(there))
        if there.hub.requests:
            assert asked(there).deliver_to == (MAIL, POST), moment
        booked = asyncio.run(totals(there))
        assert booked.get("post", 0) == (30_000 if code == "POSTED" else 0), (moment, code)
        assert sum(booked.values()) == 0, moment


async def _cut(there: Town, power: Power) -> None:
    async with there.kiosk() as kiosk:
        visit = await start(kiosk, BOTH)
    async with there.kiosk(power) as kiosk:
        await there.go_on(kiosk, visit.id)


async def _boot(there: Town) -> str:
    """Start again; return how the visit ended."""
    async with there.kiosk() as kiosk:
        await there.after_restart(kiosk)
        (visit,) = await kiosk.ledger.journal.visits_closed_since(datetime(2026, 1, 1, tzinfo=UTC))
    assert visit.ending
    return msgspec.json.decode(visit.ending, type=Ending).code


async def _none(_wish: object) -> str:
    return "a visit"


async def test_order_that_can_not_be_sent_as_it_says_begins_no_visit(folder: Path) -> None:
    there = town(folder)
    paper_by_mail = msgspec.structs.replace(ONE_COPY, deliver_to=(MAIL,))
    file_by_post = msgspec.structs.replace(BOTH, copies=0, deliver_to=(POST,))
    twice = msgspec.structs.replace(BOTH, deliver_to=(MAIL, MAIL))
    async with there.kiosk() as kiosk:
        said = [await admit(kiosk, _none, each) for each in (BOTH, paper_by_mail, file_by_post, twice)]
    assert said == ["a visit", NOTHING_TO_SEND, NOTHING_TO_SEND, NOT_SENT]
    there.mails, there.postal_rates = False, ()
    async with there.kiosk() as kiosk:
        assert kiosk.channels == ()
        assert await admit(kiosk, _none, POSTED) == NOT_SENT
