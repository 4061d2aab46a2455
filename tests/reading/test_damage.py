"""Content that is lost: spots and torn corners are seen in the pixels, lost values in what was read."""

from dataclasses import replace

import numpy as np
import pytest

from agent.reading.evidence.loss import lost_places
from agent.reading.page import find_page
from agent.reading.understand import understand
from agent.reading.values import Cue, Evidence, Line, ReadPage
from contract.grounds import Ground
from contract.messages import Severity
from models.specimens import Flaw, Specimen, make, scan
from tests.reading.read_pages import page_of, specimen_read


def _lost(kind: str, seed: int, *flaws: Flaw) -> tuple[Specimen, list[Evidence]]:
    specimen = scan(make(kind, seed, flaws=frozenset(flaws)), seed, strength="office")
    return specimen, lost_places(find_page(np.asarray(specimen.pages[0].convert("RGB")), 300).pixels)


@pytest.mark.parametrize(("kind", "seed", "what"), [("QUYET_DINH", 500, Cue.TORN), ("CONG_VAN", 501, Cue.SPOT)])
def test_torn_corner_and_spot_are_found_where_they_are(kind: str, seed: int, what: Cue) -> None:
    specimen, (lost,) = _lost(kind, seed, Flaw.DAMAGED)
    (mark,) = [mark for mark in specimen.marks if mark.what == Flaw.DAMAGED]
    assert lost.what is what
    assert all(abs(side - place / 300 * 25.4) < 12 for side, place in zip(lost.box, mark.box, strict=True))


@pytest.mark.parametrize(("kind", "seed"), [("CCCD_CHIP", 500), ("KHAI_SINH", 500), ("HO_CHIEU", 700)])
def test_portraits_codes_seals_and_dark_covers_are_no_loss(kind: str, seed: int) -> None:
    assert _lost(kind, seed)[1] == []


@pytest.mark.parametrize("level", [0, 40, 128, 255])
def test_even_page_of_any_tone_has_no_loss(level: int) -> None:
    assert lost_places(np.full((1200, 800, 3), level, dtype=np.uint8)) == []


def test_tiny_picture_has_no_loss() -> None:
    assert lost_places(np.full((64, 64, 3), 250, dtype=np.uint8)) == []


def _advice(pages: list[ReadPage]) -> list[Severity]:
    findings = understand(pages, [()] * len(pages)).findings
    return [finding.severity for finding in findings if finding.ground == Ground.A22_2_DAMAGED]


def test_birth_certificate_without_its_upper_part_has_lost_values() -> None:
    (page,) = specimen_read("KHAI_SINH")[1]
    torn = tuple(line for line in page.lines if "Số:" not in line.text and "Họ, chữ đệm, tên:" not in line.text)
    assert _advice([page]) == []
    assert _advice([_with(page, torn)]) == [Severity.ADVISE]


def test_lost_page_is_not_called_damage_too() -> None:
    pages = list(specimen_read("GCN_QSDD")[1])
    assert _advice(pages[1:]) == []


def test_scrap_of_which_little_is_known_is_not_judged_by_what_is_missing() -> None:
    assert _advice([page_of("GIẤY KHAI SINH", "Giới tính: Nam")]) == []


def _with(page: ReadPage, lines: tuple[Line, ...]) -> ReadPage:
    return replace(page, lines=lines)


@pytest.mark.parametrize(
    ("box", "severity"), [((60.0, 25.0, 80.0, 45.0), Severity.ASK), ((150.0, 200.0, 170.0, 220.0), Severity.ADVISE)]
)
def test_spot_beside_print_is_asked_about_and_one_on_bare_paper_only_told(
    box: tuple[float, float, float, float], severity: Severity
) -> None:
    page = page_of("QUYẾT ĐỊNH", "Điều 1. Công bố thủ tục hành chính", "Nơi nhận:")
    spot = Evidence(what=Cue.SPOT, box=box, score=0.9, words="vết che kín chữ")
    findings = understand([page], [()], evidence=[[spot]]).findings
    (finding,) = [finding for finding in findings if finding.text == "Trang 1: vết che kín chữ."]
    assert (finding.severity, finding.box, finding.ground) == (severity, box, Ground.A22_2_DAMAGED)
