"""What hides an old digit: correction fluid, a scraped spot, a glued slip, the even ground of a picture editor."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice, clouds, grain
from .sheet import Sheet, clip
from .values import Box

_RIM_PX = 4
Floats = NDArray[np.float32]


def dab_fluid(sheet: Sheet, stream: Dice, box: Box, *, fine: bool) -> None:
    """Cover a spot with correction fluid: smooth, whiter than paper, its rim soft and, lit from a side, shaded."""
    height, width = box[3] - box[1] + 2 * _RIM_PX, box[2] - box[0] + 2 * _RIM_PX
    shape = _blob(stream, height, width)
    paper = _paper(sheet, box)
    white = np.array((252, 253, 255), dtype=np.float32)
    tone = paper + (0.45 if fine else 1.0) * (white - paper) - (1 if fine else 0)
    relief = cv2.Sobel(shape, cv2.CV_32F, 0, 1, ksize=3)[..., None] * (3 if fine else 10)
    lumps = (2 if fine else 6) * clouds(stream, height, width, 10)[..., None]
    _blend(sheet, box, shape, tone - lumps + relief + 0.6 * grain(stream, height, width)[..., None])


def scrape(sheet: Sheet, stream: Dice, box: Box, *, fine: bool) -> None:
    """Scrape a spot: torn fibres, a dull shade, and a ghost of the old ink."""
    height, width = box[3] - box[1] + 2 * _RIM_PX, box[2] - box[0] + 2 * _RIM_PX
    left, top = box[0] - _RIM_PX, box[1] - _RIM_PX
    below = np.asarray(sheet.image.crop((left, top, left + width, top + height)), dtype=np.float32)
    paper = _paper(sheet, box)
    ghost = (0.05 if fine else 0.14) * (below - paper)
    torn = cv2.GaussianBlur(grain(stream, height, width), (0, 0), 1.1) * (9 if fine else 22)
    dull = 2 if fine else 7
    _blend(sheet, box, _blob(stream, height, width), paper - dull + torn[..., None] + ghost)


def glue_slip(sheet: Sheet, stream: Dice, box: Box, *, shadow: float, fine: bool) -> None:
    """Cover a box with a rectangle of other paper whose lower and right edges throw a shadow of some grey levels."""
    height, width = box[3] - box[1], box[2] - box[0]
    off = 1.5 if fine else 6.0
    tint = _paper(sheet, box) + np.array([stream.uniform(-off, off * 0.4) for _ in range(3)], dtype=np.float32)
    slip = np.clip(tint + 1.3 * grain(stream, height, width)[..., None], 0, 255).astype(np.uint8)
    sheet.image.paste(Image.fromarray(slip), box[:2])
    if shadow:
        rim = np.zeros((height + 4, width + 4), dtype=np.float32)
        rim[height : height + 2, 2:] = rim[2:, width : width + 2] = shadow / 255
        sheet.press(cv2.GaussianBlur(rim, (0, 0), 0.8).astype(np.float32), box[0], box[1], (40, 36, 30))


def flatten(page: Image.Image, box: Box, stream: Dice) -> Image.Image:
    """Return the page with the ground inside a box painted in one colour; half of the pages are saved as JPEG again."""
    pixels = np.array(page)
    x0, y0, x1, y1 = clip(box, page.size)
    part = pixels[y0:y1, x0:x1]
    grey = part.mean(axis=2)
    ground = grey > np.percentile(grey, 80) - 28
    part[ground] = np.median(part[ground], axis=0).astype(np.uint8)
    if stream.random() < 0.5:
        return Image.fromarray(pixels)
    _, data = cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, stream.randint(85, 95)])
    return Image.fromarray(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))


def _paper(sheet: Sheet, box: Box) -> Floats:
    """Return the paper's colour around a box."""
    around = np.asarray(sheet.image.crop((box[0] - 8, box[1], box[2] + 8, box[3])), dtype=np.float32)
    return np.asarray(np.percentile(around.reshape(-1, 3), 80, axis=0), dtype=np.float32)


def _blob(stream: Dice, height: int, width: int) -> Floats:
    """Return a spot's cover 0..1: full inside, an uneven soft rim."""
    cover = np.zeros((height, width), dtype=np.float32)
    cover[_RIM_PX:-_RIM_PX, _RIM_PX:-_RIM_PX] = 1
    ragged = cv2.GaussianBlur(cover, (0, 0), 2.0) + 0.5 * (clouds(stream, height, width, 6) - 0.5)
    return np.asarray(np.clip(cv2.GaussianBlur((ragged > 0.4).astype(np.float32), (0, 0), 0.8), 0, 1))


def _blend(sheet: Sheet, box: Box, cover: Floats, colour: Floats) -> None:
    left, top = box[0] - _RIM_PX, box[1] - _RIM_PX
    taken = clip((left, top, left + cover.shape[1], top + cover.shape[0]), sheet.image.size)
    below = np.asarray(sheet.image.crop(taken), dtype=np.float32)
    part = np.s_[: taken[3] - taken[1], : taken[2] - taken[0]]
    mixed = below + cover[part][..., None] * (colour[part] - below)
    sheet.image.paste(Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8)), taken[:2])
