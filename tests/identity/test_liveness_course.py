"""A turning head and a turning sheet, as bare geometry: the motion cue tells one from the other."""

import random
from dataclasses import replace

import numpy as np
import pytest

from agent.identity.liveness.challenge import Challenge, Direction, Turn, draw
from agent.identity.liveness.course import course, normals
from agent.identity.liveness.motion import motion_signs
from agent.identity.liveness.take import Take
from models.persons.person import mean_face
from models.persons.portrait import landmarks
from models.persons.solid import Floats, Pose

TIMES_S = np.arange(0.05, 3.6, 0.1)


@pytest.fixture
def challenge() -> Challenge:
    return replace(draw(random.Random(5)), turn=Turn(direction=Direction.RIGHT, at_s=1.2))


def turning(points: Floats, yaw_deg: Floats) -> Floats:
    return np.array([landmarks(Pose(yaw_deg=yaw, shift_mm=(0, 0, 480)).place(points)) for yaw in yaw_deg])


def late_turn(size_deg: float, begins_s: float = 1.8) -> Floats:
    return np.clip((TIMES_S - begins_s) / 0.6, 0, 1) * size_deg


def take_of(challenge: Challenge, points: Floats) -> Take:
    empty = np.zeros((len(TIMES_S), 36, 32, 3), np.uint8)
    return Take(challenge=challenge, frames=empty, times_s=TIMES_S, landmarks=points)


@pytest.mark.parametrize("size_deg", [-30.0, -15.0, 15.0, 30.0])
def test_yaw_is_measured_in_degrees_with_its_side(challenge: Challenge, size_deg: float) -> None:
    seen = course(take_of(challenge, turning(mean_face()[0], late_turn(size_deg))))
    assert seen.yaw_deg[:10] == pytest.approx(0, abs=0.5)
    assert seen.yaw_deg[-1] == pytest.approx(size_deg, rel=0.25)  # perspective adds to an affine view's turn


def test_head_is_better_explained_as_a_solid_and_a_sheet_as_a_plane(challenge: Challenge) -> None:
    head = mean_face()[0]
    sheet = head * [1, 1, 0]
    as_head, as_sheet = turning(head, late_turn(25.0)), turning(sheet, late_turn(25.0))
    as_sheet[:, :, 2] = as_head[0, :, 2]  # a face mesh still believes in depth
    solid = motion_signs(take_of(challenge, as_head), course(take_of(challenge, as_head))).solid
    flat = motion_signs(take_of(challenge, as_sheet), course(take_of(challenge, as_sheet))).solid
    assert solid > 1.0
    assert flat < -1.0


def test_larger_turns_show_more_of_the_solid(challenge: Challenge) -> None:
    rests = [
        course(take_of(challenge, turning(mean_face()[0], late_turn(size)))).plane_rest[-1] for size in (5, 15, 30)
    ]
    assert rests[0] < rests[1] < rests[2]


@pytest.mark.parametrize(("size_deg", "turned"), [(25.0, True), (-25.0, False), (0.0, False)])
def test_turn_must_go_where_it_was_asked_for(challenge: Challenge, size_deg: float, turned: bool) -> None:
    take = take_of(challenge, turning(mean_face()[0], late_turn(size_deg)))
    signs = motion_signs(take, course(take))
    assert (signs.turned > 15) is turned
    assert (0.5 < signs.answer_s < 1.0) is turned
    assert signs.early < 1


def test_turn_before_it_was_asked_for_is_told(challenge: Challenge) -> None:
    take = take_of(challenge, turning(mean_face()[0], late_turn(25.0, begins_s=0.3)))
    assert motion_signs(take, course(take)).early > 15


def test_normals_point_to_the_camera_and_outwards() -> None:
    face = mean_face()[0]
    facing = normals(face)
    assert np.linalg.norm(facing, axis=1) == pytest.approx(1)
    assert facing[151] @ [0, 0, -1] > 0.8  # forehead
    assert facing[50, 0] < -0.2 < 0.2 < facing[280, 0]  # cheeks
