"""Separator sheets in a stack: our own printed code, as large as none on a paper (contract.digital)."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from agent.journeys.stack import Run
from agent.reading.codes import find_codes
from agent.reading.values import Code
from contract.digital import LEAST_SEPARATOR_MM, separated


def runs(sheets: Sequence[bytes], procedure: str, *, first: int) -> tuple[Run, ...]:
    """Return the sheets, numbered from `first`, in runs between this procedure's separators.

    A separator turned upside down or put in crookedly is one all the same. What can't be opened as a picture is left
    to the reading desk, which says what is wrong with it.
    """
    found: list[tuple[str | None, list[int]]] = [(None, [])]
    for number, sheet in enumerate(sheets, start=first):
        component = _component(sheet, procedure)
        if component is None:
            found[-1][1].append(number)
        else:
            found.append((component, []))
    return tuple(Run(component=component, sheets=tuple(numbers)) for component, numbers in found if numbers)


def _component(sheet: bytes, procedure: str) -> str | None:
    try:
        with Image.open(BytesIO(sheet)) as image:
            codes = find_codes(np.asarray(image.convert("RGB")))
    except UnidentifiedImageError:
        return None
    named = [separated(code.text, procedure) for code in codes if _side_mm(code) >= LEAST_SEPARATOR_MM]
    return next((each for each in named if each is not None), None)


def _side_mm(code: Code) -> float:
    x0, y0, x1, y1 = code.box
    return min(x1 - x0, y1 - y0)
