"""What a simulated attacker shows: a photo or a video of a simulated person, taken elsewhere with another camera."""

from dataclasses import dataclass

import numpy as np

from agent.identity.liveness.challenge import Challenge

from .camera import Camera, camera, linear
from .kiosk_light import KioskLight
from .movement import Movement
from .person import Person
from .place import Place, place
from .portrait import LANDMARKS, paint_person
from .ranges import Ranges
from .solid import HEIGHT_PX, WIDTH_PX, Field, Floats, Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A picture in linear light, 0..1, and its landmarks in its own pixels (468, 3)."""

    picture: Field
    landmarks: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A simulated person filmed by the attacker; under a challenge's lights if the film was made at a kiosk."""

    person: Person
    movement: Movement
    place: Place
    challenge: Challenge | None
    kiosk: KioskLight
    camera: Camera

    def at(self, seconds: float, chance: np.random.Generator) -> Content:
        """Return the frame of a moment."""
        lights = self.kiosk.at(self.challenge, seconds) if self.challenge else []
        pose, closed = self.movement.pose(seconds), self.movement.closed(seconds)
        picture = self.place.seen(seconds, lights)
        points = paint_person(picture, self.person, pose, closed, lights, self.place.room)
        return Content(picture=linear(self.camera.take(picture, chance)), landmarks=points)


def video(
    chance: np.random.Generator, ranges: Ranges, person: Person, movement: Movement, challenge: Challenge | None
) -> Video:
    """Return a video in another place, under that place's light or a kiosk's."""
    return Video(
        person=person, movement=movement, challenge=challenge, camera=camera(chance, ranges, 0.75),
        place=place(chance, ranges, 1.0 if challenge else 1.6),
        kiosk=KioskLight(screen=chance.uniform(*ranges.screen), lamp=chance.uniform(*ranges.lamp), late_s=0.05),
    )  # fmt: skip


def photo(chance: np.random.Generator, ranges: Ranges, person: Person) -> Content:
    """Return a frontal photograph of a person who looks into the camera."""
    where = place(chance, ranges, 1.6)
    picture = where.seen(0.0, [])
    pose = Pose(yaw_deg=chance.uniform(-4, 4), pitch_deg=chance.uniform(-4, 4), shift_mm=(0, 10, 440))
    points = paint_person(picture, person, pose, 0.0, [], where.room)
    brightest = max(float(np.percentile(picture, 97)), 0.3)
    return Content(picture=linear(camera(chance, ranges, brightest).take(picture, chance)), landmarks=points)


def flat_landmarks(content: Content, on_surface: Floats) -> Floats:
    """Return the landmarks of a shown face at its surface's points (468, 3; from `solid.project`'s camera), with the
    depth that a face mesh would still believe in: the shown face's own, at the size it appears."""
    shown, real = content.landmarks[:LANDMARKS, :2], on_surface[:, :2]
    scale = np.linalg.norm(np.ptp(real, axis=0)) / np.linalg.norm(np.ptp(shown, axis=0))
    return np.column_stack([real, content.landmarks[:, 2] * scale])


def cut_to(content: Content, *, left: int, top: int, right: int, bottom: int) -> Content:
    """Return a part of the content."""
    picture = content.picture[max(top, 0) : min(bottom, HEIGHT_PX), max(left, 0) : min(right, WIDTH_PX)]
    return Content(picture=picture, landmarks=content.landmarks - [max(left, 0), max(top, 0), 0])
