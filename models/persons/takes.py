"""Simulated takes: a live person, or an attack, before a simulated kiosk during a challenge."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agent.identity.liveness.challenge import LENGTH_S, Challenge, Direction
from agent.identity.liveness.take import Take

from .attacks import Attack, Instrument, instrument
from .camera import Frame, camera
from .head import body
from .kiosk_light import KioskLight, Light, Room
from .movement import movement
from .person import Person, person
from .place import Place, place
from .portrait import paint_person, paint_solid
from .ranges import Ranges, chance
from .sheets import paint_instrument
from .solid import Field, Floats, Pose

FRAMES_PER_S = 10.0
_MESH_BIAS_MM, _MESH_NOISE_PX = 1.5, 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedTake:
    """A take with its true landmarks, and who or what it shows: `attack` is None for a live person."""

    take: Take
    person: Person
    attack: Attack | None


_Paint = Callable[[Field, float, list[Light]], Floats]


def live(seed: int, ranges: Ranges, challenge: Challenge) -> SimulatedTake:
    """Return a willing person's take."""
    dice = chance(ranges, "live", seed)
    who = person(dice, ranges)
    sign = 1 if challenge.turn.direction is Direction.RIGHT else -1
    moves = movement(dice, ranges, asked_at_s=challenge.turn.at_s, sign=sign, length_s=LENGTH_S)
    where = place(dice, ranges)

    def paint(picture: Field, seconds: float, lights: list[Light]) -> Floats:
        return paint_person(picture, who, moves.pose(seconds), moves.closed(seconds), lights, where.room)

    return SimulatedTake(take=_filmed(dice, ranges, challenge, where, paint), person=who, attack=None)


def photographed(seed: int, ranges: Ranges) -> Frame:
    """Return a frontal photograph, as for a card, of the person whom `live` shows under the same seed."""
    who = person(chance(ranges, "live", seed), ranges)
    dice = chance(ranges, "photographed", seed)
    where = place(dice, ranges, 1.6)
    picture = where.seen(0.0, [])
    paint_person(picture, who, Pose(shift_mm=(0, 10, 440)), 0.0, [], where.room)
    brightest = max(float(np.percentile(picture, 97)), 0.3)
    return camera(dice, ranges, brightest).take(picture, dice)


def attacked(kind: Attack, seed: int, ranges: Ranges, challenge: Challenge) -> SimulatedTake:
    """Return an attack's take; `person` is the attacker who stands behind it."""
    dice = chance(ranges, kind, seed)
    item = instrument(kind, dice, ranges, challenge)
    where = place(dice, ranges)

    def paint(picture: Field, seconds: float, lights: list[Light]) -> Floats:
        lights = lights + item.own_lights(challenge, seconds)
        _paint_attacker(picture, item, seconds, lights, where.room)
        return paint_instrument(picture, item, seconds, lights, where.room)

    return SimulatedTake(take=_filmed(dice, ranges, challenge, where, paint), person=item.attacker, attack=kind)


def as_mesh_sees(seed: int, true: Floats) -> Floats:
    """Return landmarks with errors that stand for a mesh net's: each point's own, kept, and some in every frame."""
    dice = np.random.default_rng(seed)
    width_px = float(np.ptp(true[0, :, 0]))
    own = dice.normal(size=true.shape[1:]) * _MESH_BIAS_MM * width_px / 140
    return np.asarray(true + own + dice.normal(size=true.shape) * _MESH_NOISE_PX)


def _paint_attacker(picture: Field, item: Instrument, seconds: float, lights: list[Light], room: Room) -> None:
    pose = item.pose(seconds)
    if item.kind is Attack.CUT_OUT:
        paint_person(picture, item.attacker, pose, item.held.closed(seconds), lights, room)
    elif item.kind is not Attack.CLOSE_UP:
        x, y, z = item.held.stand_mm
        behind = Pose(shift_mm=(x, y, z + 200))
        paint_solid(picture, body(item.attacker), behind, item.attacker.texture, lights, room)


def _filmed(dice: np.random.Generator, ranges: Ranges, challenge: Challenge, where: Place, paint: _Paint) -> Take:
    kiosk = KioskLight(
        screen=dice.uniform(*ranges.screen), lamp=dice.uniform(*ranges.lamp), late_s=dice.uniform(*ranges.late_s)
    )
    taking = camera(dice, ranges, _brightest(where, kiosk, paint))
    times_s = np.arange(0.05, LENGTH_S, 1 / FRAMES_PER_S)
    times_s = times_s + dice.uniform(-0.01, 0.01, len(times_s))
    frames, points = [], []
    for seconds in times_s.tolist():
        lights = kiosk.at(challenge, seconds)
        picture = where.seen(seconds, lights)
        points.append(paint(picture, seconds, lights))
        frames.append(taking.take(picture, dice))
    return Take(challenge=challenge, frames=np.stack(frames), times_s=times_s, landmarks=np.stack(points))


def _brightest(where: Place, kiosk: KioskLight, paint: _Paint) -> float:
    """Return what the camera meters: the face under a white screen and a lamp."""
    picture = where.seen(0.0, kiosk.metered())
    points = paint(picture, 0.0, kiosk.metered())
    low, high = points[:, :2].min(axis=0).astype(int), points[:, :2].max(axis=0).astype(int)
    face = picture[max(low[1], 0) : high[1], max(low[0], 0) : high[0]]
    return max(float(np.percentile(face, 95)), 0.05)
