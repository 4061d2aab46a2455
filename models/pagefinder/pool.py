"""Drawn scenes on disk, filled by one process while others learn from them: ``python -m models.pagefinder.pool``.

A scene is drawn once, in some 0.3 s, and looked at many times; each is one file (`Kept`).
"""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pagefinder.scenes import Square, Studio, scene_of
from models.specimens.photograph import Photograph

_QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A photograph as JPEG bytes, points along its sides (4, n, 2), its square and layers (`scenes.Scene`)."""

    jpeg: NDArray[np.uint8]
    sides: NDArray[np.float64]
    square: Square
    layers: Square

    def pixels(self) -> NDArray[np.uint8]:
        """Return the photograph, RGB."""
        return cv2.cvtColor(cv2.imdecode(self.jpeg, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB).astype(np.uint8)


def keep(photo: Photograph, file: Path) -> None:
    """Write a photograph as a scene; a reader never sees half a file."""
    scene = scene_of(photo)
    picture = cv2.cvtColor(np.asarray(photo.picture), cv2.COLOR_RGB2BGR)
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    with file.with_suffix(".new").open("wb") as out:
        np.savez_compressed(out, jpeg=jpeg, sides=photo.sides, square=scene.square, layers=scene.layers)
    file.with_suffix(".new").replace(file)


def kept(file: Path) -> Kept:
    """Return a scene of the pool."""
    with np.load(file) as data:
        return Kept(jpeg=data["jpeg"], sides=data["sides"], square=data["square"], layers=data["layers"])


def fill(folder: Path, seed: int, count: int) -> None:
    """Draw so many scenes of this seed into a folder, those anew that it has."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    studio = Studio(seed)
    for number in range(count):
        keep(studio.photo(), folder / f"{seed}-{number:06}.npz")


class Pool:
    """The scenes of a folder, those that come later too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenes: list[Kept] = []
        self._seen: set[str] = set()

    def refresh(self) -> None:
        """Load what has come since."""
        for file in sorted(self.folder.glob("*.npz")):
            if file.name not in self._seen:
                self._seen.add(file.name)
                self.scenes.append(kept(file))

    def some(self, rng: random.Random) -> Kept:
        """Return any scene, a late one as often as an early one."""
        return rng.choice(self.scenes)


def main() -> None:
    """Draw as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    fill(chosen.out, chosen.seed, chosen.count)


if __name__ == "__main__":
    main()
