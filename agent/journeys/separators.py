"""Separator sheets in a stack: our own printed code, as large as none on a paper (contract.digital).

A sheet that was printed on one side has an empty back, which a scanner of both sides gives as a picture of its own.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

from agent.journeys.stack import Run
from agent.reading.codes import find_codes
from agent.reading.values import Code, Pixels
from contract.digital import LEAST_SEPARATOR_MM, separated

_SHRUNK: Final = 4
"""Looked at in 75 dpi: the code's squares are 2 mm wide, and a worn scanner's noise is averaged away."""
_DARK, _MOST_DARK = 60, 0.0005
"""So much darker than the paper is ink, not the front that shines through; so little of it is dust."""
_EDGE: Final = 20
"""A twentieth of the sheet at each edge, where a scanner casts shadows, is not looked at."""


def runs(sheets: Sequence[bytes], procedure: str, *, first: int) -> tuple[Run, ...]:
    """Return the sheets, numbered from `first`, in runs between this procedure's separators.

    A separator turned upside down or put in crookedly is one all the same; an empty side right behind it is its back.
    What can't be opened as a picture is left to the reading desk, which says what is wrong with it.
    """
    found: list[tuple[str | None, list[int]]] = [(None, [])]
    is_behind = False
    for number, sheet in enumerate(sheets, start=first):
        pixels = _pixels(sheet)
        component = None if pixels is None else _component(pixels, procedure)
        if component is not None:
            found.append((component, []))
        elif not (is_behind and pixels is not None and _is_empty(pixels)):
            found[-1][1].append(number)
        is_behind = component is not None
    return tuple(Run(component=component, sheets=tuple(numbers)) for component, numbers in found if numbers)


def _pixels(sheet: bytes) -> Pixels | None:
    """Return the picture, shrunk; None for what is none."""
    try:
        with Image.open(BytesIO(sheet)) as image:
            return np.asarray(image.convert("RGB").reduce(_SHRUNK))
    except UnidentifiedImageError:
        return None


def _component(pixels: Pixels, procedure: str) -> str | None:
    large = (code for code in find_codes(pixels) if _side_mm(code) >= LEAST_SEPARATOR_MM)
    named = (separated(code.text, procedure) for code in large)
    return next((each for each in named if each is not None), None)


def _is_empty(pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    y, x = height // _EDGE, width // _EDGE
    grey = pixels[y : height - y, x : width - x].mean(axis=2)
    return bool((grey < np.median(grey) - _DARK).mean() < _MOST_DARK)


def _side_mm(code: Code) -> float:
    """Return how large a code is; its box counts the shrunk picture's pixels as if there were 300 to the inch."""
    x0, y0, x1, y1 = code.box
    return min(x1 - x0, y1 - y0) * _SHRUNK
