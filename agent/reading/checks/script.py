"""Print that is there but can't be read: another script than ours, handwriting alone, or no writing at all.

Our reader writes Vietnamese letters whatever it sees. Of a page in another script (tried: Chinese, Japanese, Korean,
Arabic, Thai, Khmer, Lao, Russian) it is sure of at most a quarter of the signs, and at most 3 in 100 of them stand in
syllables that Vietnamese could have; of faded or poorly scanned Vietnamese print a third or more do.
"""

import re
from collections.abc import Iterator, Sequence

from agent.reading.checks.case import Case, at_page
from agent.reading.folding import without_accents
from agent.reading.values import Line, ReadPage
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_FEWEST_LINES = 6
_WELL_READ = 0.6
_LEAST_WELL_READ = 0.3
_LEAST_SYLLABLES = 0.1
_SHORTEST = 4
_COVERED_WITH_INK = 0.12
"""Share of a page; full pages of print have 0.03–0.09."""

_SYLLABLE = re.compile(r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?")


def unread(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for each page whose print can't be read, though the image is good."""
    for page in case.pages:
        if in_another_script(page):
            text = f"Trang {page.number} có chữ nhưng máy không đọc được: có thể là chữ nước ngoài hoặc chữ viết tay."
            yield at_page(Ground.QUALITY_UNREAD, Severity.ASK, text, page)
        elif is_covered(page):
            text = f"Trang {page.number} kín nét đen nhưng không có dòng chữ nào."
            yield at_page(Ground.QUALITY_UNREAD, Severity.ASK, text, page)


def is_covered(page: ReadPage) -> bool:
    """Return whether a page is full of ink that is no writing."""
    return not _well_read(page) and page.quality.ink_share > _COVERED_WITH_INK


def in_another_script(page: ReadPage) -> bool:
    """Return whether a page has lines of which hardly any is read with confidence, and none as Vietnamese words."""
    if len(page.lines) < _FEWEST_LINES:
        return False
    doubtful = _signs(_well_read(page)) < _LEAST_WELL_READ * _signs(page.lines)
    return doubtful and _in_syllables(page) < _LEAST_SYLLABLES


def _well_read(page: ReadPage) -> list[Line]:
    return [line for line in page.lines if len(line.text) >= _SHORTEST and line.confidence >= _WELL_READ]


def _signs(lines: Sequence[Line]) -> int:
    return sum(len(line.text.replace(" ", "")) for line in lines)


def _in_syllables(page: ReadPage) -> float:
    """Return the share of a page's signs that stand in words of three letters or more which could be Vietnamese."""
    words = [word for line in page.lines for word in re.findall(r"[^\W\d_]{3,}", line.text)]
    return sum(len(word) for word in words if _could_be_a_word(word)) / _signs(page.lines)


def _could_be_a_word(word: str) -> bool:
    even = word.islower() or word.isupper() or word.istitle()
    return even and _SYLLABLE.fullmatch(without_accents(word).lower()) is not None
