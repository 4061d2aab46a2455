"""Print so small that an accent is a pixel or two: sure is only what a third, sharpened look says as well.

On card print a reader errs the same way twice (`á` as `ả`, a dot below lost) and is certain each time; sharpened, most
of these lose their certainty, and hardly any line that was read right does.
"""

import re
import unicodedata

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.ctc import Decoded
from agent.reading.line_view import fit_height
from agent.reading.values import DPI

SMALLEST_PLAIN_PX = 43
"""From this height on (some 1.3 em, in pixels of the scan itself: 8 pt at 300 dpi) a cut line needs no third look."""

_SURE_ABOVE = 0.95
_TONED = re.compile("[\u0300\u0301\u0303\u0309\u0323]")

Grey = NDArray[np.uint8]


def needs_a_third_look(crop: Grey, text: str, source_dpi: int) -> bool:
    """Return whether a line cut at 300 dpi was so small in the scan, and has tones that may have been misread."""
    height = crop.shape[0] * min(1.0, source_dpi / DPI)
    return height < SMALLEST_PLAIN_PX and _TONED.search(unicodedata.normalize("NFD", text)) is not None


def sharpened(crop: Grey) -> Grey:
    """Return a line as the reader takes it, its edges raised."""
    line = fit_height(crop)
    return cv2.addWeighted(line, 1.8, cv2.GaussianBlur(line, (0, 0), 1.5), -0.8, 0).astype(np.uint8)


def stands(first: Decoded, third: Decoded) -> bool:
    """Return whether a third look leaves no doubt about the first."""
    return third.text == first.text and third.confidence >= _SURE_ABOVE
