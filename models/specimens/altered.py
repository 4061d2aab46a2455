"""The forger's work: one digit of a printed value replaced in another face, over correction fluid or a scraped spot."""

from dataclasses import replace

import numpy as np
from PIL import Image

from .dice import Dice, clouds, grain
from .faces import Colour, Family, Style
from .order import Draft
from .sheet import Sheet, Word, moved
from .values import Flaw

_UNPRINTED = {"qr", "mrz"}


def alter(draft: Draft, stream: Dice) -> None:
    """Replace one digit on the paper; lines and fields then say what the paper now says; recorded as mark `altered`."""
    sheet, word = stream.choice(_targets(draft))
    place = stream.choice([i for i, sign in enumerate(word.text) if sign.isdigit()])
    digit = stream.choice([sign for sign in "0123456789" if sign != word.text[place]])
    new = word.text[:place] + digit + word.text[place + 1 :]
    left = word.x + round(word.style.advance(word.text[:place]))
    box = word.style.font.getbbox(word.text[place], anchor="ls")
    tight = moved((int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1), left, word.baseline)
    grown = (tight[0] - 3, tight[1] - 6, tight[2] + 3, tight[3] + 6)
    _erase(sheet, stream, grown)
    _overwrite(sheet, stream, digit, word.style, left, word.baseline)
    sheet.mark(Flaw.ALTERED, grown, f"{word.text} -> {new}")
    _record(draft, sheet, word, new)


def _targets(draft: Draft) -> list[tuple[Sheet, Word]]:
    """Return the words worth forging: three digits or more, once on the paper, part of exactly one field."""
    pairs = [(sheet, word) for sheet in draft.sheets for word in sheet.words if sum(map(str.isdigit, word.text)) > 2]
    texts = [word.text for _, word in pairs]
    values = [value for key, value in draft.fields.items() if key not in _UNPRINTED]
    chosen = [
        pair for pair in pairs if texts.count(pair[1].text) == 1 and sum(v.count(pair[1].text) for v in values) == 1
    ]
    return chosen or pairs


def _erase(sheet: Sheet, stream: Dice, box: tuple[int, int, int, int]) -> None:
    """Cover the old digit: white fluid with a soft rim, or paper scraped pale and rough."""
    height, width = box[3] - box[1], box[2] - box[0]
    fluid = stream.random() < 0.5
    around = np.asarray(sheet.image.crop((box[0] - 8, box[1], box[2] + 8, box[3])), dtype=np.float32)
    paper = np.percentile(around.reshape(-1, 3), 80, axis=0)
    base = np.array((255, 255, 255) if fluid else np.minimum(255, paper + 2), dtype=np.float32)
    rough = (1.5 if fluid else 4.0) * grain(stream, height, width)[..., None]
    shade = 7 * clouds(stream, height, width, 12)[..., None] if fluid else 0.0
    patch = np.clip(base + rough - shade, 0, 255).astype(np.uint8)
    sheet.image.paste(Image.fromarray(patch), box[:2])


def _overwrite(sheet: Sheet, stream: Dice, digit: str, style: Style, x: int, baseline: int) -> None:
    inks: tuple[Colour, ...] = ((20, 24, 60), (60, 58, 62), (10, 10, 12))
    family = stream.choice([f for f in (Family.BOOK, Family.ROUND, Family.SANS, Family.SERIF) if f != style.family])
    other = style.but(family=family, size_pt=style.size_pt * stream.uniform(0.93, 1.06), ink=stream.choice(inks))
    spot = (x + stream.randint(-2, 2), baseline + stream.choice((-4, -3, -2, 2, 3)))
    sheet.pen.text(spot, digit, font=other.font, fill=other.ink, anchor="ls")


def _record(draft: Draft, sheet: Sheet, word: Word, new: str) -> None:
    at = sheet.words.index(word)
    sheet.words[at] = replace(word, text=new)
    text = " ".join(other.text for other in sheet.words if other.line == word.line)
    sheet.lines[word.line] = replace(sheet.lines[word.line], text=text)
    for key, value in draft.fields.items():
        if key not in _UNPRINTED and value.count(word.text) == 1:
            draft.fields[key] = value.replace(word.text, new)
