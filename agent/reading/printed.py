"""Values that stand alone in the print: a paper's number, its title, the day it was drawn up."""

import re
from collections.abc import Iterator, Sequence

from agent.reading import dates
from agent.reading.folding import folded
from agent.reading.kind import Fact, Pages

NUMBER = re.compile(r"^\W*S[ốôoóỐÔ](?:\s?/\s?No)?\s*[:.;]\s*(\d[\w./-]*)")

_DAY_ALONE = re.compile(r"^ngay \d{1,2} thang")
_SIGNING_DAY = re.compile(r"^(hom nay|ngay \d|[a-z ]+ ngay \d)")


def printed_number(pages: Pages, pattern: re.Pattern[str] = NUMBER, *, label: str = "Số") -> Iterator[Fact]:
    """Yield the first line that matches as fact `number`; its group 1 is the value."""
    return first_match(pages, pattern, name="number", label=label)


def first_match(pages: Pages, pattern: re.Pattern[str], *, name: str, label: str) -> Iterator[Fact]:
    """Yield group 1 of the first line whose print matches."""
    for page in pages:
        for at, line in enumerate(page.lines):
            if found := pattern.search(line.text):
                yield Fact(name=name, label=label, value=found[1].strip(), page=page.number, lines=(at,))
                return


def printed_title(pages: Pages, pattern: re.Pattern[str], *, label: str, known: Sequence[str] = ()) -> Iterator[Fact]:
    """Yield the first line whose folded print matches as fact `title`, in capitals as it stands there.

    A `known` title is spelt as it should be: its accents are no evidence of anything.
    """
    for page in pages:
        for at, line in enumerate(page.lines):
            if pattern.search(folded(line.text)):
                value = next((title for title in known if folded(title) == folded(line.text)), line.text.upper())
                yield Fact(name="title", label=label, value=value, page=page.number, lines=(at,))
                return


def signing_day(pages: Pages) -> Iterator[Fact]:
    """Yield the day of a private paper: `Hôm nay, ngày 17 tháng 7 năm 2025, tại …`."""
    return dated(pages, _SIGNING_DAY, label="Ngày lập")


def dated(pages: Pages, pattern: re.Pattern[str] = _DAY_ALONE, *, label: str = "Ngày cấp") -> Iterator[Fact]:
    """Yield as `issued_on` the first date in a line whose folded print matches."""
    for page in pages:
        for at, line in enumerate(page.lines):
            day = dates.find_date(line.text) if pattern.match(folded(line.text)) else None
            if day:
                value = dates.slashed(day)
                yield Fact(name="issued_on", label=label, value=value, page=page.number, lines=(at,))
                return
