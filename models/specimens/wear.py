"""What happens to a sheet or its scan: torn, stained, cut off, blurred."""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice, clouds
from .sheet import Sheet, clip, moved, px
from .values import Box, Flaw

LID = (236, 236, 234)


def damage(sheet: Sheet, stream: Dice) -> None:
    """Tear off a corner or spill a stain so that text is lost; lines that can't be read leave the truth."""
    if stream.random() < 0.5 and not any(mark.what == "card" for mark in sheet.marks):
        _tear(sheet, stream)
    else:
        _stain(sheet, stream)


def cut_edge(sheet: Sheet, stream: Dice) -> None:
    """Shift the paper off the glass so that a side of the text is lost."""
    width, height = sheet.image.size
    lost = px(stream.uniform(12, 26))
    if stream.random() < 0.5:
        shift, strip = -(min(line.box[0] for line in sheet.lines) + lost), (0, 0, 4, height)
    else:
        shift, strip = width - max(line.box[2] for line in sheet.lines) + lost, (width - 4, 0, width, height)
    shifted = Image.new("RGB", sheet.image.size, LID)
    shifted.paste(sheet.image, (shift, 0))
    sheet.image = shifted
    boxes = [moved(line.box, shift, 0) for line in sheet.lines]
    pairs = zip(sheet.lines, boxes, strict=True)
    sheet.lines = [replace(line, box=box) for line, box in pairs if box[0] >= 0 and box[2] <= width]
    sheet.marks = [replace(mark, box=clip(moved(mark.box, shift, 0), sheet.image.size)) for mark in sheet.marks]
    sheet.mark(Flaw.CUT_EDGE, strip)


def blur(sheet: Sheet, stream: Dice) -> None:
    """Blur the scan as by a lifted or moved paper."""
    pixels = np.asarray(sheet.image)
    if stream.random() < 0.5:
        soft = cv2.GaussianBlur(pixels, (0, 0), stream.uniform(4.5, 6.5))
    else:
        soft = cv2.filter2D(cv2.GaussianBlur(pixels, (0, 0), 2.5), -1, _streak(stream))
    sheet.image = Image.fromarray(soft.astype(np.uint8))
    sheet.mark(Flaw.BLURRED, (0, 0, *sheet.image.size))


def _tear(sheet: Sheet, stream: Dice) -> None:
    """Tear off the corner whose loss takes most lines."""
    size = sheet.image.size
    reach = px(stream.uniform(95, 125))
    corners = [(x, y) for x in (0, size[0]) for y in (0, size[1])]
    corner = max(corners, key=lambda spot: _lines_near(sheet, spot, reach))
    across, down = (1 if corner[0] == 0 else -1), (1 if corner[1] == 0 else -1)
    share = np.linspace(0, 1, 60)
    ragged = 1 + 0.05 * np.cumsum(np.array([stream.gauss(0, 0.5) for _ in share])) * np.sin(share * math.pi)
    edge_x, edge_y = corner[0] + across * reach * (1 - share) * ragged, corner[1] + down * reach * share * ragged
    outline = np.vstack([np.stack([edge_x, edge_y], axis=1), [corner]])
    gone = np.zeros((size[1], size[0]), dtype=np.uint8)
    cv2.fillPoly(gone, [np.round(outline).astype(np.int32)], (255,))
    pixels = np.array(sheet.image)
    rim = cv2.dilate(gone, np.ones((9, 9), np.uint8)) > gone
    pixels[rim] = 250
    pixels[gone > 0] = LID
    pixels[cv2.dilate(gone, np.ones((3, 3), np.uint8)) > gone] = 196
    sheet.image = Image.fromarray(pixels)
    left, top, wide, high = cv2.boundingRect(gone)
    _forget(sheet, gone[top : top + high, left : left + wide].astype(np.float32) / 255, left, top)


def _stain(sheet: Sheet, stream: Dice) -> None:
    """Spill a dark liquid over a line that matters (the longest third)."""
    small = any(mark.what == "card" for mark in sheet.marks)
    lines = sorted(sheet.lines, key=lambda line: line.box[2] - line.box[0])
    target = stream.choice(lines[-max(1, len(lines) // 3) :]).box
    radius = px(stream.uniform(7, 10) if small else stream.uniform(16, 26))
    size = 2 * radius
    rows, columns = (np.mgrid[0:size, 0:size] - radius) / radius
    shape = np.hypot(rows * 1.2, columns) + 0.45 * (clouds(stream, size, size, max(8, radius // 3)) - 0.5)
    body = np.clip((0.8 - shape) * 9, 0, 1) * 0.9
    rim = np.clip(1 - np.abs(shape - 0.78) * 22, 0, 1) * 0.5
    alpha = np.asarray(np.clip(body + rim, 0, 0.97), dtype=np.float32)
    x, y = stream.randint(target[0], target[2]) - radius, (target[1] + target[3]) // 2 - radius
    sheet.press(alpha, x, y, stream.choice(((34, 22, 12), (20, 22, 44), (52, 30, 14))))
    _forget(sheet, alpha, x, y)


def _forget(sheet: Sheet, cover: NDArray[np.float32], x: int, y: int) -> None:
    """Leave out the lines that the cover hides in part, and record the mark `damaged`."""
    whole = np.zeros((sheet.image.height, sheet.image.width), dtype=np.float32)
    box = clip((x, y, x + cover.shape[1], y + cover.shape[0]), sheet.image.size)
    whole[box[1] : box[3], box[0] : box[2]] = cover[box[1] - y : box[3] - y, box[0] - x : box[2] - x]
    sheet.lines = [line for line in sheet.lines if _hidden(whole, line.box) < 0.02]
    sheet.mark(Flaw.DAMAGED, box)


def _hidden(cover: NDArray[np.float32], box: Box) -> float:
    x0, y0, x1, y1 = box
    return float(cover[y0:y1, x0:x1].mean()) if x1 > x0 and y1 > y0 else 0.0


def _lines_near(sheet: Sheet, corner: tuple[int, int], reach: int) -> int:
    def distance(box: Box) -> int:
        return min(abs(x - corner[0]) for x in (box[0], box[2])) + min(abs(y - corner[1]) for y in (box[1], box[3]))

    return sum(distance(line.box) < reach * 0.9 for line in sheet.lines)


def _streak(stream: Dice) -> NDArray[np.float32]:
    size = 27
    kernel = np.zeros((size, size), dtype=np.uint8)
    angle, half = stream.uniform(0, math.pi), size // 2
    end = (round(half + half * math.cos(angle)), round(half + half * math.sin(angle)))
    start = (2 * half - end[0], 2 * half - end[1])
    cv2.line(kernel, start, end, (255,), 2)
    return kernel.astype(np.float32) / float(kernel.sum())
