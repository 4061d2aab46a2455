"""Secrecy marks (NĐ 23/2015 Art. 22(3), R17): a stamp that stands alone, not the word in a sentence ("bảo mật")."""

import re
import unicodedata
from collections.abc import Iterator

from agent.reading.checks.case import Case, at_line
from agent.reading.folding import folded, in_capitals
from agent.reading.values import Line, ReadPage
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_EXACT = frozenset({"MẬT", "MÂT", "MẠT", "MAT", "ĐỘ MẬT"})
"""With its accents or what a worn stamp leaves of them; MẶT (side) and MẤT (lost) are stamped and printed too."""

_FOLDED = re.compile(
    r"(tai lieu )?(toi|tuyet) mat|(tai lieu |nghiem cam )?(khong duoc|cam|khong) sao chup|(tai lieu )?thu hoi"
    r"|xem xong tra lai|khong pho bien"
)

_STAMPED = re.compile(r"(?<!BẢO )MẬT(?! (?:ĐỘ|ONG|KHẨU|MÃ))")
"""In a frame or in large red letters the word stops, whatever border or rule was read along with it."""

_STAMPED_LETTERS = {"khongduocsaochup": 2, "khongsaochup": 1, "camsaochup": 1, "tuyetmat": 1, "toimat": 0}
"""Letters of stamped marks, and how many of them may be misread; KHÔNG ĐƯỢC SỬA CHỮA is three letters away."""


def marks(case: Case) -> Iterator[ReadFinding]:
    """Yield a STOP for every secrecy mark: the images are to be destroyed at once."""
    for page in case.pages:
        for line in _marked(page):
            text = f"Thấy dấu “{line.text}” trên giấy tờ."
            yield at_line(Ground.A22_3_SECRET, Severity.STOP, text, page, line)


def _marked(page: ReadPage) -> list[Line]:
    """Return the lines that are marks; if none is, the clearest stamped word that is one."""
    lines = [line for line in page.lines if in_capitals(line.text) and _is_mark(line.text)]
    stamps = [line for line in page.stamps if _is_stamped_mark(line.text)]
    return lines or sorted(stamps, key=lambda line: -line.confidence)[:1]


def _is_mark(text: str) -> bool:
    words = " ".join(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text)))
    return words in _EXACT or bool(_FOLDED.fullmatch(folded(words)))


def _is_stamped_mark(text: str) -> bool:
    letters = folded(text).replace(" ", "")
    near = any(_misread(letters, mark) <= most for mark, most in _STAMPED_LETTERS.items())
    return near or bool(_STAMPED.search(text)) or (in_capitals(text) and _is_mark(text))


def _misread(letters: str, mark: str) -> int:
    """Return how many letters of a mark are wrong, missing or too many at its best place in a text."""
    row = [0] * (len(letters) + 1)
    for wanted_so_far, wanted in enumerate(mark, 1):
        before, row[0] = row[0], wanted_so_far
        for at, letter in enumerate(letters, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != wanted))
    return min(row)
