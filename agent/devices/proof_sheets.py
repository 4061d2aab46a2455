"""The sheets that printers prove themselves with: a frame, grey steps, fine lines, and the time."""

from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from contract.clock import vietnam_text

_A4_150_DPI = (1240, 1754)
_SLIP_203_DPI = (576, 420)
_STEPS = 8


def a4_pdf(now: datetime) -> bytes:
    """Return one A4 page."""
    return _saved(_drawn(_A4_150_DPI, "L", now), "PDF", resolution=150.0)


def slip_png(now: datetime) -> bytes:
    """Return a slip 576 dots wide."""
    return _saved(_drawn(_SLIP_203_DPI, "1", now), "PNG")


def _drawn(size: tuple[int, int], mode: str, now: datetime) -> Image.Image:
    picture = Image.new("L", size, 255)
    draw, (wide, high), step = ImageDraw.Draw(picture), size, size[0] // (_STEPS + 2)
    draw.rectangle((step // 4, step // 4, wide - step // 4, high - step // 4), outline=0, width=3)
    draw.text((step, step), "Tram: test print", fill=0, font=ImageFont.load_default(step * 0.7))
    draw.text((step, 2 * step), vietnam_text(now), fill=0, font=ImageFont.load_default(step * 0.45))
    for number in range(_STEPS):
        left = step * (number + 1)
        draw.rectangle((left, 3 * step, left + step, 4 * step), fill=number * 255 // (_STEPS - 1))
        for line in range(number + 1):
            at = left + line * (number + 2)
            draw.line((at, 4.3 * step, at, 5.3 * step), fill=0)
    return picture.convert(mode)


def _saved(picture: Image.Image, kind: str, **options: float) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
