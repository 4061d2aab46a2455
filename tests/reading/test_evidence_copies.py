"""Signs of a copy in a page's pixels: what a copier leaves is seen, what an original shows is not taken for it."""

import cv2
import numpy as np
import pytest

from agent.reading.evidence.ring import grey_rings
from agent.reading.evidence.screen import screened_seals
from agent.reading.evidence.toner import no_colour, specks
from agent.reading.seals import find_seals
from agent.reading.understand import understand
from agent.reading.values import Cue, Evidence, Line, Quality, ReadPage, Seal
from contract.grounds import Ground
from contract.messages import Severity
from models.specimens import Flaw, Specimen, make, scan

PX_PER_MM = 300 / 25.4
SEAL = Seal(box=(100.0, 200.0, 136.0, 236.0), diameter_mm=36.0)
GOOD = Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=())


def _pixels(specimen: Specimen) -> np.ndarray:
    return np.asarray(specimen.pages[0].convert("RGB"))


def _scanned(seed: int, *flaws: Flaw) -> Specimen:
    return scan(make("CONG_VAN", seed, flaws=frozenset(flaws)), seed, strength="office")


@pytest.fixture(scope="module")
def photocopy() -> Specimen:
    return _scanned(21, Flaw.GREY_SEAL)


@pytest.fixture(scope="module")
def original() -> Specimen:
    return _scanned(21)


def test_grey_seal_of_a_photocopy_is_found_where_it_is(photocopy: Specimen) -> None:
    (evidence,) = grey_rings(_pixels(photocopy), ())
    (mark,) = [mark for mark in photocopy.marks if mark.what == Flaw.GREY_SEAL]
    assert np.allclose(
        np.array(evidence.box) * PX_PER_MM, mark.box, atol=36
    )  # the mark's box is upright, the seal turned


def test_red_seal_of_an_original_is_no_grey_ring_and_no_screen_of_dots(original: Specimen) -> None:
    pixels = _pixels(original)
    assert list(grey_rings(pixels, ())) == []
    assert list(screened_seals(pixels, find_seals(pixels))) == []
    assert list(no_colour(pixels)) == []


@pytest.mark.parametrize("diameter_mm", [12, 22, 60])
def test_ring_that_is_no_agencys_seal_is_left_alone(diameter_mm: float) -> None:
    assert list(grey_rings(_with_ring(diameter_mm, (105, 130)), ())) == []


@pytest.mark.parametrize("middle_mm", [(105, 130), (203, 130)])
def test_ring_of_36_mm_is_found_whole_and_where_it_runs_off_the_page(middle_mm: tuple[float, float]) -> None:
    assert [evidence.what for evidence in grey_rings(_with_ring(36, middle_mm), ())] == [Cue.GREY_RING]


def test_regular_dots_in_a_red_seal_are_seen() -> None:
    rows, columns = np.mgrid[0:500, 0:500]
    dots = np.cos(rows * 2.2 + columns * 0.6) + np.cos(columns * 2.2 - rows * 0.6) > 0.3
    noise = np.random.default_rng(3).normal(0, 4, (500, 500, 1))
    ink = np.where(dots[..., None], (214.0, 60.0, 70.0), (250.0, 235.0, 232.0))
    soft = cv2.GaussianBlur(np.clip(ink + noise, 0, 255).astype(np.uint8), (0, 0), 0.8)
    seal = Seal(box=(0.0, 0.0, 42.0, 42.0), diameter_mm=36.0)
    assert [evidence.what for evidence in screened_seals(soft, [seal])] == [Cue.SCREENED_SEAL]


def test_toner_is_seen_on_a_photocopy_and_not_on_an_original(photocopy: Specimen, original: Specimen) -> None:
    def lines(specimen: Specimen) -> list[Line]:
        boxes = [tuple(side / PX_PER_MM for side in line.box) for line in specimen.lines[0]]
        return [Line(text="", box=(x0, y0, x1, y1), confidence=1.0, sure=False) for x0, y0, x1, y1 in boxes]

    assert [evidence.what for evidence in specks(_pixels(photocopy), lines(photocopy))] == [Cue.TONER]
    assert list(specks(_pixels(original), lines(original))) == []


def test_scan_without_colour_is_said_to_have_none(photocopy: Specimen) -> None:
    assert [evidence.what for evidence in no_colour(_pixels(photocopy))] == [Cue.NO_COLOUR]


def _finding(*seen: Evidence, seals: tuple[Seal, ...] = ()) -> list[tuple[Severity, tuple[float, ...]]]:
    page = ReadPage(number=1, lines=(), quality=GOOD, width_mm=210.0, height_mm=297.0)
    findings = understand([page], [seals], evidence=[seen]).findings
    return [(finding.severity, finding.box) for finding in findings if finding.ground == Ground.NOT_ORIGINAL]


def _seen(what: Cue, score: float = 1.0) -> Evidence:
    return Evidence(what=what, box=(10.0, 20.0, 46.0, 56.0), score=score, words=what.value)


def test_grey_seal_is_asked_about_and_pointed_at() -> None:
    assert _finding(_seen(Cue.GREY_RING)) == [(Severity.ASK, (10.0, 20.0, 46.0, 56.0))]


def test_weak_signs_alone_say_nothing_and_together_give_one_advice() -> None:
    assert _finding(_seen(Cue.NO_COLOUR)) == []
    assert _finding(_seen(Cue.TONER)) == []
    assert [severity for severity, _ in _finding(_seen(Cue.NO_COLOUR), _seen(Cue.TONER))] == [Severity.ADVISE]


def test_red_seal_outweighs_specks_and_a_round_logo() -> None:
    assert _finding(_seen(Cue.TONER), _seen(Cue.GREY_RING), seals=(SEAL,)) == []


def _with_ring(diameter_mm: float, middle_mm: tuple[float, float]) -> np.ndarray:
    page = np.full((3508, 2480, 3), 245, np.uint8)
    x, y = (round(side * PX_PER_MM) for side in middle_mm)
    cv2.circle(page, (x, y), round(diameter_mm / 2 * PX_PER_MM), (90, 90, 90), 8, cv2.LINE_AA)
    return page
