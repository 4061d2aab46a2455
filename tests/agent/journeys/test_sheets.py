"""Originals of several sheets: by the feeder, and one after another on the glass; also when the plug is pulled."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from kiosk_doubles import TAIL, Hub, Power, PowerCut, Town

from agent.devices.scanner import SimulatedScanner
from agent.journeys import delays
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, recover, start
from agent.journeys.touches import Touch, Touches
from agent.journeys.values import Order
from agent.screen.view import view
from contract.clock import Deadline, SimulatedClock
from contract.ids import sha256_hex
from contract.messages import CertifyRequest, PurgedFact, RequestEnvelope, SettledFact, decode

PAGES = [f"Trang {number}".encode() for number in (1, 2, 3)]
THREE_PAGES = Order(copies=2, requester_name="Nguyễn Văn Mẫu", declared_pages=3)
FEE_VND = 2 * (5_000 + 3 * 1_000)
"""Two copies of three pages: 2,000 + 2,000 + 1,000 for each (TT 226/2016 Art. 4), and the printing."""


class Hands(Touches):
    """A citizen at the glass, who lays the page on it that the screen lacks and touches `Go on`, or another button.

    One who is `hasty` touches it once with nothing on the glass.
    """

    def __init__(
        self, glass: SimulatedScanner, pages: Sequence[bytes], buttons: Sequence[Touch | None], *, hasty: bool
    ) -> None:
        super().__init__()
        self.kiosk: Kiosk
        self._glass, self._pages, self._buttons, self._hasty = glass, pages, list(buttons), hasty

    async def wait_for_one(self, visit: str, touches: Sequence[Touch], deadline: Deadline) -> Touch | None:
        if Touch.ALL_IN not in touches:
            return touches[0]
        button = self._buttons.pop(0) if self._buttons else Touch.PAGE_IS_IN
        if button is Touch.PAGE_IS_IN:
            shown = await view(self.kiosk, visit)
            assert shown.paper
            self._glass.sheets = [] if self._hasty else [self._pages[shown.paper.pages]]
            self._hasty = False
        if button is None:
            await deadline.clock.sleep(deadline.remaining_s)
        return button


def _at_the_glass(
    kiosk: Kiosk, pages: Sequence[bytes] = PAGES, buttons: Sequence[Touch | None] = (), *, hasty: bool = False
) -> Kiosk:
    glass = SimulatedScanner(pages[:1])
    hands = Hands(glass, pages, buttons, hasty=hasty)
    hands.kiosk = replace(kiosk, scanner=glass, touches=hands)
    return hands.kiosk


async def _visit(kiosk: Kiosk, order: Order = THREE_PAGES) -> Ending:
    visit = await start(kiosk, order)
    return await go_on(kiosk, await kiosk.ledger.journal.visit(visit.id))


def _asked(town: Town) -> CertifyRequest:
    (request,) = town.hub.requests.values()
    body = decode(RequestEnvelope, request).body
    assert isinstance(body, CertifyRequest)
    return body


def _texts(town: Town) -> list[bytes]:
    """What stood on each page of the copy, in the copy's order."""
    (copy,) = town.hub.copies
    texts = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(copy.removesuffix(TAIL))]
    return [found[0].encode() for text in texts for found in re.finditer(r"Trang \d", text)]


@pytest.fixture
def rich(town: Town) -> Town:
    town.notes = [20_000]
    return town


async def test_feeder_takes_all_sheets_at_once_and_the_fee_is_by_the_pages_of_the_original(rich: Town) -> None:
    rich.sheets = list(PAGES)
    async with rich.kiosk() as kiosk:
        ending = await rich.visit(kiosk, THREE_PAGES)
    assert ending.code == "HANDED_OVER"
    assert (_asked(rich).pages, _asked(rich).quote.total_vnd) == (3, FEE_VND)


async def test_glass_takes_one_page_after_another_until_all_declared_ones_are_in(rich: Town) -> None:
    async with rich.kiosk() as kiosk:
        ending = await _visit(_at_the_glass(kiosk))
    assert ending.code == "HANDED_OVER"
    assert (_asked(rich).pages, _asked(rich).quote.total_vnd) == (3, FEE_VND)
    assert _texts(rich) == PAGES
    (purged,) = rich.hub.told(PurgedFact)
    assert {sha256_hex(page) for page in PAGES} <= set(purged.sha256)


async def test_feeder_that_took_two_of_three_asks_for_the_rest(rich: Town) -> None:
    async with rich.kiosk() as kiosk:
        at_the_feeder = _at_the_glass(kiosk)
        assert isinstance(at_the_feeder.scanner, SimulatedScanner)
        at_the_feeder.scanner.sheets = PAGES[:2]
        ending = await _visit(at_the_feeder)
    assert ending.code == "HANDED_OVER" and _asked(rich).pages == 3


async def test_who_says_that_these_are_all_goes_on_with_fewer_and_the_officer_sees_both_numbers(rich: Town) -> None:
    async with rich.kiosk() as kiosk:
        ending = await _visit(_at_the_glass(kiosk, buttons=(Touch.PAGE_IS_IN, Touch.ALL_IN)))
    assert ending.code == "HANDED_OVER" and _asked(rich).pages == 2


async def test_button_that_is_pressed_before_the_page_lies_in_asks_again(rich: Town) -> None:
    async with rich.kiosk() as kiosk:
        ending = await _visit(_at_the_glass(kiosk, pages=[*PAGES], hasty=True))
    assert ending.code == "HANDED_OVER" and _texts(rich) == PAGES


async def test_page_that_nobody_puts_in_ends_the_visit_before_any_money(rich: Town) -> None:
    began_s = rich.clock.monotonic()
    async with rich.kiosk() as kiosk:
        ending = await _visit(_at_the_glass(kiosk, buttons=[None] * 10_000))
    assert (ending.code, ending.money_vi) == ("SHEETS_MISSING", "Không thu tiền.")
    assert rich.clock.monotonic() - began_s == pytest.approx(delays.NEXT_SHEET_S, abs=1)
    assert not rich.hub.requests


async def test_secret_mark_on_the_second_page_stops_at_once(rich: Town) -> None:
    async with rich.kiosk() as kiosk:
        ending = await _visit(_at_the_glass(kiosk, pages=[PAGES[0], "MẬT".encode(), PAGES[2]]))
    assert ending.code == "SECRET_PAPER" and not rich.hub.requests


def test_power_cut_at_every_moment_of_taking_in_loses_and_doubles_no_page(tmp_path: Path) -> None:
    moments = asyncio.run(_cut(_town(tmp_path / "whole"), 0))
    assert moments > 10
    for moment in range(1, moments + 1):
        town = _town(tmp_path / str(moment))
        with contextlib.suppress(PowerCut):
            asyncio.run(_cut(town, moment))
        asyncio.run(_after_restart(town))
        assert (_texts(town), town.printer.sheets) == (PAGES, THREE_PAGES.copies), moment
        (settled,) = town.hub.told(SettledFact)
        assert settled.kept_vnd == FEE_VND


def _town(folder: Path) -> Town:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    return Town(folder=folder, clock=clock, hub=Hub(clock), notes=[20_000])


async def _cut(town: Town, moment: int) -> int:
    power = Power()
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, THREE_PAGES)
    async with town.kiosk(power) as kiosk:
        power.dies_at = moment
        await go_on(_at_the_glass(kiosk), await kiosk.ledger.journal.visit(visit.id))
        steps = await kiosk.ledger.journal.steps(visit.id)
    return 2 * next(number for number, step in enumerate(steps, start=1) if step.name == "pay")


async def _after_restart(town: Town) -> None:
    async with town.kiosk() as kiosk:
        at_the_glass = _at_the_glass(kiosk)
        for record in await recover(kiosk):
            shown = await view(kiosk, record.id)
            if shown.paper and isinstance(at_the_glass.scanner, SimulatedScanner):
                at_the_glass.scanner.sheets = [PAGES[min(shown.paper.pages, 2)]]
            await go_on(at_the_glass, record)
