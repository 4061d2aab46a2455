"""Secrecy marks (NĐ 23/2015 Art. 22(3), R17): a stamp that stands alone, not the word in a sentence ("bảo mật")."""

import re
import unicodedata
from collections.abc import Iterator

from agent.reading.checks.case import Case, at_line, in_capitals
from agent.reading.folding import folded
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_EXACT = frozenset({"MẬT", "MÂT", "MẠT", "MAT", "ĐỘ MẬT"})
"""With its accents or what a worn stamp leaves of them; MẶT (side) and MẤT (lost) are stamped and printed too."""

_FOLDED = re.compile(
    r"(tai lieu )?(toi|tuyet) mat|(tai lieu |nghiem cam )?(khong duoc|cam|khong) sao chup|(tai lieu )?thu hoi"
    r"|xem xong tra lai|khong pho bien"
)


def marks(case: Case) -> Iterator[ReadFinding]:
    """Yield a STOP for every secrecy mark: the images are to be destroyed at once."""
    for page in case.pages:
        for line in page.lines:
            if in_capitals(line.text) and _is_mark(line.text):
                text = f"Thấy dấu “{line.text}” trên giấy tờ."
                yield at_line(Ground.A22_3_SECRET, Severity.STOP, text, page, line)


def _is_mark(text: str) -> bool:
    words = " ".join(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text)))
    return words in _EXACT or bool(_FOLDED.fullmatch(folded(words)))
