"""The QR codes on a page (ISO/IEC 18004)."""

import cv2
import zxingcpp

from agent.reading.values import MM_PER_PX, Code, Pixels

_LONGEST = 2000


def find_codes(pixels: Pixels) -> tuple[Code, ...]:
    """Return the QR codes of a page at 300 dpi that can be decoded, as text of at most 2000 characters.

    A code corrects its own errors: what it says was read right, but nothing proves who printed it.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = zxingcpp.read_barcodes(grey, formats=kinds, try_rotate=False, try_downscale=False, try_invert=False)
    return tuple(Code(text=code.text[:_LONGEST], box=_box(code.position)) for code in found)


def _box(corners: zxingcpp.Position) -> tuple[float, float, float, float]:
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    xs, ys = [point.x * MM_PER_PX for point in points], [point.y * MM_PER_PX for point in points]
    return min(xs), min(ys), max(xs), max(ys)
