"""The comparison of faces, on faces that are drawn: what is taken, what is refused, and that nothing stays."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from agent.identity.face import quality
from agent.identity.face.alignment import FIVE, REFERENCE_CROPS, Crop, chip
from agent.identity.face.finder import FaceFinder
from agent.identity.face.thresholds import load
from agent.identity.face.values import FaceProblem, FaceRefused, Picture, Reference, Verdict
from agent.identity.face.verifier import FaceVerifier, portrait_face
from models.face.printed import print_portrait
from tests.identity.drawn_face import draw_face

EMPTY = np.full((480, 480, 3), 140, np.uint8)


@pytest.fixture(scope="module")
def nets() -> Iterator[FaceVerifier]:
    with FaceVerifier() as verifier:
        yield verifier


@pytest.fixture
def verifier(nets: FaceVerifier) -> FaceVerifier:
    nets.forget()
    return nets


def _distance(verifier: FaceVerifier, frame: Picture) -> float:
    verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
    assert verifier.look(frame).problem is None
    return verifier.compare().distance


def test_the_same_face_smaller_and_darker_lies_nearer_than_another_one(verifier: FaceVerifier) -> None:
    again = _distance(verifier, draw_face(0, height=0.45, light=0.8))
    others = [_distance(verifier, draw_face(person)) for person in (1, 2, 4)]
    assert again < 0.75 * min(others)


def test_the_same_face_is_a_match(verifier: FaceVerifier) -> None:
    verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
    verifier.look(draw_face(0, height=0.5))
    opinion = verifier.compare()
    assert opinion.verdict is Verdict.MATCH
    assert (opinion.reference, opinion.frames) == (Reference.CHIP_PORTRAIT, 1)


def test_a_printed_portrait_of_the_same_face_lies_nearer_than_that_of_another_one(verifier: FaceVerifier) -> None:
    apart = {}
    for person in (0, 1):
        verifier.take_portrait(print_portrait(draw_face(person), seed=5), Reference.PRINTED_PORTRAIT)
        verifier.look(draw_face(0))
        apart[person] = verifier.compare().distance
    assert apart[0] < apart[1]


def test_several_frames_count_by_their_quality(verifier: FaceVerifier) -> None:
    verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
    for height in (0.4, 0.5, 0.6):
        assert verifier.look(draw_face(0, height=height)).problem is None
    assert verifier.compare().frames == 3


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (EMPTY, FaceProblem.NO_FACE),
        (np.hstack([draw_face(0, side_px=320), draw_face(1, side_px=320)]), FaceProblem.SEVERAL_FACES),
        (cv2.resize(draw_face(0), (120, 120), interpolation=cv2.INTER_AREA), FaceProblem.TOO_SMALL),
        (draw_face(0, light=0.15), FaceProblem.TOO_DARK),
        (cv2.GaussianBlur(draw_face(0), (0, 0), 10), FaceProblem.BLURRED),
    ],
    ids=["none", "two", "far", "dark", "blurred"],
)
def test_a_frame_that_can_not_be_used_says_why_and_does_not_count(
    verifier: FaceVerifier, frame: Picture, problem: FaceProblem
) -> None:
    verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
    assert verifier.look(frame).problem is problem
    with pytest.raises(ValueError, match="look"):
        verifier.compare()


def test_a_bystander_far_behind_is_not_a_second_face(verifier: FaceVerifier) -> None:
    frame = np.hstack([draw_face(0), cv2.resize(draw_face(1), (160, 480))])
    frame[:, 480:] = 150
    frame[160:320, 480:] = draw_face(1, side_px=160, height=0.6)
    assert verifier.look(frame).problem is None


def test_dark_glasses_and_a_mask_are_named() -> None:
    bare = draw_face(0)
    face = FaceFinder().find(bare)[0]
    eyes = face[[33, 133, 362, 263], :2].mean(axis=0)
    glasses, mask = bare.copy(), bare.copy()
    x, y = (round(float(part)) for part in eyes)
    glasses[y - 22 : y + 22, x - 80 : x + 80] = (12, 12, 14)
    mask[round(face[2, 1]) : round(face[152, 1]), round(face[234, 0]) : round(face[454, 0])] = (70, 130, 215)
    assert quality.problem_of(quality.measure(bare, face), quality.LIVE) is None
    assert quality.problem_of(quality.measure(glasses, face), quality.LIVE) is FaceProblem.EYES_COVERED
    assert quality.problem_of(quality.measure(mask, face), quality.LIVE) is FaceProblem.MOUTH_COVERED


def test_a_head_turned_away_is_named() -> None:
    face = FaceFinder().find(draw_face(0))[0]
    turn = np.radians(40)
    x, z = face[:, 0] - face[:, 0].mean(), face[:, 2]
    across, deep = x * np.cos(turn) - z * np.sin(turn), x * np.sin(turn) + z * np.cos(turn)
    turned = np.column_stack([across + 240, face[:, 1], deep])
    measured = quality.measure(draw_face(0), turned.astype(np.float32))
    assert abs(measured.yaw_deg) == pytest.approx(40, abs=4)
    assert quality.problem_of(measured, quality.LIVE) is FaceProblem.TURNED_AWAY


def test_a_portrait_without_a_face_is_refused_and_the_earlier_one_stays(verifier: FaceVerifier) -> None:
    verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
    for reference in Reference:
        with pytest.raises(FaceRefused) as refused:
            verifier.take_portrait(EMPTY, reference)
        assert refused.value.problem is FaceProblem.NO_FACE
    verifier.look(draw_face(0))
    assert verifier.compare().reference is Reference.CHIP_PORTRAIT


def test_forgetting_overwrites_every_embedding() -> None:
    with FaceVerifier() as verifier:
        verifier.take_portrait(draw_face(0), Reference.CHIP_PORTRAIT)
        verifier.look(draw_face(0))
        assert verifier._reference is not None
        held = [verifier._reference[1], verifier._frames[0][1]]
        assert all(np.abs(embedding).max() > 0.01 for embedding in held)
    assert all(not embedding.any() for embedding in held)
    with pytest.raises(ValueError, match="take_portrait"):
        verifier.compare()


def test_landmarks_of_a_restored_portrait_lie_where_they_lie_in_the_portrait() -> None:
    portrait = draw_face(0, side_px=600)
    seen = FaceFinder().find(portrait)[0]
    restored = portrait_face(FaceFinder(lenient=True), portrait, Reference.PRINTED_PORTRAIT)
    assert np.linalg.norm((restored - seen)[list(FIVE), :2], axis=1).max() < 12


def test_a_chip_has_the_eyes_and_the_nose_where_the_network_expects_them() -> None:
    face = FaceFinder().find(draw_face(0))[0]
    marked = np.zeros((480, 480, 3), np.uint8)
    for at in FIVE:
        cv2.circle(marked, tuple(np.int32(face[at, :2]).tolist()), 5, (255, 255, 255), -1)
    cut = chip(marked, face, Crop(points=FIVE))
    assert cut.shape == (150, 150, 3)
    for x, y in FIVE.values():
        assert cut[round(y) - 5 : round(y) + 6, round(x) - 5 : round(x) + 6].max() > 100
    assert len({chip(draw_face(0), face, crop).tobytes() for crop in REFERENCE_CROPS}) == len(REFERENCE_CROPS)


def test_thresholds_part_three_verdicts_and_are_none_of_the_customary_ones() -> None:
    for reference, thresholds in load().items():
        assert reference in Reference
        assert 0 < thresholds.match_below < thresholds.no_match_above < 2
        assert thresholds.match_below < 0.6
        assert thresholds.verdict(thresholds.match_below - 1e-6) is Verdict.MATCH
        assert thresholds.verdict(thresholds.match_below) is Verdict.UNSURE
        assert thresholds.verdict(thresholds.no_match_above + 1e-6) is Verdict.NO_MATCH
        assert thresholds.impostors > 0 < thresholds.genuines
        assert thresholds.fmr <= thresholds.fmr_most
    assert set(load()) == set(Reference)


def test_every_problem_speaks_vietnamese_and_english() -> None:
    assert all(problem.vi and problem.en and problem.vi != problem.en for problem in FaceProblem)
