"""How a simulated person moves: small sway and drift, blinks, and the turn of the head that was asked for."""

from dataclasses import dataclass

import numpy as np

from .ranges import Ranges
from .solid import Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Where the head stands, how it sways, when it blinks, and its turn (degrees, to the picture's right > 0)."""

    stand_mm: tuple[float, float, float]
    sway: tuple[tuple[float, float, float], ...]
    blinks_s: tuple[float, ...]
    turn_deg: float
    turn_from_s: float
    turn_takes_s: float

    def pose(self, seconds: float) -> Pose:
        """Return the head's pose."""
        yaw, pitch, roll, x, y, z = (
            size * np.sin(2 * np.pi * often * seconds + phase) for size, often, phase in self.sway
        )
        turned = self.turn_deg * _eased((seconds - self.turn_from_s) / self.turn_takes_s)
        return Pose(
            yaw_deg=yaw + turned,
            pitch_deg=pitch,
            roll_deg=roll + 0.05 * turned,
            shift_mm=(self.stand_mm[0] + x + 0.25 * turned, self.stand_mm[1] + y, self.stand_mm[2] + z),
        )

    def closed(self, seconds: float) -> float:
        """Return how far the lids are closed, 0..1."""
        return float(max((np.exp(-(((seconds - at) / 0.085) ** 2)) for at in self.blinks_s), default=0.0))


def movement(chance: np.random.Generator, ranges: Ranges, *, asked_at_s: float, sign: int, length_s: float) -> Movement:
    """Return a willing person's movement: it turns after a reaction time; lids blink about every three seconds."""
    sizes = (1.2, 1.0, 0.8, 2.5, 1.5, 3.0)
    blinks, at = [], float(chance.exponential(2.2))
    while at < length_s:
        blinks.append(at)
        at += 0.6 + float(chance.exponential(2.6))
    return Movement(
        stand_mm=(chance.uniform(-20, 20), chance.uniform(-15, 25), chance.uniform(*ranges.distance_mm)),
        sway=tuple(
            (size * chance.uniform(0.4, 1.3), chance.uniform(0.15, 0.5), chance.uniform(0, 6.3)) for size in sizes
        ),
        blinks_s=tuple(blinks),
        turn_deg=sign * float(chance.uniform(*ranges.turn_deg)),
        turn_from_s=asked_at_s + float(chance.uniform(*ranges.answer_s)),
        turn_takes_s=float(chance.uniform(0.5, 0.9)),
    )


def _eased(share: float) -> float:
    """Minimum jerk (Flash and Hogan, 1985)."""
    x = min(max(share, 0.0), 1.0)
    return x**3 * (10 - 15 * x + 6 * x * x)
