"""Simulated presentation attacks: a sheet that shows somebody, and how it is lit, held and moved.

A print reflects the kiosk's light as a plane (or a cylinder) does; a screen adds its own light, hardly reflects and has
a bezel; both carry a grid (halftone, pixels) that the camera's own grid samples. The attackers are willing: they turn
the sheet, or play a film of the right turn, when the kiosk asks for it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from agent.identity.liveness.challenge import Challenge, Direction, Lamp, draw

from .content import Content, Video, cut_to, photo, video
from .kiosk_light import Light
from .movement import Movement, movement
from .person import Person, person
from .ranges import Ranges
from .solid import Pose


class Attack(StrEnum):
    """A kind of presentation attack instrument (ISO/IEC 30107-3: PAI species)."""

    PRINT = "print"
    CUT_OUT = "cut-out print"
    CURVED = "curved print"
    PHONE = "phone"
    TABLET = "tablet"
    REPLAY = "replay of a challenge"
    CLOSE_UP = "frame-filling close-up"
    PROJECTED = "projected light"


SCREENS = frozenset({Attack.PHONE, Attack.TABLET, Attack.REPLAY, Attack.CLOSE_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What is held before the camera: its size, bend (radius, 0 for flat), grid and where it is held."""

    kind: Attack
    show: Callable[[float], Content]
    width_mm: float
    bend_mm: float
    frame_mm: float
    frame_tone: float
    peak: float
    gloss: float
    grid: float
    pitch_mm: float
    band: float
    held: Movement
    attacker: Person
    late_s: float
    own_light: float

    def pose(self, seconds: float) -> Pose:
        """Return where the instrument is."""
        return self.held.pose(seconds)

    def own_lights(self, challenge: Challenge, seconds: float) -> list[Light]:
        """Return the lamps of an attacker who imitates what the kiosk shows, late."""
        if self.kind is not Attack.PROJECTED:
            return []
        step = challenge.step_at(seconds - self.late_s)
        colour = np.array(step.screen) * self.own_light
        sides = {Lamp.LEFT: -1, Lamp.RIGHT: 1}
        shift = 350.0 * sides.get(step.lamp, 0)
        lamp = self.own_light * (step.lamp is not Lamp.OFF)
        return [Light(at_mm=np.array([shift, -150.0, 50.0]), colour=colour * 0.7 + lamp * 0.5)]


def instrument(kind: Attack, chance: np.random.Generator, ranges: Ranges, challenge: Challenge) -> Instrument:
    """Return an attack of a kind upon a challenge; draws the victim, the attacker and how it is done."""
    victim, attacker = person(chance, ranges), person(chance, ranges)
    sign = 1 if challenge.turn.direction is Direction.RIGHT else -1
    turning = movement(chance, ranges, asked_at_s=challenge.turn.at_s, sign=sign, length_s=4)
    height_mm, width_mm, distance_mm = {
        Attack.PHONE: (150.0, 70.0, chance.uniform(210, 270)),
        Attack.TABLET: (260.0, 190.0, chance.uniform(380, 460)),
        Attack.REPLAY: (260.0, 190.0, chance.uniform(380, 460)),
        Attack.CLOSE_UP: (460.0, 420.0, chance.uniform(390, 430)),
    }.get(kind, (297.0, 205.0 * chance.uniform(0.9, 1.1), chance.uniform(380, 480)))
    shown = _film(kind, victim, turning, chance, ranges) if kind in SCREENS else _still(victim, chance, ranges)
    first = shown(0.0)
    window = _window(first, width_mm / height_mm, tight=kind is Attack.PHONE, whole=kind is Attack.CLOSE_UP)
    return Instrument(
        kind=kind,
        show=lambda seconds: cut_to(shown(seconds), **window),
        width_mm=140.0 * (window["right"] - window["left"]) / _cheeks_px(first) if kind is Attack.CUT_OUT else width_mm,
        bend_mm=float(chance.uniform(*ranges.curve_mm)) if kind in (Attack.CURVED, Attack.CUT_OUT) else 0.0,
        frame_mm=float(chance.uniform(3, 14)) if kind in SCREENS else float(chance.choice([0.0, 5.0])),
        frame_tone=float(chance.choice([0.02, 0.7])) if kind in SCREENS else 0.8,
        peak=float(chance.uniform(0.6, 1.3)) if kind in SCREENS else 0.0,
        gloss=float(chance.uniform(*(ranges.glass_gloss if kind in SCREENS else ranges.paper_gloss))),
        grid=float(chance.uniform(*ranges.grid)),
        pitch_mm=float(chance.uniform(0.15, 0.3) if kind in SCREENS else chance.uniform(0.17, 0.42)),
        band=float(chance.uniform(0, 0.03)) if kind in SCREENS else 0.0,
        held=_held(kind, turning, distance_mm, chance, ranges),
        attacker=attacker,
        late_s=float(chance.uniform(*ranges.attacker_late_s)),
        own_light=float(chance.uniform(*ranges.attacker_light)),
    )


def _still(victim: Person, chance: np.random.Generator, ranges: Ranges) -> Callable[[float], Content]:
    picture = photo(chance, ranges, victim)
    return lambda _: picture


def _film(
    kind: Attack, victim: Person, turning: Movement, chance: np.random.Generator, ranges: Ranges
) -> Callable[[float], Content]:
    seed = int(chance.integers(2**63))
    recorded = draw(random.Random(seed)) if kind is Attack.REPLAY else None  # noqa: S311 - to be repeated
    moves = turning
    if recorded:
        sign = 1 if recorded.turn.direction is Direction.RIGHT else -1
        moves = movement(chance, ranges, asked_at_s=recorded.turn.at_s, sign=sign, length_s=4)
    film: Video = video(chance, ranges, victim, moves, recorded)
    return lambda seconds: film.at(seconds, chance)


def _held(kind: Attack, turning: Movement, distance_mm: float, chance: np.random.Generator, ranges: Ranges) -> Movement:
    if kind is Attack.CUT_OUT:
        return turning
    size = chance.uniform(*ranges.hand_mm)
    sizes = (0.5 * size, 0.4 * size, 0.3 * size, size, size, size)
    sway = tuple((each * chance.uniform(0.4, 1.2), chance.uniform(0.2, 0.9), chance.uniform(0, 6.3)) for each in sizes)
    return Movement(
        stand_mm=(chance.uniform(-10, 10), chance.uniform(-10, 10), distance_mm),
        sway=sway,
        blinks_s=(),
        turn_deg=0.0 if kind in SCREENS else turning.turn_deg,
        turn_from_s=turning.turn_from_s,
        turn_takes_s=turning.turn_takes_s,
    )


def _cheeks_px(content: Content) -> float:
    return float(np.linalg.norm(content.landmarks[234, :2] - content.landmarks[454, :2]))


def _window(content: Content, ratio: float, *, tight: bool, whole: bool) -> dict[str, int]:
    """Return the part of the content that the sheet shows: about the face, as wide as `ratio` times its height."""
    height_px, width_px = content.picture.shape[:2]
    if whole:
        return {"left": 0, "top": 0, "right": width_px, "bottom": height_px}
    half = _cheeks_px(content) * (0.68 if tight else 0.85)
    x, y = content.landmarks[:, :2].mean(axis=0)
    reach = min(half / ratio, y, height_px - y)
    return {
        "left": max(int(x - half), 0),
        "top": int(y - reach),
        "right": min(int(x + half), width_px),
        "bottom": int(y + reach),
    }
