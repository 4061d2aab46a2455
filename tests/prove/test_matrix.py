"""The short form of `make prove-matrix`: each device in each mode, in steps drawn from a seed."""

import random

import pytest

from contract.messages import PrintOutcome
from tests.prove.matrix import at_screen
from tests.prove.matrix.acted import Acted
from tests.prove.matrix.at_screen import SCRIPTS
from tests.prove.matrix.cell import play
from tests.prove.matrix.promises import broken
from tests.prove.matrix.proof import result_of
from tests.prove.matrix.table import Cell
from tests.prove.matrix.trouble import ALL_DEVICES, ROWS, Mode, Moment, modes


@pytest.mark.parametrize("device", ALL_DEVICES)
def test_device_in_trouble_leaves_a_defined_screen_right_money_and_paper_and_the_next_visit_succeeds(device):
    chance, rows = random.Random(f"2026/{device}"), [row for row in ROWS if device in row.devices]
    for mode in modes(device):
        for moment in Moment:
            result = result_of((chance.choice(rows).name, device, mode, moment))
            assert not result.broken, result


def test_note_that_the_lost_machine_has_taken_is_not_passed_over_in_silence():
    result = result_of(("pay", "cash", Mode.LOST, Moment.MIDST))
    assert result.reached and not result.broken
    assert result.outcome == "NOT_PAYABLE (CASH_UNAVAILABLE): 5.000 not counted yet; 0 sheets"


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        (("number: slip", "ticket printer", Mode.JAMMED, Moment.START), "TICKET_SHOWN: 0 slips; 0 sheets"),
        (("number: slip", "kiosk", Mode.CUT, Moment.MIDST), "TICKET_PRINTED: 1 slips; 0 sheets"),
        (("check in: answer", "network", Mode.LOST, Moment.MIDST), "NOT_CHECKED_IN: 0 slips; 0 sheets"),
        (
            ("check: scan", "scanner", Mode.JAMMED, Moment.START),
            "NOT_SCANNED (SCANNER_JAMMED): 0 slips; 0 sheets; original stuck",
        ),
        (("check: answer", "hub", Mode.LOST, Moment.START), "NOT_JUDGED: 0 slips; 0 sheets"),
        (("check: ask", "kiosk", Mode.CUT, Moment.START), "CHECKED_VALID: 0 slips; 0 sheets"),
        (("dossier: receipt page", "page printer", Mode.LOST, Moment.START), "DIGITISED: 0 slips; 0 sheets"),
        (("dossier: filed", "network", Mode.LOST, Moment.START), "…DIGITISED: 1 slips; 0 sheets"),
        (("dossier: lay again", "screen", Mode.LOST, Moment.START), "SHEETS_MISSING: 0 slips; 0 sheets"),
        (("dossier: separators", "page printer", Mode.SLOW, Moment.START), "NOT_PRINTED: 0 papers"),
        (("guide: slip", "ticket printer", Mode.LOST, Moment.MIDST), "UNKNOWN: 0 papers"),
        (("feedback: send", "network", Mode.LOST, Moment.START), "SENT: 0 papers"),
        (("feedback: code", "ticket printer", Mode.SLOW, Moment.MIDST), "UNKNOWN: 1 papers"),
        (("genuine: sign", "network", Mode.LOST, Moment.START), "ANSWERED: 0 papers"),
        (("VNeID: ask", "network", Mode.CUT, Moment.MIDST), "CUT: 0 papers"),
        (("staff: test", "control board", Mode.LOST, Moment.START), "TESTED: cash and cabinet not ready: 0 papers"),
        (("staff: shut", "kiosk", Mode.CUT, Moment.MIDST), "CUT: 0 papers"),
        (("staff: count", "cash", Mode.LOST, Moment.START), "REFUSED: 0 papers"),
        (("staff: finish", "ticket printer", Mode.SLOW, Moment.MIDST), "IN_THE_BOOKS (slip UNKNOWN): 1 papers"),
    ],
)
def test_what_costs_nothing_ends_truly_too(cell: Cell, outcome: str) -> None:
    result = result_of(cell)
    assert result.reached and not result.broken, result
    assert result.outcome == outcome


def test_who_vouched_is_told_after_a_power_cut_too() -> None:
    result = result_of(("staff's word", "kiosk", Mode.CUT, Moment.START))
    assert result.reached and not result.broken
    assert result.outcome.endswith("2 sheets; STAFF by NONE")


def test_a_number_that_nobody_waits_for_and_a_slip_that_came_out_unsaid_break_the_promise():
    row = next(each for each in ROWS if each.name == "number: slip")
    played = play(row, "kiosk", Mode.CUT, Moment.START)
    assert not broken(played)
    played.asked.clear()
    played.seen.slips.clear()
    said = broken(played)
    assert any(each.startswith("0 tickets came out") for each in said) and any(
        "in the line stand []" in each for each in said
    )
    acted = Acted(
        played.place, SCRIPTS["guide"], said="NOT_PRINTED", html="<h1>", came=1, said_next="PRINTED", came_next=1
    )
    assert list(at_screen.broken(acted)) == [
        "1 papers came out, and the scene says NOT_PRINTED",
        "the scene has no way on",
    ]


def test_a_false_claim_breaks_the_promise():
    played = play(ROWS[0], "kiosk", Mode.CUT, Moment.START)
    assert not broken(played)
    played.seen.taken_vnd += 1_000
    played.seen.sheets -= 1
    assert {each.split(",")[0] for each in broken(played)} == {
        "1000 đ were taken",
        "1 sheets came out",
    }
    assert any(str(PrintOutcome.PRINTED) in each for each in broken(played))
