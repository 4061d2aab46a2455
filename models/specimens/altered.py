"""The forger's work: a digit of a printed value changed by hand, with glue or in a picture editor (Art. 22(1)).

Made up from what examiners of documents describe; no altered paper was looked at. `fine` work is harder to see: the
same face, ink and paper as far as a forger gets them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .cover import dab_fluid, flatten, glue_slip, scrape
from .dice import Dice, dice
from .faces import Colour, Family, Style
from .order import Draft
from .pen import BLUE_INK, strike_digit
from .sheet import Sheet, Word, around, moved
from .values import Box, Flaw, Specimen

_UNPRINTED = {"qr", "mrz"}
_FACES = (Family.BOOK, Family.ROUND, Family.SANS, Family.SERIF)
_FOREIGN_INKS: tuple[Colour, ...] = ((20, 24, 60), (60, 58, 62), (4, 4, 6))
_PEN_INKS: tuple[Colour, ...] = (BLUE_INK, (22, 22, 30))


class Alteration(StrEnum):
    """How a value was changed."""

    FLUID = "fluid"
    """Correction fluid over the old digit, a new one on top."""
    SCRAPED = "scraped"
    """The old digit scraped off with a blade: rough paper, a ghost of ink."""
    SLIP = "slip"
    """A slip of other paper glued over the value."""
    DIGITAL = "digital"
    """Changed in a picture of the paper: a rectangle without the scan's noise."""
    PEN = "pen"
    """Written over with a pen, nothing removed."""
    ADDED = "added"
    """A digit added in front of or behind the number, nothing removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """What was done, and how well."""

    how: Alteration
    fine: bool

    def __str__(self) -> str:
        return f"{self.how}, {'fine' if self.fine else 'plain'}"


def alter(draft: Draft, stream: Dice, tampering: Sequence[Tampering] = ()) -> None:
    """Change one digit on the paper for each tampering, in different lines as long as there are any.

    Lines and fields then say what the paper now says; each is recorded as mark `altered`, in the same order. Without
    `tampering` chance picks one. `DIGITAL` is only complete when `edit_digitally` follows the scan.
    """
    works = tampering or [Tampering(how=stream.choice(list(Alteration)), fine=stream.random() < 0.5)]
    touched: set[tuple[int, int]] = set()
    for work in works:
        targets = _targets(draft)
        fresh = [(sheet, word) for sheet, word in targets if (id(sheet), word.line) not in touched]
        sheet, word = stream.choice(fresh or targets)
        touched.add((id(sheet), word.line))
        new, box = _WAYS[work.how](sheet, stream, word, work)
        sheet.mark(Flaw.ALTERED, box, f"{work}: {word.text} -> {new}")
        _record(draft, sheet, word, new)


def edit_digitally(scanned: Specimen, seed: int) -> Specimen:
    """Return a scan whose digitally altered spot has the even ground that a picture editor leaves."""
    pages = list(scanned.pages)
    for mark in scanned.marks:
        if mark.what == Flaw.ALTERED and mark.text.startswith(Alteration.DIGITAL):
            pages[mark.page] = flatten(pages[mark.page], mark.box, dice("edit", seed))
    return replace(scanned, pages=tuple(pages))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A digit on the paper, another that shall stand there, and where: its left on the baseline, its tight box."""

    place: int
    digit: str
    left: int
    box: Box


def _replaced(sheet: Sheet, stream: Dice, word: Word, work: Tampering) -> tuple[str, Box]:
    """Cover one digit and print another in its place."""
    spot = _spot(stream, word)
    grown = (spot.box[0] - 3, spot.box[1] - 6, spot.box[2] + 3, spot.box[3] + 6)
    if work.how is Alteration.SCRAPED:
        scrape(sheet, stream, grown, fine=work.fine)
    elif work.how is Alteration.FLUID:
        dab_fluid(sheet, stream, grown, fine=work.fine)
    else:
        glue_slip(sheet, stream, grown, shadow=0, fine=True)
    _print(sheet, stream, spot.digit, word, spot.left, work)
    return _with(word.text, spot.place, spot.digit), grown


def _pasted(sheet: Sheet, stream: Dice, word: Word, work: Tampering) -> tuple[str, Box]:
    """Glue a slip over the whole word and print it anew with one digit changed."""
    spot = _spot(stream, word)
    new = _with(word.text, spot.place, spot.digit)
    tight = _box_of(word.style, new, word.x, word.baseline)
    grown = (tight[0] - 7, tight[1] - 9, tight[2] + 7, tight[3] + 8)
    glue_slip(
        sheet, stream, grown, shadow=stream.uniform(10, 30) if work.fine else stream.uniform(40, 90), fine=work.fine
    )
    _print(sheet, stream, new, word, word.x, work)
    return new, grown


def _overwritten(sheet: Sheet, stream: Dice, word: Word, work: Tampering) -> tuple[str, Box]:
    """Write a digit over another with a pen: blue where the work is poor, black where it is fine."""
    spot = _spot(stream, word)
    ink, height = _PEN_INKS[work.fine], spot.box[3] - spot.box[1]
    box = strike_digit(sheet, stream, spot.digit, (spot.box[0], spot.box[3]), height, ink)
    return _with(word.text, spot.place, spot.digit), around([box, spot.box])


def _added(sheet: Sheet, stream: Dice, word: Word, work: Tampering) -> tuple[str, Box]:
    """Squeeze one more digit in front of the first or behind the last digit of the word's ends."""
    digit = stream.choice("0123456789")
    front = word.text[0].isdigit() and (stream.random() < 0.5 or not word.text[-1].isdigit())
    wide = round(word.style.advance(digit))
    left = word.x - wide + 1 if front else word.x + round(word.style.advance(word.text)) - 1
    box = _print(sheet, stream, digit, word, left, work)
    return (digit + word.text if front else word.text + digit), (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)


_WAYS: dict[Alteration, Callable[[Sheet, Dice, Word, Tampering], tuple[str, Box]]] = {
    Alteration.FLUID: _replaced,
    Alteration.SCRAPED: _replaced,
    Alteration.SLIP: _pasted,
    Alteration.DIGITAL: _replaced,
    Alteration.PEN: _overwritten,
    Alteration.ADDED: _added,
}


def _targets(draft: Draft) -> list[tuple[Sheet, Word]]:
    """Return the words worth forging: three digits or more, once on the paper, part of exactly one field."""
    pairs = [(sheet, word) for sheet in draft.sheets for word in sheet.words if sum(map(str.isdigit, word.text)) > 2]
    texts = [word.text for _, word in pairs]
    values = [value for key, value in draft.fields.items() if key not in _UNPRINTED]
    chosen = [
        pair for pair in pairs if texts.count(pair[1].text) == 1 and sum(v.count(pair[1].text) for v in values) == 1
    ]
    return chosen or pairs


def _spot(stream: Dice, word: Word) -> _Spot:
    place = stream.choice([i for i, sign in enumerate(word.text) if sign.isdigit()])
    left = word.x + round(word.style.advance(word.text[:place]))
    return _Spot(
        place=place,
        digit=stream.choice([sign for sign in "0123456789" if sign != word.text[place]]),
        left=left,
        box=_box_of(word.style, word.text[place], left, word.baseline),
    )


def _with(text: str, place: int, sign: str) -> str:
    return text[:place] + sign + text[place + 1 :]


def _box_of(style: Style, text: str, x: int, baseline: int) -> Box:
    box = style.font.getbbox(text, anchor="ls")
    return moved((int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1), x, baseline)


def _print(sheet: Sheet, stream: Dice, text: str, word: Word, left: int, work: Tampering) -> Box:
    """Print over the spot: in another face, size and ink, or, where the work is fine, nearly in the same."""
    style, down = _forgers_style(stream, word.style, work)
    spot = (left + stream.randint(-1, 1), word.baseline + down)
    sheet.pen.text(spot, text, font=style.font, fill=style.ink, anchor="ls")
    return _box_of(style, text, *spot)


def _forgers_style(stream: Dice, style: Style, work: Tampering) -> tuple[Style, int]:
    """Return the style of the new print and how many pixels it stands too low."""
    if work.fine or work.how is Alteration.DIGITAL:
        shade = stream.randint(8, 26) * stream.choice((-1, 1))
        ink = tuple(min(255, max(0, part + shade)) for part in style.ink)
        near = style.but(size_pt=style.size_pt * stream.uniform(0.975, 1.025), ink=ink)
        return near, stream.choice((-1, 0, 1))
    family = stream.choice([face for face in _FACES if face != style.family])
    size_pt = style.size_pt * stream.uniform(0.93, 1.06)
    down = stream.choice((-3, -2, 2, 3)) * style.size_px / 54
    return style.but(family=family, size_pt=size_pt, ink=stream.choice(_FOREIGN_INKS)), round(down)


def _record(draft: Draft, sheet: Sheet, word: Word, new: str) -> None:
    at = sheet.words.index(word)
    sheet.words[at] = replace(word, text=new)
    text = " ".join(other.text for other in sheet.words if other.line == word.line)
    sheet.lines[word.line] = replace(sheet.lines[word.line], text=text)
    for key, value in draft.fields.items():
        if key not in _UNPRINTED and value.count(word.text) == 1:
            draft.fields[key] = value.replace(word.text, new)
