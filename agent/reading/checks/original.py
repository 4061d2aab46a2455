"""Signs that a paper is itself a copy (NĐ 23/2015 Art. 2(6)): its own words, an earlier attestation, no red seal."""

import re
from collections.abc import Iterator

from agent.reading.checks.case import Case, at_line, at_page, in_capitals, shows_its_end
from agent.reading.folding import folded
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_MARKS = re.compile(
    r"ban sao|\(?ban sao\)?|sao y( ban chinh)?|sao luc|trich sao|trich luc(?! khai tu$)( [a-z]+){0,4}( ban sao)?"
    r"|giay [a-z ]{3,30} ban sao|sao y .{0,90}\d{4}.*"
)
"""An extract is a copy out of a register, but for a death, of which it is the first issue (TT 04/2020/TT-BTP)."""

_ATTESTATION = re.compile(
    r"chung thuc ban sao dung voi ban chinh|quyen so .{0,20}sct|^so chung thuc\b|chung thuc sao y"
)


def words_of_a_copy(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for each line that calls the paper a copy, and for an earlier certifying statement."""
    for page in case.pages:
        for line in page.lines:
            words = folded(line.text)
            if (in_capitals(line.text) and _MARKS.fullmatch(words)) or _ATTESTATION.search(words):
                yield at_line(Ground.NOT_ORIGINAL, Severity.ASK, f"Thấy dòng “{line.text}”.", page, line)


def no_red_seal(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where a kind that carries a red seal shows none: a photocopy's seal is grey."""
    if case.kind.sealed and shows_its_end(case) and not any(case.seals):
        text = "Không thấy con dấu màu đỏ cạnh chữ ký; ảnh có thể được quét từ bản sao hoặc quét đen trắng."
        yield at_page(Ground.NOT_ORIGINAL, Severity.ADVISE, text, case.pages[-1])
