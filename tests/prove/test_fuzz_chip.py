"""The short form of `make prove-chip`."""

import random

from tests.prove.fuzz_chip import run

SEED = 20_261_128
ANSWERS = 200


def test_spoilt_answers_end_in_a_named_error_or_a_verdict() -> None:
    tally = run(random.Random(SEED), ANSWERS)
    assert tally.answers >= ANSWERS
    assert tally.files == 4 * ANSWERS
    assert {"CHIP_ANSWER_BROKEN", "CHIP_CHANNEL_BROKEN", "CHIP_REFUSED"} <= tally.ends.keys()
