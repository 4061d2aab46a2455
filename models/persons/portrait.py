"""Draw a simulated person under lights, in linear light, with the true places of the landmarks."""

import cv2
import numpy as np

from .head import body, head, lenses
from .kiosk_light import Light, Room, shine
from .person import Person
from .solid import FOCAL_PX, HEIGHT_PX, WIDTH_PX, Field, Floats, Pose, Solid, draw, normals, project, sample

LANDMARKS = 468


def paint_person(picture: Field, person: Person, pose: Pose, closed: float, lights: list[Light], room: Room) -> Floats:
    """Draw a person into `picture` and return the landmarks (468, 3) in pixels, z about the face's middle."""
    standing = Pose(shift_mm=pose.shift_mm)
    paint_solid(picture, body(person), standing, person.texture, lights, room)
    placed = paint_solid(picture, head(person, closed), pose, person.texture, lights, room)
    if person.glasses:
        _reflect(picture, pose.place(lenses(person).reshape(-1, 3)).reshape(2, -1, 3), lights)
    return landmarks(placed[:LANDMARKS])


def paint_solid(picture: Field, solid: Solid, pose: Pose, texture: Field, lights: list[Light], room: Room) -> Floats:
    """Draw a solid into `picture` and return its placed points."""
    placed = pose.place(solid.points)
    facing = normals(solid) @ pose.turn().T
    diffuse, mirrored = shine(placed, facing, lights, room)
    drawn = draw(placed, solid.triangles, np.column_stack([solid.uv, diffuse, mirrored * solid.gloss[:, None]]))
    reflectance = sample(texture, drawn.attributes[:, 0], drawn.attributes[:, 1])
    picture[drawn.rows, drawn.columns] = reflectance * drawn.attributes[:, 2:5] + drawn.attributes[:, 5:8]
    return placed


def landmarks(placed: Floats) -> Floats:
    """Return points before the camera as a face mesh gives them: x, y in pixels, z in the same scale."""
    middle = placed[:, 2].mean()
    return np.column_stack([project(placed), (placed[:, 2] - middle) * FOCAL_PX / middle])


def _reflect(picture: Field, outlines: Floats, lights: list[Light]) -> None:
    """Add what coated lenses mirror of the lights: a soft spot, a tenth of the light."""
    total = np.sum([light.colour for light in lights], axis=0)
    for outline in outlines:
        flat = project(outline)
        mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        cv2.fillPoly(mask, [np.round(flat).astype(np.int32)], (1.0,))
        middle = flat.mean(axis=0) + np.array([0, 3])
        spot = np.zeros_like(mask)
        cv2.ellipse(spot, np.round(middle).astype(int).tolist(), (6, 4), 0, 0, 360, (1.0,), -1)
        picture += (0.01 * mask + 0.12 * mask * cv2.GaussianBlur(spot, (0, 0), 2.0))[..., None] * total.astype(
            np.float32
        )
