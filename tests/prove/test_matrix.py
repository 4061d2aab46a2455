"""The short form of `make prove-matrix`: each device in each mode, in steps drawn from a seed."""

import random

import pytest

from contract.messages import PrintOutcome
from tests.prove.matrix.cell import play
from tests.prove.matrix.promises import broken
from tests.prove.matrix.proof import result_of
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
