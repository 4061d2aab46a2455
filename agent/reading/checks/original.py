"""Signs that a paper is itself a copy (NĐ 23/2015 Art. 2(6)): its words, an earlier attestation, seal, toner."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.reading.checks.case import Case, at_line, shows_its_end
from agent.reading.folding import folded, in_capitals
from agent.reading.values import Cue
from contract.grounds import Ground
from contract.messages import Box, ReadFinding, Severity

_MARKS = re.compile(
    r"ban sao|\(?ban sao\)?|sao y( ban chinh)?|sao luc|trich sao|trich luc(?! khai tu$)( [a-z]+){0,4}( ban sao)?"
    r"|giay [a-z ]{3,30} ban sao|sao y .{0,90}\d{4}.*"
)
"""An extract is a copy out of a register, but for a death, of which it is the first issue (TT 04/2020/TT-BTP)."""

_ATTESTATION = re.compile(
    r"chung thuc ban sao dung voi ban chinh|quyen so .{0,20}sct|^so chung thuc\b|chung thuc sao y"
)


_WEIGHTS = {Cue.GREY_RING: 0.9, Cue.SCREENED_SEAL: 0.85, Cue.TONER: 0.4, Cue.NO_COLOUR: 0.3}
_NO_RED_SEAL = 0.5
_BESIDE_A_RED_SEAL = 0.5  # dirty glass strews specks on an original as well
_WORTH_SAYING = 0.5
_WORTH_ASKING = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """One thing that speaks for a copy: how much (0..1), in words, and where."""

    weight: float
    words: str
    page: int
    box: Box


def words_of_a_copy(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for each line that calls the paper a copy, and for an earlier certifying statement."""
    for page in case.pages:
        for line in page.lines:
            words = folded(line.text)
            if (in_capitals(line.text) and _MARKS.fullmatch(words)) or _ATTESTATION.search(words):
                yield at_line(Ground.NOT_ORIGINAL, Severity.ASK, f"Thấy dòng “{line.text}”.", page, line)


def looks_copied(case: Case) -> Iterator[ReadFinding]:
    """Yield one finding where what is seen speaks for a copy: a grey or printed seal, toner, no colour, no red seal.

    Each sign has its weight; the box is that of the strongest. A photocopy and a scan without colour look alike.
    """
    signs = sorted(_signs(case), key=lambda sign: -sign.weight)
    doubt = 1 - math.prod(1 - sign.weight for sign in signs)
    if doubt >= _WORTH_SAYING:
        severity = Severity.ASK if doubt >= _WORTH_ASKING else Severity.ADVISE
        seen = list(dict.fromkeys(sign.words for sign in signs))
        text = f"Thấy {'; '.join(seen)}. Có thể đây là bản sao, hoặc ảnh được quét không màu."
        ground = Ground.NOT_ORIGINAL.value
        yield ReadFinding(ground=ground, severity=severity, text=text, page=signs[0].page, box=signs[0].box)


def _signs(case: Case) -> Iterator[_Sign]:
    for page, seals, seen in zip(case.pages, case.seals, case.evidence, strict=False):
        for evidence in seen:
            weight = _WEIGHTS.get(evidence.what, 0.0) * evidence.score
            if evidence.what is Cue.TONER and seals:
                weight *= _BESIDE_A_RED_SEAL
            if weight and not (evidence.what is Cue.GREY_RING and seals):
                yield _Sign(weight=weight, words=evidence.words, page=page.number, box=evidence.box)
    if case.kind.sealed and shows_its_end(case) and not any(case.seals):
        page = case.pages[-1]
        whole = (0.0, 0.0, page.width_mm, page.height_mm)
        yield _Sign(weight=_NO_RED_SEAL, words="không có con dấu màu đỏ cạnh chữ ký", page=page.number, box=whole)
