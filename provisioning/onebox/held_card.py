"""A card's code as a camera sees it when the card is held up: somewhat turned, on grey."""

import io

import segno
from PIL import Image

WIDTH_PX, HEIGHT_PX = 1280, 720
_PLACE = (300, 80)
_TURNED_DEG = 8


def held_up(text: str) -> Image.Image:
    """Return the picture."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=5, border=4)
    code = Image.open(out).convert("RGB").rotate(_TURNED_DEG, expand=True, fillcolor=(250, 250, 250))
    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (128, 132, 130))
    picture.paste(code, _PLACE)
    return picture
