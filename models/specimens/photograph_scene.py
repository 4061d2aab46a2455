"""From a paper to a photograph of it: camera aimed, papers laid, hand, light, blur and sensor, each noted as truth."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice
from .photograph_camera import Camera, Field, Points, aimed, moved_by
from .photograph_ground import PX_PER_MM, TILE_PX, Ground, draw_ground
from .photograph_sheets import Bulge, bulging, corners_mm, lay, sides_mm, size_mm, some_paper
from .photograph_values import Outline, PhotoFlaw
from .photograph_wear import add_glare, blur, cast_light, draw_hand, draw_shadow, sense

Pixels = NDArray[np.uint8]

_SHAPES = (0.75, 0.75, 2 / 3, 0.5625)
_LARGEST_HAND = 0.012  # px a mm, of the picture's long side: a hand over a card is not larger than the picture


class Scene:
    """A paper before a camera. Every random thing is drawn from `stream`, in the order of the methods' calls."""

    def __init__(
        self, paper: Image.Image, stream: Dice, flaws: frozenset[PhotoFlaw], long_side_px: int, fill: float
    ) -> None:
        self.paper, self.stream, self.flaws = paper, stream, flaws
        self.size_mm = size_mm(paper)
        self.strength: dict[PhotoFlaw, float] = {}
        self.covers: dict[PhotoFlaw, Pixels] = {}
        self.others: list[Points] = []
        self.turned_deg = 90 * stream.randrange(4) + stream.uniform(-15, 15)
        self.tilt_deg = stream.uniform(0, 25) if stream.random() < 0.7 else stream.uniform(0, 6)
        self.camera = self._aim(long_side_px, fill)
        self.outline = self.camera.project(corners_mm(self.size_mm))
        self.sides = self.outline[:, None]
        around = np.linalg.norm(np.diff(self.outline[[0, 1, 2, 3, 0]], axis=0), axis=1).sum()
        self.px_per_mm = float(around) / (2 * sum(self.size_mm))

    def picture(self, ground: Ground) -> Pixels:
        """Return the photograph; what was done to it stands in `strength`, `covers` and `others`."""
        picture = self._laid(ground)
        inside = _filled(self.outline, picture.shape[:2])
        if PhotoFlaw.CUT_OFF in self.flaws:
            self.strength[PhotoFlaw.CUT_OFF] = 1 - float((inside > 0).sum()) / _area(self.outline)
        if PhotoFlaw.HAND in self.flaws:
            self._hold(picture, inside)
        return sense(self._blurred(self._lit(picture, inside)), self.stream)

    def _aim(self, long_side: int, fill: float) -> Camera:
        stream = self.stream
        short_side = round(long_side * stream.choice(_SHAPES))
        upright = (abs(self.turned_deg % 180 - 90) > 45) == (self.size_mm[1] >= self.size_mm[0])
        if stream.random() < 0.2:
            upright = not upright
        width, height = (short_side, long_side) if upright else (long_side, short_side)
        bend = stream.uniform(-0.02, 0.02) if PhotoFlaw.LENS in self.flaws else 0.0
        self.strength |= {PhotoFlaw.LENS: bend} if bend else {}
        focal = long_side * stream.uniform(0.7, 1.2)
        still = Camera(width=width, height=height, focal_px=focal, bend=bend, turn=np.eye(3), shift=np.zeros(3))
        corners, towards = corners_mm(self.size_mm), stream.uniform(0, 360)
        centred = aimed(
            still, corners, turned_deg=self.turned_deg, tilt_deg=self.tilt_deg, tilt_towards_deg=towards, fill=fill
        )
        return self._off_centre(centred, corners)

    def _off_centre(self, camera: Camera, corners: Points) -> Camera:
        """Return the camera with the paper off the middle, all of it inside unless it shall be cut off."""
        points, size = camera.project(corners), np.array([camera.width, camera.height])
        room = np.maximum(np.minimum(points.min(axis=0), size - points.max(axis=0)) - 0.015 * size, 0)
        offset = room * np.array([self.stream.uniform(-1, 1), self.stream.uniform(-1, 1)])
        if PhotoFlaw.CUT_OFF not in self.flaws:
            return moved_by(camera, offset)
        corner = points[self.stream.randrange(4)]
        outside = np.where(corner > size / 2, size - corner, -corner)
        side = int(np.argmin(np.abs(outside) / size))
        beyond = np.zeros(2)
        beyond[side] = outside[side] + np.sign(outside[side]) * self.stream.uniform(0.02, 0.05) * size[side]
        return moved_by(camera, beyond)

    def _laid(self, ground: Ground) -> Pixels:
        """Return the papers on their ground, evenly lit."""
        flat_x, flat_y = self.camera.sight(lambda x, _y: np.zeros_like(x))
        picture = _spread(draw_ground(ground, self.stream), flat_x, flat_y)
        if PhotoFlaw.TWO_PAPERS in self.flaws:
            self._lay_other(picture, flat_x, flat_y)
        height = self._height()
        along = sides_mm(self.size_mm, height)
        self.sides = self.camera.project(along.reshape(-1, 3)).reshape(*along.shape[:2], 2)
        x, y = (flat_x, flat_y) if height is None else self.camera.sight(height)
        lay(picture, self.paper, self.px_per_mm, x, y, self.stream)
        return picture

    def _lay_other(self, picture: Pixels, x: Field, y: Field) -> None:
        """Lay a second, smaller or equal paper beside the first, in part outside the picture or under the first."""
        other = some_paper(self.size_mm, self.stream)
        size = size_mm(other)
        turn = np.deg2rad(self.stream.uniform(-25, 25))
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        side = self.stream.randrange(4)
        across = (1, 0, -1, 0)[side] * (self.size_mm[0] + size[0]) * self.stream.uniform(0.44, 0.62)
        down = (0, 1, 0, -1)[side] * (self.size_mm[1] + size[1]) * self.stream.uniform(0.44, 0.62)
        dx, dy = x - np.float32(across), y - np.float32(down)
        lay(picture, other, self.px_per_mm, cos * dx + sin * dy, cos * dy - sin * dx, self.stream)
        corners = corners_mm(size) @ np.array([(cos, sin), (-sin, cos)]) + np.array([across, down])
        self.others.append(self.camera.project(corners))
        seen = (_filled(self.others[-1], picture.shape[:2]) > 0) & (_filled(self.outline, picture.shape[:2]) == 0)
        self.strength[PhotoFlaw.TWO_PAPERS] = float(seen.sum()) / max(1.0, _area(self.others[-1]))

    def _height(self) -> Bulge | None:
        """Return how high the paper stands above the table, or None where it lies flat."""
        curl = self.stream.uniform(0.015, 0.04) * self.size_mm[0] if PhotoFlaw.CURL in self.flaws else 0.0
        lift = self.stream.uniform(0.04, 0.1) * min(self.size_mm) if PhotoFlaw.CURLED_CORNER in self.flaws else 0.0
        self.strength |= {PhotoFlaw.CURL: curl} if curl else {}
        self.strength |= {PhotoFlaw.CURLED_CORNER: lift} if lift else {}
        return bulging(self.size_mm, curl, lift, self.stream) if curl or lift else None

    def _hold(self, picture: Pixels, inside: Pixels) -> None:
        """Draw a hand that comes in over a side of the paper."""
        side = self.stream.randrange(4)
        start, end = self.outline[side], self.outline[(side + 1) % 4]
        edge = start + (end - start) * self.stream.uniform(0.15, 0.85)
        turn = np.deg2rad(self.stream.uniform(-25, 25))
        inward = np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))]) @ (
            self.outline.mean(axis=0) - (start + end) / 2
        )
        hand_px_per_mm = min(self.px_per_mm, _LARGEST_HAND * max(picture.shape))
        cover = draw_hand(picture, edge, inward / np.linalg.norm(inward), hand_px_per_mm, self.stream)
        self.covers[PhotoFlaw.HAND] = cover
        self.strength[PhotoFlaw.HAND] = float(cv2.bitwise_and(cover, inside).sum()) / float(inside.sum())

    def _lit(self, picture: Pixels, inside: Pixels) -> Pixels:
        shadow = None
        if PhotoFlaw.SHADOW in self.flaws:
            shadow = draw_shadow(self.camera, self._spot(), self.px_per_mm, self.stream)
            small = cv2.resize(inside, shadow.shape[::-1], interpolation=cv2.INTER_AREA)
            self.strength[PhotoFlaw.SHADOW] = float(shadow[small > 0].max(initial=0))
        lit = cast_light(picture, self.stream, shadow)
        if PhotoFlaw.GLARE not in self.flaws:
            return lit
        spots = [self._spot() for _ in range(self.stream.randint(1, 3))]
        lit, burnt = add_glare(lit, spots, self.px_per_mm * min(1.0, max(self.size_mm) / 200), self.stream)
        self.covers[PhotoFlaw.GLARE] = burnt
        self.strength[PhotoFlaw.GLARE] = float(burnt[inside > 0].mean()) / 255
        return lit

    def _blurred(self, picture: Pixels) -> Pixels:
        focus, motion = self.stream.uniform(0.5, 1.1), 0.0
        if PhotoFlaw.BLUR in self.flaws:
            focus = max(2.2, 0.28 * self.px_per_mm) * self.stream.uniform(1, 2)
            self.strength[PhotoFlaw.BLUR] = focus / self.px_per_mm
        if PhotoFlaw.MOTION in self.flaws:
            motion = max(8.0, 1.0 * self.px_per_mm) * self.stream.uniform(1, 2)
            self.strength[PhotoFlaw.MOTION] = motion / self.px_per_mm
        return blur(picture, focus_px=focus, motion_px=motion, stream=self.stream)

    def _spot(self) -> Points:
        """Return a point on the paper, in pixels."""
        at = np.array(self.size_mm) / 2 * np.array([self.stream.uniform(-0.8, 0.8), self.stream.uniform(-0.8, 0.8)])
        return np.asarray(self.camera.project(at[None])[0])


def as_outline(points: Points) -> Outline:
    """Return four points as plain numbers."""
    one, two, three, four = ((float(x), float(y)) for x, y in points)
    return one, two, three, four


def _spread(tile: Pixels, x: Field, y: Field) -> Pixels:
    """Return the ground as the camera sees it, its tile continued by mirrors."""
    across, down = (field * np.float32(PX_PER_MM) + np.float32(TILE_PX / 2) for field in (x, y))
    return cv2.remap(tile, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(np.uint8)


def _filled(outline: Points, shape: tuple[int, ...]) -> Pixels:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(outline).astype(np.int32), (255,))
    return mask


def _area(outline: Points) -> float:
    return float(cv2.contourArea(outline.astype(np.float32)))
