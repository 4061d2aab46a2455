"""Places that look changed: the plain ones are found where they are, a form filled by pen is no alteration."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from agent.reading.evidence.changed import changed_places
from agent.reading.evidence.slip import slip_edges
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


def test_faint_corner_below_a_word_is_a_slips_edge_and_a_rule_is_not() -> None:
    def ruled(shade: int, *, corner: bool) -> list[Evidence]:
        pixels, line, _ = _line()
        image = Image.fromarray(pixels)
        pen = ImageDraw.Draw(image)
        right = round(line.box[2] * PX_PER_MM) + 7
        pen.line((500, 122, right, 122), fill=(shade,) * 3, width=2)
        if corner:
            pen.line((right, 50, right, 122), fill=(shade,) * 3, width=2)
        return list(slip_edges(np.asarray(image), line))

    assert len(ruled(215, corner=True)) == 1
    assert ruled(215, corner=False) == []
    assert ruled(60, corner=True) == []


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
    altered = edit_digitally(make("CONG_VAN", 5, flaws=frozenset({Flaw.ALTERED}), tampering=work), 5)
    honest = make("CONG_VAN", 5)
    (mark,) = [mark for mark in altered.marks if mark.what == Flaw.ALTERED]
    differs = np.any(np.asarray(altered.pages[0]) != np.asarray(honest.pages[0]), axis=2)
    x0, y0, x1, y1 = mark.box
    assert differs[y0:y1, x0:x1].any() and mark.text.startswith(how)
    differs[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8] = False
    assert not differs.any() or how is Alteration.DIGITAL  # saved as JPEG again


def test_alteration_of_a_paper_that_is_not_to_be_altered_changes_nothing() -> None:
    work = Tampering(how=Alteration.PEN, fine=False)
    assert make("CONG_VAN", 5, tampering=work).pages[0].tobytes() == make("CONG_VAN", 5).pages[0].tobytes()
    with pytest.raises(FlawNotApplicableError):
        make("CONG_VAN", 5, flaws=frozenset({Flaw.MISSING_PAGE}), tampering=work)
