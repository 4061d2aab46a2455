"""A queue number: one for each visit whatever dies, on paper or on the screen, and true about what the hub said."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kiosk_doubles import BOOKED, LINE, Hub, Power, PowerCut, Town

from agent.devices.errors import TicketPaperOut
from agent.devices.ticket_printer import SimulatedTicketPrinter
from agent.journeys import delays
from agent.journeys.recovery import is_here, start
from agent.journeys.values import CheckIn, DrawNumber
from agent.screen.ticket import TicketView
from agent.screen.view import view
from contract.clock import Deadline, SimulatedClock
from contract.messages import (
    VERSION,
    CheckInOverFact,
    PrintOutcome,
    Priority,
    Queued,
    ReplyEnvelope,
    RequestEnvelope,
    TicketRequest,
    decode,
    encode,
)

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ONE = DrawNumber(service="CT")


def town_in(folder: Path) -> Town:
    clock = SimulatedClock(NINE)
    return Town(folder=folder, clock=clock, hub=Hub(clock), line=LINE)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_in(tmp_path)


def told(town: Town) -> list[TicketRequest]:
    bodies = [decode(RequestEnvelope, each).body for each in town.hub.requests.values()]
    return [body for body in bodies if isinstance(body, TicketRequest)]


def slips(town: Town) -> list[Path]:
    return sorted((town.folder / "slips").glob("*.png"))


async def drawn(town: Town, wish: DrawNumber | CheckIn = ONE) -> tuple[str, TicketView]:
    """Let one citizen draw; return how it ended and what the screen shows."""
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, wish)
        ending = await town.go_on(kiosk, visit.id)
        shown = (await view(kiosk, visit.id)).ticket
    assert shown is not None
    return ending.code, shown


async def test_a_number_is_printed_told_and_shown_with_what_the_hub_said(town: Town) -> None:
    code, shown = await drawn(town, DrawNumber(service="HT", priority=Priority.ELDERLY))
    assert code == "TICKET_PRINTED"
    assert (shown.number, shown.before, shown.wait_min, shown.printed) == ("H1-001", 2, 12, PrintOutcome.PRINTED)
    ((ticket, payload),) = town.hub.requests.items()
    assert shown.follow == f"https://tram.example.vn/q/{ticket}"
    assert decode(RequestEnvelope, payload).body == TicketRequest(
        service="HT", number="H1-001", issued_at=NINE, priority=Priority.ELDERLY
    )
    assert len(slips(town)) == 1
    assert list((town.folder / "visits").glob("*/*")) == []


async def test_numbers_count_up_by_service_and_begin_again_at_local_midnight(town: Town) -> None:
    numbers = [(await drawn(town, wish))[1].number for wish in (ONE, ONE, DrawNumber(service="HT"), ONE)]
    assert numbers == ["C1-001", "C1-002", "H1-001", "C1-003"]
    town.clock.advance(14 * 3600 + 59 * 60)  # 23:59 in Vietnam
    assert (await drawn(town))[1].number == "C1-004"
    town.clock.advance(120)
    assert (await drawn(town))[1].number == "C1-001"


async def test_without_a_network_the_number_is_given_at_once_and_promises_no_time(town: Town) -> None:
    town.online, town.hub.is_deaf = False, True
    began_s = town.clock.monotonic()
    code, shown = await drawn(town)
    assert town.clock.monotonic() == began_s
    assert (code, shown.number, shown.confirmed, shown.before) == ("TICKET_PRINTED", "C1-001", False, None)
    assert shown.follow.endswith(shown.code)
    async with town.kiosk() as kiosk:
        (waiting,) = await kiosk.ledger.outbox.pending()
        assert waiting.room == "request/ticket"
        await kiosk.ledger.outbox.hear(waiting.id, town.hub.treat(waiting), final=True)
        late = (await view(kiosk, waiting.visit)).ticket
    assert late is not None
    assert (late.confirmed, late.before) == (True, 2)


async def test_a_hub_that_does_not_answer_is_waited_for_a_few_seconds(town: Town) -> None:
    town.hub.is_deaf = True
    began_s = town.clock.monotonic()
    _, shown = await drawn(town)
    assert delays.QUEUE_ANSWER_S <= town.clock.monotonic() - began_s < 2 * delays.QUEUE_ANSWER_S
    assert not shown.confirmed


async def test_paper_out_leaves_the_number_on_the_screen_and_it_holds(town: Town) -> None:
    town.ticket_fault = TicketPaperOut("the roll is empty")
    code, shown = await drawn(town)
    assert (code, shown.number, shown.printed) == ("TICKET_SHOWN", "C1-001", PrintOutcome.NOT_PRINTED)
    assert len(told(town)) == 1


class Silent(SimulatedTicketPrinter):
    """A printer that took the slip and never said what became of it."""

    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        return PrintOutcome.UNKNOWN


async def test_a_printer_that_says_nothing_is_not_asked_to_print_again_and_the_screen_says_so(town: Town) -> None:
    async with town.kiosk() as kiosk:
        silent = replace(kiosk, tickets=Silent(town.folder / "silent"))
        visit = await start(silent, ONE)
        assert (await town.go_on(silent, visit.id)).code == "TICKET_UNKNOWN"
    assert len(told(town)) == 1


async def test_the_hub_calls_by_another_number_where_two_kiosks_have_one_series(town: Town) -> None:
    town.hub.called_as = "C0-007"
    assert (await drawn(town))[1].number == "C0-007"


async def test_who_booked_reports_with_the_code_and_gets_the_hubs_number(town: Town) -> None:
    code, shown = await drawn(town, CheckIn(code=BOOKED))
    assert (code, shown.number, shown.slot) == ("CHECKED_IN", "C0-001", "09:10")
    assert len(slips(town)) == 1


@pytest.mark.parametrize(("online", "code", "ending", "undone"), [
    (True, "00000000", "NO_SUCH_CODE", 0),
    (False, BOOKED, "NOT_CHECKED_IN", 1),
])  # fmt: skip
async def test_a_report_that_the_hub_did_not_take_gives_no_number_and_is_not_sent_later(
    town: Town, online: bool, code: str, ending: str, undone: int
) -> None:
    town.online, town.hub.is_deaf = online, not online
    said, shown = await drawn(town, CheckIn(code=code))
    assert (said, shown.number, shown.follow) == (ending, "", "")
    assert slips(town) == []
    async with town.kiosk() as kiosk:
        assert await kiosk.ledger.outbox.pending() == []
    assert len(town.hub.told(CheckInOverFact)) == undone


async def test_a_hub_that_took_the_report_and_died_before_it_answered_is_told_to_undo_it(town: Town) -> None:
    """What it says when it is back changes nothing any more: the citizen was told to draw a number."""
    town.hub.is_deaf = True
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, CheckIn(code=BOOKED))
        await town.go_on(kiosk, visit.id)
        (report,) = await kiosk.ledger.outbox.asked(visit.id, "check-in")
        late = Queued(ticket=report.id, service="CT", number="C0-001", before=0, wait_s=0)
        said = encode(ReplyEnvelope(v=VERSION, id=report.id, at=town.clock.now(), body=late))
        await kiosk.ledger.outbox.hear(report.id, said, final=True)
        shown = (await view(kiosk, visit.id)).ticket
    assert shown is not None and (shown.number, shown.follow) == ("", "")
    assert town.hub.told(CheckInOverFact) == [CheckInOverFact(request=report.id)]


async def test_power_may_go_at_every_moment_of_a_report_that_nobody_answers_and_it_is_undone_once(
    tmp_path: Path,
) -> None:
    moment, cut = 0, True
    while cut:
        moment += 1
        town, visit, cut = town_in(tmp_path / str(moment)), "", False
        town.folder.mkdir()
        town.hub.is_deaf = True
        try:
            async with town.kiosk(Power(moment)) as kiosk:
                visit = (await start(kiosk, CheckIn(code=BOOKED))).id
                await town.go_on(kiosk, visit)
        except PowerCut:
            cut = True
        async with town.kiosk() as kiosk:
            await town.after_restart(kiosk)
            assert await kiosk.ledger.outbox.pending() == []
            asked = await kiosk.ledger.outbox.asked(visit, "check-in") if visit else []
        undone = [fact.request for fact in town.hub.told(CheckInOverFact)]
        assert undone == [each.id for each in asked] or (not visit and len(undone) == 1)  # the cut hid the visit's id
    assert moment > 6


async def test_power_may_go_at_every_moment_and_there_is_one_number_one_slip_one_message(tmp_path: Path) -> None:
    moment, cut = 0, True
    while cut:
        moment += 1
        town = town_in(tmp_path / str(moment))
        town.folder.mkdir()
        visit, cut = "", False
        try:
            async with town.kiosk(Power(moment)) as kiosk:
                visit = (await start(kiosk, ONE)).id
                await town.go_on(kiosk, visit)
        except PowerCut:
            cut = True
        async with town.kiosk() as kiosk:
            await town.after_restart(kiosk)
            if visit:
                shown = (await view(kiosk, visit)).ticket
                assert shown is not None
                assert (shown.number, shown.printed) == ("C1-001", PrintOutcome.PRINTED)
        given = len(told(town))
        assert given == len(slips(town)) <= 1
        assert (await drawn(town, DrawNumber(service="CT", printed=False)))[1].number == f"C1-{given + 1:03d}"
    assert moment > 8


async def test_a_number_drawn_by_a_robot_is_not_of_who_stands_at_the_screen(town: Town) -> None:
    async with town.kiosk() as kiosk:
        for here in (True, False):
            visit = await start(kiosk, DrawNumber(service="CT", here=here))
            assert is_here(await kiosk.ledger.journal.visit(visit.id)) is here
