"""Where a value stands on a paper: looked for among the words of the page's own text, as the kiosk has read it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from hub.fingerprint import Word

Place = dict[str, float]
"""A box on the A4 page in mm: `page`, `x`, `y`, `width`, `height`, as the console's viewer draws it."""

LEAST_LETTERS: Final = 3
"""A shorter value stands on a paper in many places; it is looked for only in a number such as 45/QĐ-UBND."""


def place_of(value: str, words: Sequence[Word]) -> Place | None:
    """Return the first run of words that says the value, None where none does.

    Case and marks at the edges of words don't matter. A date such as 04/03/2026 is also looked for as
    ngày 4 tháng 3 năm 2026, with and without noughts; a number or notation also in 45/QĐ-UBND.
    """
    said = [_bare(word.text) for word in words]
    for wanted in _ways(value):
        for at in range(len(said) - len(wanted) + 1):
            if said[at : at + len(wanted)] == wanted and words[at].page == words[at + len(wanted) - 1].page:
                return _box(words[at : at + len(wanted)])
    number = _bare(value)
    halves = ((word, _bare(word.text).partition("/")) for word in words)
    return next((_box([word]) for word, (head, _, tail) in halves if tail and number in (head, tail)), None)


def _ways(value: str) -> Iterator[list[str]]:
    """Yield the value's words in each way that a paper may write it."""
    plain = [bare for bare in map(_bare, value.split()) if bare]
    if len("".join(plain)) >= LEAST_LETTERS:
        yield plain
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", value):
        day, month, year = found.groups()
        for d, m in product({day, day.lstrip("0")}, {month, month.lstrip("0")}):
            yield ["ngày", d, "tháng", m, "năm", year]


def _bare(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().strip(".,;:()\"'“”")


def _box(run: Sequence[Word]) -> Place:
    x0, y0 = min(each.box[0] for each in run), min(each.box[1] for each in run)
    x1, y1 = max(each.box[2] for each in run), max(each.box[3] for each in run)
    edge = (y1 - y0) / 5  # the text's box ends below the marks of its capitals
    return {"page": run[0].page, "x": x0, "y": y0 - edge, "width": x1 - x0, "height": y1 - y0 + 2 * edge}
