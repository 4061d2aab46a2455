"""What MediaPipe's own graph finds in drawn faces: `python -m tests.identity.ask_mediapipe` writes mediapipe.json.

Needs the package mediapipe==0.10.18 beside what is locked here: it is asked once, not shipped, so that the finder's
own detector, crops and order have a judge. Every ninth of the 468 points is kept.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from agent.identity.face.values import Picture
from tests.identity.drawn_face import draw_face

ANSWERS = Path(__file__).with_name("mediapipe.json")
EVERY = 9


def pictures() -> Mapping[str, Picture]:
    """Return the drawn pictures by name."""
    far = np.full((480, 640, 3), 150, np.uint8)
    far[160:, 10:330] = draw_face(3, side_px=320)
    turn = cv2.getRotationMatrix2D((240, 240), 20, 1.0)
    return {
        "alone": draw_face(0),
        "turned by 20 degrees": np.asarray(cv2.warpAffine(draw_face(1), turn, (480, 480)), np.uint8),
        "two": np.hstack([draw_face(0, side_px=320), draw_face(1, side_px=320)]),
        "cut close": np.ascontiguousarray(draw_face(2)[70:430, 110:370]),
        "in the corner of a wide picture": far,
        "nobody": np.full((480, 480, 3), 140, np.uint8),
    }


def main() -> None:
    """Ask MediaPipe."""
    from mediapipe.python.solutions.face_mesh import FaceMesh  # no part of the set-up

    found = {}
    for name, picture in pictures().items():
        with FaceMesh(static_image_mode=True, max_num_faces=4) as mesh:
            faces = mesh.process(picture).multi_face_landmarks or []
        size = np.array([picture.shape[1], picture.shape[0], picture.shape[1]])
        points = [np.array([(p.x, p.y, p.z) for p in face.landmark])[::EVERY] * size for face in faces]
        found[name] = [each.round(2).tolist() for each in points]
    ANSWERS.write_text(json.dumps(found, separators=(",", ":")).replace("]]],", "]]],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
