"""Who made a paper: a foreign authority (Art. 22(5)), a private person without confirmation and seal (Art. 22(6))."""

from collections.abc import Iterator

from agent.reading.alphabet import VIETNAMESE
from agent.reading.checks.case import Case, at_line, at_page
from agent.reading.checks.script import in_another_script
from agent.reading.folding import folded, says
from agent.reading.registry import UNKNOWN
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM")
_CV_TITLES = frozenset(
    {"so yeu ly lich", "so yeu li lich", "to khai ly lich", "ly lich tu thuat", "so yeu ly lich tu thuat"}
)
_FEWEST_LETTERS = 80
_LEAST_ACCENTED_SHARE = 0.04
_ACCENTED = frozenset(VIETNAMESE)


def foreign(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for a paper of an unknown kind whose print is not Vietnamese."""
    legible = [page for page in case.pages if not in_another_script(page)]
    letters = [sign for page in legible for line in page.lines for sign in line.text if sign.isalpha()]
    if case.kind.code != UNKNOWN or len(letters) < _FEWEST_LETTERS or _has_state_head(case):
        return
    if sum(letter in _ACCENTED for letter in letters) < _LEAST_ACCENTED_SHARE * len(letters):
        text = "Nội dung không phải tiếng Việt và không có Quốc hiệu Việt Nam."
        yield at_page(Ground.A22_5_NOT_LEGALISED, Severity.ASK, text, case.pages[0])


def private(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for a paper of an unknown or private kind on which no red seal is seen."""
    self_made = case.kind.private or case.kind.code == UNKNOWN
    if self_made and not any(case.seals) and any(page.lines for page in case.pages):
        text = "Không thấy con dấu của cơ quan, tổ chức trên giấy tờ."
        yield at_page(Ground.A22_6_PRIVATE, Severity.ASK, text, case.pages[-1])


def signature_procedure(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for a CV, whose signature is certified, not a copy (TT 01/2020 Art. 15)."""
    for page in case.pages[:1]:
        for line in page.lines:
            if folded(line.text) in _CV_TITLES:
                text = f"Giấy tờ có tiêu đề “{line.text}”."
                yield at_line(Ground.WRONG_PROCEDURE_SIGNATURE, Severity.ASK, text, page, line)


def _has_state_head(case: Case) -> bool:
    return any(says(line.text, _STATE) for line in case.pages[0].lines)
