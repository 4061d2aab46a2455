"""The light at a simulated kiosk: its screen as an area light, four lamps around the camera, and the room's own."""

from dataclasses import dataclass

import numpy as np

from agent.identity.liveness.challenge import Challenge, Colour, Lamp

from .solid import Floats

_SCREEN_MM = np.array([[-100.0, 120, 0], [100, 120, 0], [-100, 360, 0], [100, 360, 0]])
"""Four points that stand for the display under the camera."""
_RING_MM = 170.0
LAMPS_MM = {
    Lamp.LEFT: np.array([-_RING_MM, 0, 0]),
    Lamp.RIGHT: np.array([_RING_MM, 0, 0]),
    Lamp.ABOVE: np.array([0, -_RING_MM, 0]),
    Lamp.BELOW: np.array([0, _RING_MM, 0]),
}
NEAR_MM = 500.0
"""At this distance a light of strength 1 gives irradiance 1 to what faces it."""
_EXPONENT = 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A point light in mm and its linear colour and strength."""

    at_mm: Floats
    colour: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What shines apart from the kiosk: from everywhere, and from one side (a unit vector towards the light)."""

    ambient: Floats
    side: Floats
    towards: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskLight:
    """How strong screen and lamps are and how late the screen shows what it is told."""

    screen: float
    lamp: float
    late_s: float

    def at(self, challenge: Challenge, seconds: float) -> list[Light]:
        """Return the lights that shine at a moment of the challenge."""
        step = challenge.step_at(seconds - self.late_s)
        return self.shown(step.screen, step.lamp)

    def metered(self) -> list[Light]:
        """Return the brightest light there will be, for the camera's exposure: a white screen and one lamp."""
        return self.shown((1.0, 1.0, 1.0), Lamp.ABOVE)

    def shown(self, screen: Colour, lamp: Lamp) -> list[Light]:
        """Return the lights of one step."""
        colour = np.array(screen) * self.screen / len(_SCREEN_MM)
        lights = [Light(at_mm=place, colour=colour) for place in _SCREEN_MM]
        if lamp is not Lamp.OFF:
            lights.append(Light(at_mm=LAMPS_MM[lamp], colour=np.full(3, self.lamp)))
        return lights


def shine(placed: Floats, facing: Floats, lights: list[Light], room: Room) -> tuple[Floats, Floats]:
    """Return irradiance and mirrored light (Lambert; Blinn and Phong) at points with unit normals, both (n, 3).

    Nothing casts a shadow on anything else.
    """
    up = 0.75 - 0.25 * facing[:, 1:2]
    diffuse = room.ambient * up + room.side * np.maximum(facing @ room.towards, 0)[:, None]
    eye = -placed / np.linalg.norm(placed, axis=1, keepdims=True)
    mirrored = room.side * _lobe(facing, eye + room.towards)
    for light in lights:
        away = light.at_mm - placed
        distance = np.linalg.norm(away, axis=1, keepdims=True)
        away = away / distance
        strength = light.colour * (NEAR_MM / distance) ** 2
        diffuse = diffuse + strength * np.maximum((facing * away).sum(axis=1), 0)[:, None]
        mirrored = mirrored + strength * _lobe(facing, eye + away)
    return diffuse, mirrored


def _lobe(facing: Floats, half: Floats) -> Floats:
    half = half / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9)
    return np.asarray(np.maximum((facing * half).sum(axis=1), 0)[:, None] ** _EXPONENT)
