"""Small print with accents is sure only after a third look; large print, digits and the far end of a doubt are not."""

import numpy as np
import pytest

from agent.reading.ctc import Decoded
from agent.reading.small_print import needs_a_third_look, sharpened, stands


def _crop(height: int) -> np.ndarray:
    return np.full((height, 200), 230, np.uint8)


@pytest.mark.parametrize(
    ("height", "text", "dpi", "needed"),
    [
        (36, "TRỊNH THỊ HUỆ", 300, True),
        (36, "24/11/1993", 300, False),
        (36, "Nam", 300, False),
        (60, "TRỊNH THỊ HUỆ", 300, False),
        (60, "TRỊNH THỊ HUỆ", 200, True),
        (60, "TRỊNH THỊ HUỆ", 600, False),
    ],
)
def test_third_look_is_taken_at_accents_that_were_small_in_the_scan(
    height: int, text: str, dpi: int, needed: bool
) -> None:
    assert needs_a_third_look(_crop(height), text, dpi) is needed


def _said(text: str, confidence: float) -> Decoded:
    return Decoded(text=text, character_confidences=(confidence,) * len(text), confidence=confidence)


def test_third_look_must_say_the_same_without_doubt() -> None:
    first = _said("Huệ", 0.99)
    assert stands(first, _said("Huệ", 0.96))
    assert not stands(first, _said("Huệ", 0.9))
    assert not stands(first, _said("Huê", 0.99))


def test_sharpened_line_is_as_high_as_the_reader_takes_it() -> None:
    assert sharpened(_crop(31)).shape[0] == 40
