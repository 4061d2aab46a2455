"""What stands on papers and is no text line: seals, signatures, codes, portraits, tinted grounds, ornaments."""

import random

import cv2
import numpy as np
from PIL import Image

from models.linefinder.canvas import Grey
from models.specimens.emblem import emblem
from models.specimens.ornament import border, guilloche, portrait
from models.specimens.pen import sign, write_digits
from models.specimens.seal import SealDesign, press_seal
from models.specimens.sheet import Sheet

__all__ = ["Marks"]

_SCALE = 200 / 300
_AGENCIES = (
    "ỦY BAN NHÂN DÂN XÃ ĐÔNG LẬP",
    "SỞ TƯ PHÁP",
    "CÔNG AN TỈNH",
    "TRƯỜNG ĐẠI HỌC BÁCH NGHỆ",
    "PHÒNG CÔNG CHỨNG SỐ 2",
)
_PLACES = ("TỈNH SÔNG LAM", "THÀNH PHỐ HẢI ĐÔNG", "T. BẮC HÀ", "")


class Marks:
    """A stock of marks drawn once at 200 dpi, grey on white; each use turns and tones it anew."""

    def __init__(self, rng: random.Random, each: int = 16) -> None:
        self._seals = [_seal(rng) for _ in range(each)]
        self._signatures = [_signature(rng) for _ in range(2 * each)]
        self._digits = [_digits(rng) for _ in range(2 * each)]
        self._grounds = [_ground(rng) for _ in range(3)]
        self._borders = [_border(rng) for _ in range(4)]
        self._emblem = _grey((255 - emblem(350) * 200).astype(np.uint8))
        self._portrait = _portrait()

    def seal(self, rng: random.Random) -> Grey:
        """A round seal, red (mid grey) or copied (dark), worn in places."""
        return _toned(rng, _turned(rng.choice(self._seals), rng.uniform(-25, 25)), 0.5, 1.9)

    def signature(self, rng: random.Random) -> Grey:
        """Pen strokes that are no text."""
        return _toned(rng, _turned(rng.choice(self._signatures), rng.uniform(-20, 20)), 0.7, 1.2)

    def digits(self, rng: random.Random) -> Grey:
        """A number filled in by pen, cut to its ink."""
        return rng.choice(self._digits)

    def emblem(self, rng: random.Random, side: int) -> Grey:
        """The stand-in emblem."""
        return _toned(rng, _sized(self._emblem, side, side), 0.6, 1.2)

    def ground(self, rng: random.Random) -> Grey:
        """A page-high tint of fine waves."""
        return _toned(rng, rng.choice(self._grounds), 0.3, 1.0)

    def border(self, rng: random.Random) -> Grey:
        """A page-high frame of loops, which are as regular as letters."""
        return _toned(rng, rng.choice(self._borders), 0.5, 1.4)

    def portrait(self, rng: random.Random, width: int, height: int) -> Grey:
        """A silhouette with blotches, as a photograph is to a finder."""
        blotches = cv2.resize(_noise(rng, 12, 9), (width, height), interpolation=cv2.INTER_CUBIC)
        return np.clip(_sized(self._portrait, width, height) * 0.7 + blotches * 0.3, 0, 255).astype(np.uint8)

    def code(self, rng: random.Random, side: int) -> Grey:
        """Black and white cells like a QR code."""
        cells = np.where(_noise(rng, 33, 33) > 127, 255, 0).astype(np.uint8)
        return cv2.resize(cells, (side, side), interpolation=cv2.INTER_NEAREST).astype(np.uint8)


def _white(width: int, height: int) -> Sheet:
    return Sheet(Image.new("RGB", (width, height), (255, 255, 255)))


def _grey(levels: Grey) -> Grey:
    return cv2.resize(levels, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _scan(sheet: Sheet) -> Grey:
    return _grey(np.asarray(sheet.image.convert("L"), np.uint8))


def _seal(rng: random.Random) -> Grey:
    sheet = _white(560, 560)
    design = SealDesign(upper=rng.choice(_AGENCIES), lower=rng.choice(_PLACES), diameter_mm=rng.uniform(30, 42))
    press_seal(sheet, rng, design, 280 / 300 * 25.4, 280 / 300 * 25.4)
    return _scan(sheet)


def _signature(rng: random.Random) -> Grey:
    sheet = _white(900, 500)
    width = rng.uniform(22, 52)
    sign(sheet, rng, 8, 22, width, nib=rng.uniform(0.35, 0.7))
    return _scan(sheet)


def _digits(rng: random.Random) -> Grey:
    sheet = _white(400, 160)
    write_digits(sheet, rng, 3, 9, str(rng.randint(1, 2600)), rng.uniform(3.2, 5))
    levels = _scan(sheet)
    rows, columns = np.nonzero(levels < 200)
    return levels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _ground(rng: random.Random) -> Grey:
    sheet = _white(2480, 3508)
    guilloche(sheet, rng, (150, 110, 110), strength=rng.uniform(0.3, 0.6), pitch_mm=rng.uniform(1.3, 2.4))
    return _scan(sheet)


def _border(rng: random.Random) -> Grey:
    sheet = _white(2480, 3508)
    border(sheet, rng.uniform(5, 16), rng.choice(((120, 30, 30), (40, 90, 60), (60, 60, 60))), band=rng.uniform(4, 10))
    return _scan(sheet)


def _portrait() -> Grey:
    sheet = _white(360, 480)
    portrait(sheet, 0, 0, 30.4, 40.6)
    return _scan(sheet)


def _turned(levels: Grey, degrees: float) -> Grey:
    height, width = levels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(levels, turn, (width, height), borderValue=(255,)).astype(np.uint8)


def _toned(rng: random.Random, levels: Grey, least: float, most: float) -> Grey:
    strength = np.float32(rng.uniform(least, most))
    return np.clip(255 - (255 - levels.astype(np.float32)) * strength, 0, 255).astype(np.uint8)


def _sized(levels: Grey, width: int, height: int) -> Grey:
    return cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _noise(rng: random.Random, rows: int, columns: int) -> Grey:
    return np.frombuffer(rng.randbytes(rows * columns), np.uint8).reshape(rows, columns)
