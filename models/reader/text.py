"""One line of text to draw: law, forms, names, syllables, codes, in the cases and lengths of official papers."""

import random
from collections.abc import Callable

from models.reader import words
from models.reader.charset import fold, legible
from models.reader.corpus import Corpus, Exclusion

__all__ = ["MAX_CHARS", "LineTexts"]

MAX_CHARS = 110
_QUOTES = (("“", "”"), ('"', '"'), ("(", ")"), ("‘", "’"), ("[", "]"))


class LineTexts:
    """Draws line texts from a corpus and from generators; never one that the exclusion covers."""

    def __init__(self, corpus: Corpus, exclusion: Exclusion) -> None:
        self._corpus = corpus
        self._exclusion = exclusion
        self._pool_weights = [pool.weight for pool in corpus.pools]
        self._kinds: list[tuple[float, Callable[[random.Random], str]]] = [
            (48, self._running_text),
            (13, self._syllables),
            (17, self._name),
            (5, self._place),
            (10, self._field),
            (9, self._figures),
            (2, words.mrz_line),
            (5, self._marks),
        ]

    def draw(self, rng: random.Random, max_chars: int = MAX_CHARS) -> str:
        """A folded, legible text of 1 to ``max_chars`` characters."""
        while True:
            text = fold(_decorated(rng, words.pick(rng, self._kinds)))
            text = text if len(text) <= max_chars else text[:max_chars].rpartition(" ")[0]
            if text and legible(text) and not self._exclusion.covers(text):
                return text

    def _running_text(self, rng: random.Random) -> str:
        pool = rng.choices(self._corpus.pools, self._pool_weights)[0]
        length = min(MAX_CHARS, max(4, int(rng.lognormvariate(4.2, 0.5))))
        paragraph = max((rng.choice(pool.paragraphs) for _ in range(2)), key=lambda text: min(len(text), length))
        text = _slice(rng, paragraph, length)
        if rng.random() < 0.05:
            at = rng.randint(0, text.count(" "))
            parts = text.split(" ")
            text = " ".join([*parts[:at], rng.choice((words.number, words.code))(rng), *parts[at:]])
        return _cased(rng, text, upper=0.22, title=0.05)

    def _syllables(self, rng: random.Random) -> str:
        count = min(16, 1 + int(rng.expovariate(0.22)))
        parts = [
            rng.choice(self._corpus.syllables) if rng.random() < 0.4 else words.syllable(rng) for _ in range(count)
        ]
        text = _cased(rng, " ".join(parts), upper=0.6, title=0.1)
        return text + rng.choice(".,;:!?") if rng.random() < 0.2 else text

    def _name(self, rng: random.Random) -> str:
        name = _cased(rng, words.personal_name(rng), upper=0.7, title=0)
        tail = rng.random()
        if tail < 0.15:
            return name + rng.choice((", ", " - ", " ")) + _value(rng)
        if tail < 0.3:
            return (
                name
                + rng.choice((", ", " - ", " và ", "; "))
                + _cased(rng, words.personal_name(rng), upper=0.7, title=0)
            )
        return rng.choice(("Ông ", "Bà ", "ông ", "bà ", "")) + name if tail < 0.45 else name

    def _place(self, rng: random.Random) -> str:
        places = [rng.choice(self._corpus.places or words.LABELS) for _ in range(rng.choice((1, 2, 2, 3)))]
        return _cased(rng, rng.choice((", ", " - ", " – ")).join(places), upper=0.4, title=0)

    def _field(self, rng: random.Random) -> str:
        values = [self._field_value(rng) for _ in range(rng.choice((1, 1, 1, 2)))]
        text = " ".join(
            rng.choice(words.LABELS) + rng.choice((": ", ": ", ":", " ", " / ")) + value for value in values
        )
        return _cased(rng, text, upper=0.1, title=0)

    def _field_value(self, rng: random.Random) -> str:
        kind = rng.random()
        if kind < 0.4:
            return _cased(rng, words.personal_name(rng), upper=0.75, title=0)
        if kind < 0.55:
            return rng.choice(self._corpus.places or words.LABELS)
        return words.leader(rng) if kind < 0.62 else _value(rng)

    def _figures(self, rng: random.Random) -> str:
        return rng.choice((" ", " ", ", ", "; ", " - ")).join(_value(rng) for _ in range(rng.randint(1, 4)))

    def _marks(self, rng: random.Random) -> str:
        parts = [words.rare_marks(rng)]
        if rng.random() < 0.7:
            parts += [_slice(rng, rng.choice(self._corpus.pools[0].paragraphs), rng.randint(4, 40))]
        rng.shuffle(parts)
        return " ".join(parts)


def _value(rng: random.Random) -> str:
    return rng.choice((words.number, words.code, words.date))(rng)


def _slice(rng: random.Random, paragraph: str, length: int) -> str:
    """Whole words of a paragraph: its head, its tail or a piece from within."""
    if len(paragraph) <= length:
        return paragraph
    chance = rng.random()
    if chance < 0.25:
        return paragraph[paragraph.find(" ", len(paragraph) - length - 1) + 1 :]
    start = 0 if chance < 0.4 else paragraph.rfind(" ", 0, rng.randint(1, len(paragraph) - length)) + 1
    piece = paragraph[start : start + length + 1]
    return piece.rpartition(" ")[0] or piece


def _cased(rng: random.Random, text: str, *, upper: float, title: float) -> str:
    chance = rng.random()
    if chance < upper:
        return text.upper()
    return text.title() if chance < upper + title else text


def _decorated(rng: random.Random, text: str) -> str:
    chance = rng.random()
    if chance < 0.03:
        before, after = rng.choice(_QUOTES)
        return before + text + after
    if chance < 0.045:
        return text.replace(" - ", rng.choice((" – ", " — ", " • ")))
    if chance < 0.075:
        return text + rng.choice((".", "…", "...", ";", ":", "./.", " ./.", "-", "–", " " + words.leader(rng)))
    return rng.choice(("- ", "+ ", "• ", "* ", "a) ", "1. ", "– ")) + text if chance < 0.105 else text
