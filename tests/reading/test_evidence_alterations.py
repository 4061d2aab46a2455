"""Places that look changed: the plain ones are found where they are, a form filled by pen is no alteration."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from agent.reading.evidence.changed import changed_places
from agent.reading.understand import understand
from agent.reading.values import Cue, Evidence, Line, Pixels, Quality, ReadPage
from contract.grounds import Ground
from contract.messages import Severity
from models.specimens import Alteration, Flaw, FlawNotApplicableError, Tampering, edit_digitally, make
from models.specimens.faces import Family, font

PX_PER_MM = 300 / 25.4
BLACK, BLUE = (28, 27, 30), (24, 42, 148)
TEXT = "Số định danh cá nhân: 001192003456"
GOOD = Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=())


def _line(
    inks: dict[int, tuple[int, int, int]] | None = None, *, text: str = TEXT, lower: dict[int, int] | None = None
) -> tuple[Pixels, Line, dict[int, tuple[float, ...]]]:
    """Return a printed line, and the box (mm) of every sign; `inks` and `lower` (px) change signs by their place."""
    face = font(Family.SERIF, False, False, 54)
    noise = np.random.default_rng(1).normal(0, 2.0, (160, 1200, 3))
    image = Image.fromarray(np.clip(250 + noise, 0, 255).astype(np.uint8))
    pen, boxes = ImageDraw.Draw(image), {}
    for place, sign in enumerate(text):
        spot = (40 + round(face.getlength(text[:place])), 100 + (lower or {}).get(place, 0))
        pen.text(spot, sign, font=face, fill=(inks or {}).get(place, BLACK), anchor="ls")
        boxes[place] = tuple(side / PX_PER_MM for side in pen.textbbox(spot, sign, font=face, anchor="ls"))
    x0, y0, x1, y1 = (40, 55, 40 + face.getlength(text), 112)
    box = (x0 / PX_PER_MM, y0 / PX_PER_MM, x1 / PX_PER_MM, y1 / PX_PER_MM)
    return np.asarray(image), Line(text=text, box=box, confidence=0.99, sure=True), boxes


def _changed(pixels: Pixels, line: Line) -> list[Evidence]:
    return list(changed_places(pixels, [line], []))


def test_evenly_printed_number_has_no_evidence() -> None:
    pixels, line, _ = _line()
    assert _changed(pixels, line) == []


def test_digit_in_another_ink_is_found_where_it_is() -> None:
    place = TEXT.index("3456")
    pixels, line, boxes = _line({place: BLUE})
    evidence = max(_changed(pixels, line), key=lambda evidence: evidence.score)
    assert evidence.box[0] < boxes[place][2] and boxes[place][0] < evidence.box[2]


def test_digit_that_stands_too_low_is_found() -> None:
    place = TEXT.index("92")
    pixels, line, _ = _line(lower={place: 7})
    assert any("lệch" in evidence.words for evidence in _changed(pixels, line))


def test_number_filled_in_by_pen_beside_print_is_no_alteration() -> None:
    text = "Số: 339 /QĐ-UBND ngày 19/02/2025"
    pixels, line, _ = _line({place: BLUE for place in (4, 5, 6)}, text=text)
    assert _changed(pixels, line) == []


def test_line_under_a_seal_is_left_out(paper) -> None:
    specimen, understanding = paper("QUYET_DINH", 1)
    assert specimen.flaws == frozenset()
    assert Ground.A22_1_ALTERED not in {finding.ground for finding in understanding.findings}


def _ruled(shade: int, left: float, right: float) -> list[Evidence]:
    """Return what is found where a rule of a shade runs below a printed number, from left to right of it (px)."""
    pixels, line, boxes = _line()
    first, last = boxes[TEXT.index("0")][0] * PX_PER_MM, boxes[len(TEXT) - 1][2] * PX_PER_MM
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).line((first - left, 110, last + right, 110), fill=(shade,) * 3, width=2)
    return [evidence for evidence in _changed(np.asarray(image), line) if "mép" in evidence.words]


def test_faint_shadow_that_ends_with_a_number_is_a_slips_edge_and_a_rule_is_not() -> None:
    assert len(_ruled(215, 7, 9)) == 1
    assert len(_ruled(215, 7, -30)) == 1, "a forger's digits may run over the slip"
    assert _ruled(215, 400, 9) == []
    assert _ruled(215, 7, 400) == []
    assert _ruled(60, 7, 9) == []


def test_shadow_of_a_slip_marks_the_number_it_lies_under() -> None:
    _, _, boxes = _line()
    (evidence,) = _ruled(215, 7, 9)
    first, last = boxes[TEXT.index("0")], boxes[len(TEXT) - 1]
    assert abs(evidence.box[0] - first[0]) < 1
    assert abs(evidence.box[2] - last[2]) < 1


def _repainted(place: int, *, noise: float) -> list[Evidence]:
    """Return what is found where the paper around one digit has another noise than the scan's 2 grey levels."""
    pixels, line, boxes = _line()
    x0, y0, x1, y1 = (round(side * PX_PER_MM) for side in boxes[place])
    part = pixels[y0 - 6 : y1 + 6, x0 - 3 : x1 + 3].copy()
    paper = part.mean(axis=2) > 200
    other = np.random.default_rng(2).normal(250, noise, part.shape) if noise else np.full(part.shape, 250)
    part[paper] = np.clip(other, 0, 255).astype(np.uint8)[paper]
    changed = pixels.copy()
    changed[y0 - 6 : y1 + 6, x0 - 3 : x1 + 3] = part
    return _changed(changed, line)


@pytest.mark.parametrize("noise", [0.0, 9.0])
def test_paper_without_noise_or_with_more_of_it_than_beside_is_found(noise: float) -> None:
    place = TEXT.index("92")
    _, _, boxes = _line()
    (evidence,) = _repainted(place, noise=noise)
    assert evidence.box[0] < boxes[place][2]
    assert boxes[place][0] < evidence.box[2]
    assert _repainted(place, noise=2.0) == []


@pytest.mark.parametrize(("score", "severity"), [(0.9, Severity.ASK), (0.6, Severity.ADVISE)])
def test_finding_points_at_the_place_and_accuses_nobody(score: float, severity: Severity) -> None:
    page = ReadPage(number=1, lines=(), quality=GOOD, width_mm=210.0, height_mm=297.0)
    seen = Evidence(what=Cue.CHANGED, box=(10.0, 20.0, 13.0, 24.0), score=score, words="mực khác màu")
    findings = understand([page], [()], evidence=[[seen]]).findings
    (finding,) = [finding for finding in findings if finding.ground == Ground.A22_1_ALTERED]
    assert (finding.severity, finding.box, finding.page) == (severity, seen.box, 1)
    assert not {"giả", "tẩy", "sửa"} & set(finding.text.lower().split())


@pytest.mark.parametrize("how", list(Alteration))
def test_every_alteration_changes_the_marked_place_and_nothing_else(how: Alteration) -> None:
    work = Tampering(how=how, fine=True)
    altered = edit_digitally(make("CONG_VAN", 5, flaws=frozenset({Flaw.ALTERED}), tampering=[work]), 5)
    honest = make("CONG_VAN", 5)
    (mark,) = [mark for mark in altered.marks if mark.what == Flaw.ALTERED]
    differs = np.any(np.asarray(altered.pages[0]) != np.asarray(honest.pages[0]), axis=2)
    x0, y0, x1, y1 = mark.box
    assert differs[y0:y1, x0:x1].any() and mark.text.startswith(str(work))
    differs[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8] = False
    assert not differs.any() or how is Alteration.DIGITAL  # saved as JPEG again


def test_alteration_of_a_paper_that_is_not_to_be_altered_changes_nothing() -> None:
    work = Tampering(how=Alteration.PEN, fine=False)
    assert make("CONG_VAN", 5, tampering=[work]).pages[0].tobytes() == make("CONG_VAN", 5).pages[0].tobytes()
    with pytest.raises(FlawNotApplicableError):
        make("CONG_VAN", 5, flaws=frozenset({Flaw.MISSING_PAGE}), tampering=[work])
