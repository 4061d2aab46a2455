"""The portrait printed on a card that is held before the camera: found as a face, cut out with its surroundings."""

import numpy as np

from agent.identity.face.finder import FaceFinder
from agent.identity.face.values import Picture

MARGIN = 0.6
"""So much of the face's size is left around it on each side."""


def portrait_on(still: Picture) -> Picture | None:
    """Return the cut of the smallest face in the picture, None where there is none.

    A hand that holds up a card often has its owner behind it: of two faces the smaller one is the card's.
    """
    faces = FaceFinder(lenient=True).find(still)
    if not faces:
        return None
    low, high = faces[-1][:, :2].min(axis=0), faces[-1][:, :2].max(axis=0)
    around = MARGIN * (high - low).max()
    height, width = still.shape[:2]
    left, top = np.clip(low - around, 0, None).astype(int)
    right, bottom = np.minimum(np.ceil(high + around).astype(int), (width, height))
    return np.ascontiguousarray(still[top:bottom, left:right])
