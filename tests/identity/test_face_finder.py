"""The finder against MediaPipe's own graph, which ran the same two nets on the same drawn faces (ask_mediapipe)."""

import json

import numpy as np
import pytest

from agent.identity.face.finder import FaceFinder
from tests.identity.ask_mediapipe import ANSWERS, EVERY, pictures

_FOUND = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list(_FOUND))
def test_finds_what_mediapipe_finds_within_a_thousandth_of_the_face(name: str) -> None:
    faces = FaceFinder().find(pictures()[name])
    theirs = sorted((np.array(each) for each in _FOUND[name]), key=lambda face: -np.ptp(face[:, 1]))
    assert len(faces) == len(theirs)
    for ours, their in zip(faces, theirs, strict=True):
        gaps = np.linalg.norm(ours[::EVERY] - their, axis=1) / np.ptp(their[:, 0])
        assert gaps.mean() < 0.001


def test_the_judge_saw_one_two_and_no_faces() -> None:
    assert [len(each) for each in _FOUND.values()] == [1, 1, 2, 1, 1, 0]
