"""The frame of a state paper after NĐ 30/2020, Appendix I: agency and number upper left, date right, signer below."""

import re
from collections.abc import Iterator, Sequence

from agent.reading import dates
from agent.reading.folding import folded, in_capitals
from agent.reading.form import as_printed
from agent.reading.kind import Fact, Pages
from agent.reading.nearby import same_row
from agent.reading.values import Line, ReadPage

_HEAD_SHARE = 0.34
_AGENCY_SHARE = 0.47
_SIGNER_SHARE = 0.42
_SIGNING_TITLE = re.compile(
    r"^(tm|kt|tl|tuq|q)\b|^(pho |quyen )?(chu tich|giam doc|tong giam doc|hieu truong|cuc truong|bo truong|vien truong|"
    r"chanh an|chanh van phong|truong phong|tong cuc truong|thu truong)\b|^nguoi ky"
)
_NUMBER = re.compile(r"^\W*S[ốôoóỐÔ]\s*[:.;]?\s*(?P<number>\S.*)$")
_SYMBOL = re.compile(r"/|\d[OÔ]?\s?[A-ZĐ]{2}")
_LOST_STROKE = re.compile(r"^(\d[\dOÔ]*)\s?(?=[A-ZĐ]{2})")
"""Where a pen filled in the number, its stroke before the symbol may be lost and its nought be read as a letter."""

_NOUGHTS = str.maketrans("OÔ", "00")

_NAME_REACH_MM = (8.0, 62.0)
_NAME_OFFSET_MM = 32.0
_UNREADABLE = 0.3
_GUESSED = 0.5
_LONGEST_DATE_LINE = 14


def number(page: ReadPage) -> Iterator[Fact]:
    """Yield number and symbol: `339/QĐ-UBND`; where a pen filled it in, print and pen are lines of their own."""
    row = _number_row(page)
    found = _NUMBER.match(" ".join(page.lines[at].text for at in row))
    if found:
        printed = re.sub(r"\s*/\s*", "/", as_printed(found["number"]))
        value = _LOST_STROKE.sub(lambda lost: f"{lost[1].translate(_NOUGHTS)}/", printed)
        chance = 1.0 if value == printed and len(row) == 1 else _GUESSED
        lines = tuple(row)
        yield Fact(name="number", label="Số, ký hiệu", value=value, page=page.number, lines=lines, confidence=chance)


def agency(page: ReadPage) -> Iterator[Fact]:
    """Yield the issuing agency: what stands above the number on the left."""
    row = _number_row(page)
    limit = min((page.lines[at].box[1] for at in row), default=0.2 * page.height_mm)
    left = [
        at
        for at, line in _head(page)
        if _is_left(page, line) and at not in row and line.box[3] < limit + 1 and in_capitals(line.text)
    ]
    if left:
        text = " ".join(page.lines[at].text for at in left)
        yield Fact(name="agency", label="Cơ quan ban hành", value=text, page=page.number, lines=tuple(left))


def _number_row(page: ReadPage) -> list[int]:
    """Return the lines of the row `Số: …` in the head's left, from left to right; none where no symbol is seen."""
    for at, line in _head(page):
        if _is_left(page, line) and folded(line.text).split()[:1] == ["so"]:
            mates = [
                other
                for other, mate in _head(page)
                if _is_left(page, mate) and same_row(line.box, mate.box, loosely=True)
            ]
            row = [at] if _SYMBOL.search(line.text) else sorted({at, *mates}, key=lambda at: page.lines[at].box[0])
            if any(_SYMBOL.search(page.lines[at].text) for at in row):
                return row
    return []


def _is_left(page: ReadPage, line: Line) -> bool:
    return _middle(line) < _AGENCY_SHARE * page.width_mm


def place_and_date(page: ReadPage, *, anywhere: bool = False) -> Iterator[Fact]:
    """Yield place and date of `Điện Biên, ngày 19 tháng 02 năm 2025` in the head, or anywhere on the page."""
    lines = enumerate(page.lines) if anywhere else _head(page)
    for at, line in lines:
        if _is_dated(line.text) and _middle(line) > _AGENCY_SHARE * page.width_mm:
            place, _, written = line.text.partition(",")
            day = dates.find_date(written)
            yield Fact(name="place", label="Nơi ban hành", value=as_printed(place), page=page.number, lines=(at,))
            yield Fact(
                name="issued_on",
                label="Ngày ban hành",
                value=dates.slashed(day) if day else as_printed(written),
                page=page.number,
                lines=(at,),
                confidence=1.0 if day else _UNREADABLE,
            )
            return


def _is_dated(text: str) -> bool:
    words = folded(text).split()
    return "," in text and {"ngay", "thang", "nam"} <= set(words) and len(words) <= _LONGEST_DATE_LINE


def block_below(page: ReadPage, at: int, *, stop: re.Pattern[str], most: int = 6) -> list[int]:
    """Return the lines closely below line `at` in its column, until one is apart or matches `stop` (folded)."""
    block: list[int] = []
    previous = page.lines[at]
    for number, line in enumerate(page.lines[at + 1 :], at + 1):
        if not _shares_column(previous, line):
            continue
        gap = line.box[1] - previous.box[3]
        if gap > 1.5 * _height(previous) or stop.search(folded(line.text)) or len(block) == most:
            break
        block.append(number)
        previous = line
    return block


def signer(pages: Pages) -> Iterator[Fact]:
    """Yield title and name of who signed, from the last page that has both."""
    for page in reversed(pages):
        titles = [at for at, line in enumerate(page.lines) if _is_signing_title(page, line)]
        for title in reversed(titles):
            name = _name_below(page, title)
            if name is not None:
                yield _signing(page, title, "signer_title", "Chức vụ người ký")
                yield _signing(page, name, "signer_name", "Người ký")
                return
        # a seal over the title hides it; the name below still stands alone at the lower right
        alone = [at for at, line in enumerate(page.lines) if _is_last_name(page, line)]
        if alone:
            yield _signing(page, alone[-1], "signer_name", "Người ký")
            return


def _signing(page: ReadPage, at: int, name: str, label: str) -> Fact:
    return Fact(name=name, label=label, value=as_printed(page.lines[at].text), page=page.number, lines=(at,))


def _is_signing_title(page: ReadPage, line: Line) -> bool:
    right = _middle(line) > _SIGNER_SHARE * page.width_mm and line.box[1] > 0.25 * page.height_mm
    return right and in_capitals(line.text) and bool(_SIGNING_TITLE.match(folded(line.text)))


def _is_last_name(page: ReadPage, line: Line) -> bool:
    low_right = _middle(line) > 0.5 * page.width_mm and line.box[1] > 0.55 * page.height_mm
    return low_right and is_person_name(line.text) and not in_capitals(line.text)


def _name_below(page: ReadPage, title: int) -> int | None:
    above = page.lines[title]
    candidates = [
        at
        for at, line in enumerate(page.lines)
        if _NAME_REACH_MM[0] < line.box[1] - above.box[1] < _NAME_REACH_MM[1]
        and abs(_middle(line) - _middle(above)) < _NAME_OFFSET_MM
        and is_person_name(line.text)
        and not in_capitals(line.text)
    ]
    return candidates[-1] if candidates else None


def is_person_name(text: str) -> bool:
    """Return whether a line is a name alone: two to six words of letters, each with a capital."""
    words = as_printed(text).split()
    return 2 <= len(words) <= 6 and all(word.isalpha() and word[0].isupper() for word in words)


def _head(page: ReadPage) -> Sequence[tuple[int, Line]]:
    limit = _HEAD_SHARE * page.height_mm
    return [(at, line) for at, line in enumerate(page.lines) if line.box[1] < limit]


def _middle(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2


def _height(line: Line) -> float:
    return line.box[3] - line.box[1]


def _shares_column(one: Line, other: Line) -> bool:
    return min(one.box[2], other.box[2]) - max(one.box[0], other.box[0]) > 0
