"""A photograph of a printed copy, read and compared; runs in the confined process and knows one copy's table only."""

from collections.abc import Sequence

import cv2
import msgspec
import numpy as np
from msgspec import Struct

from agent.reading import opened
from agent.reading.errors import ReadingError
from agent.reading.load import is_pdf, sheets
from agent.reading.page import find_page
from agent.reading.values import MM_PER_PX, Pixels
from contract.messages import Box
from hub.fingerprint import Marker, Table
from hub.verify.paper_match import Compared, Comparison, ReadLine, compare

SHOWN_WIDTH_PX = 1000
_JPEG_QUALITY = 75
_RED, _AMBER, _WHITE = (0x9B, 0x1C, 0x1C), (0xC0, 0x80, 0x00), (0xFF, 0xFF, 0xFF)
_MARGIN_MM = 1.0

UNREADABLE = Compared(outcome=Comparison.TOO_POOR, page=0, agreeing=0, words=0, differing=())


class PhotoAnswer(Struct, frozen=True, kw_only=True):
    """What a photograph came to, and the paper in it as found (JPEG) with a numbered box at each place that differs."""

    compared: Compared
    picture: bytes


def answer(parts: Sequence[bytes]) -> bytes:
    """Return the PhotoAnswer (MessagePack) on photograph, packed table and seal text."""
    photo, packed, seal_text = parts
    return msgspec.msgpack.encode(compared(photo, Table.unpack(packed), Marker(seal_text.decode())))


def compared(photo: bytes, table: Table, marker: Marker) -> PhotoAnswer:
    """Return what a photograph's page comes to; one that can't be read is TOO_POOR."""
    if is_pdf(photo):
        return PhotoAnswer(compared=UNREADABLE, picture=b"")
    try:
        sheet = next(iter(sheets(photo)))
        page = find_page(sheet.pixels, None)  # what cameras write as resolution is not to be believed
        del sheet
        reading = opened.page_reader().read(page, 1)
    except ReadingError:
        return PhotoAnswer(compared=UNREADABLE, picture=b"")
    lines = [ReadLine(text=each.text, box=each.box, sure=each.sure) for each in reading.read.lines]
    found = compare(lines, table, marker)
    return PhotoAnswer(compared=found, picture=_drawn(reading.page.pixels, found))


def _drawn(pixels: Pixels, found: Compared) -> bytes:
    scale = SHOWN_WIDTH_PX / pixels.shape[1]
    shown = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for box in found.unclear:
        x0, y0, x1, y1 = _around(box, scale)
        cv2.rectangle(shown, (x0, y0), (x1, y1), _AMBER, 2)
    for number, box in enumerate(found.differing, 1):
        x0, y0, x1, y1 = _around(box, scale)
        cv2.rectangle(shown, (x0, y0), (x1, y1), _RED, 3)
        cv2.circle(shown, (x0, y0), 15, _RED, -1)
        place = (x0 - 6 * len(str(number)), y0 + 6)
        cv2.putText(shown, str(number), place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, _WHITE, 2, cv2.LINE_AA)
    bgr = np.ascontiguousarray(shown[:, :, ::-1])
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return jpeg.tobytes() if done else b""


def _around(box: Box, scale: float) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = box
    grown = (x0 - _MARGIN_MM, y0 - _MARGIN_MM, x1 + _MARGIN_MM, y1 + _MARGIN_MM)
    left, top, right, bottom = (round(side / MM_PER_PX * scale) for side in grown)
    return left, top, right, bottom
