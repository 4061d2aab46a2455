"""What spoils a photograph: shadow, glare, a hand over the edge, a blurred and noisy picture; all drawn, no person."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from .dice import Dice, clouds, grain
from .photograph_camera import Camera, Field, Points

Pixels = NDArray[np.uint8]
_COARSE = 16
_SKINS = ((236, 190, 160), (214, 160, 124), (180, 124, 88), (128, 84, 60))


def cast_light(picture: Pixels, stream: Dice, shadow: Field | None) -> Pixels:
    """Return the picture lit by a lamp from somewhere, its level and colour as a camera sets them; `shadow` is 0…1."""
    height, width = picture.shape[:2]
    rows, columns = math.ceil(height / _COARSE), math.ceil(width / _COARSE)
    down, across = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    angle, fall, corner = stream.uniform(0, math.tau), stream.uniform(0, 0.16), stream.uniform(0, 0.08)
    level = 1 + fall * (math.cos(angle) * across + math.sin(angle) * down) - corner * (across**2 + down**2)
    if shadow is not None:
        level *= 1 - cv2.resize(shadow, (columns, rows), interpolation=cv2.INTER_AREA)
    bright = stream.uniform(0.76, 0.9)
    warm = stream.uniform(-0.05, 0.05)
    gains = np.stack([level * bright * gain for gain in (1 + warm, 1.0, 1 - warm)], axis=-1)
    light = cv2.resize((gains * 200).clip(0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(picture, light, scale=1 / 200).astype(np.uint8)


def draw_shadow(camera: Camera, spot: Points, mm: float, stream: Dice) -> Field:
    """Return a shadow 0…1 near a spot (pixels): the kiosk's head, a straight soft edge, or a hand's round one."""
    height, width = camera.height // _COARSE, camera.width // _COARSE
    x, y = (float(value) / _COARSE for value in spot)
    mask = np.zeros((height, width), np.float32)
    angle = stream.uniform(0, math.tau)
    if stream.random() < 0.5:
        far = 3 * (height + width)
        along, away = np.array((math.cos(angle), math.sin(angle))), np.array((-math.sin(angle), math.cos(angle)))
        shape = np.array([(x, y) + along * a + away * b for a, b in ((-far, 0), (far, 0), (far, far), (-far, far))])
        cv2.fillPoly(mask, [np.rint(shape).astype(np.int32)], (1.0,))
    else:
        size = (max(2, round(60 * mm / _COARSE)), max(2, round(38 * mm / _COARSE)))
        cv2.ellipse(mask, (round(x), round(y)), size, math.degrees(angle), 0, 360, (1.0,), -1)
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.8, stream.uniform(2, 12) * mm / _COARSE))
    return (stream.uniform(0.3, 0.6) * soft).astype(np.float32)


def add_glare(picture: Pixels, spots: list[Points], mm: float, stream: Dice) -> tuple[Pixels, Pixels]:
    """Return the picture with lamp spots and where they burn it out (255) or not (0)."""
    height, width = picture.shape[:2]
    rows, columns = math.ceil(height / _COARSE), math.ceil(width / _COARSE)
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32) * _COARSE
    light = np.zeros((rows, columns), np.float32)
    for spot in spots:
        broad, narrow, turn = stream.uniform(10, 22) * mm, stream.uniform(6, 12) * mm, stream.uniform(0, math.pi)
        along = (across - spot[0]) * math.cos(turn) + (down - spot[1]) * math.sin(turn)
        aside = (down - spot[1]) * math.cos(turn) - (across - spot[0]) * math.sin(turn)
        far = (along / broad) ** 2 + (aside / narrow) ** 2
        light += stream.uniform(280, 420) * np.exp(-1.5 * far**1.5) + 25 * np.exp(-far / 6)
    whole = cv2.resize(np.minimum(light, 255), (width, height), interpolation=cv2.INTER_LINEAR)
    glaring = cv2.add(picture, cv2.merge([whole] * 3), dtype=cv2.CV_8U).astype(np.uint8)
    return glaring, np.where(whole > 200, 255, 0).astype(np.uint8)


def draw_hand(picture: Pixels, edge: Points, inward: Points, mm: float, stream: Dice) -> NDArray[np.uint8]:
    """Draw one to three fingers and a palm that come in over an edge point; return where they cover, 0 or 255."""
    skin = np.array(stream.choice(_SKINS), np.float32)
    cover = np.zeros(picture.shape[:2], np.uint8)
    shade = np.zeros(picture.shape[:2], np.uint8)
    aside = np.array((-inward[1], inward[0]))
    thick = stream.uniform(13, 18) * mm
    fingers = stream.randint(1, 3)
    for number in range(fingers):
        start = edge + aside * (number - (fingers - 1) / 2) * thick * 1.15
        tip = start + inward * stream.uniform(8, 26) * mm
        knuckle = start - inward * 75 * mm
        cv2.line(cover, _spot(knuckle), _spot(tip), (255,), round(thick))
        cv2.line(shade, _spot(knuckle), _spot(tip), (255,), round(thick * 0.45))
    palm, elbow = edge - inward * 115 * mm, edge - inward * 1000 * mm
    cv2.circle(cover, _spot(palm), round(46 * mm), (255,), -1)
    cv2.circle(shade, _spot(palm), round(36 * mm), (255,), -1)
    cv2.line(cover, _spot(palm), _spot(elbow), (255,), round(64 * mm))
    cv2.line(shade, _spot(palm), _spot(elbow), (255,), round(40 * mm))
    round_off = cv2.GaussianBlur(shade, (0, 0), max(1.0, thick / 6)).astype(np.float32) / 255
    tone = skin * (0.62 + 0.38 * round_off[..., None]) + 4 * grain(stream, *picture.shape[:2])[..., None]
    cv2.copyTo(tone.clip(0, 255).astype(np.uint8), cover, picture)
    return cover


def _spot(point: Points) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def blur(picture: Pixels, *, focus_px: float, motion_px: float, stream: Dice) -> Pixels:
    """Return the picture out of focus (standard deviation) and shaken along a line."""
    soft = cv2.GaussianBlur(picture, (0, 0), focus_px)
    if motion_px >= 2:
        soft = cv2.filter2D(soft, -1, _streak(motion_px, stream.uniform(0, math.pi)))
    return soft.astype(np.uint8)


def _streak(length_px: float, angle: float) -> Field:
    half = math.ceil(length_px / 2) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.uint8)
    reach = np.array((math.cos(angle), math.sin(angle))) * length_px / 2
    cv2.line(kernel, _spot(half - reach), _spot(half + reach), (255,), 1, cv2.LINE_AA)
    return np.asarray(kernel / kernel.sum(), np.float32)


def sense(picture: Pixels, stream: Dice) -> Pixels:
    """Return what a sensor and JPEG make of the picture."""
    height, width = picture.shape[:2]
    shared = (stream.uniform(1.0, 5.0) * grain(stream, height, width, 512)).astype(np.int16)
    blotch = (3 * (clouds(stream, height, width, 24) - 0.5)).astype(np.int16)
    noise = cv2.merge([shared + blotch, np.roll(shared, 97, axis=1), np.roll(shared, 31, axis=0) - blotch])
    noisy = cv2.add(picture, noise, dtype=cv2.CV_8U)
    _, data = cv2.imencode(".jpg", noisy[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, stream.randint(72, 94)])
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB).astype(np.uint8)
