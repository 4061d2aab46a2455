"""Which school or institution issued a paper, where its name stands in a title line or in the head."""

import re
from collections.abc import Iterator

from agent.reading import letterhead
from agent.reading.folding import folded, without_accents
from agent.reading.kind import Fact, Pages

_INSTITUTIONS = (
    "TRƯỜNG ĐẠI HỌC",
    "TRƯỜNG CAO ĐẲNG",
    "TRƯỜNG TRUNG CẤP",
    "TRƯỜNG BỒI DƯỠNG",
    "HỌC VIỆN",
    "VIỆN",
    "ĐẠI HỌC",
    "TRUNG TÂM",
    "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
)
"""How names begin; these words are spelt as they should be, whatever accents were read."""

_PLAIN = {without_accents(words): words for words in _INSTITUTIONS}
_NAME = re.compile(rf"\b({'|'.join(_PLAIN)})\b", re.IGNORECASE)


def institution_above(pages: Pages, title: re.Pattern[str]) -> Iterator[Fact]:
    """Yield as `issuer` the first institution named above the line whose folded print matches `title`."""
    for at, line in enumerate(pages[0].lines):
        if title.match(folded(line.text)):
            return
        if name := _institution(line.text):
            yield Fact(name="issuer", label="Nơi cấp", value=name, page=pages[0].number, lines=(at,))
            return


def institution_in_head(pages: Pages) -> Iterator[Fact]:
    """Yield as `issuer` the institution in the head's left, without the ministry above it."""
    for agency in letterhead.agency(pages[0]):
        if name := _institution(agency.value):
            lines = tuple(at for at in agency.lines if folded(pages[0].lines[at].text) in folded(name))
            yield Fact(name="issuer", label="Nơi cấp", value=name, page=pages[0].number, lines=lines or agency.lines)


def _institution(text: str) -> str:
    """Return the name from its first word to the end of the text, or an empty string."""
    found = _NAME.search(without_accents(text))
    if found is None or not text[found.start()].isupper():
        return ""
    words = _PLAIN[found[1].upper()]
    return (words if text[: found.end()].isupper() else text[found.start() : found.end()]) + text[found.end() :]
