"""What a document kind is: how it is recognised and which facts it prints. One file in kinds/ makes one kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from agent.reading.folding import folded, is_close, letters_in_common
from agent.reading.values import ReadPage
from contract.messages import Box

Pages = Sequence[ReadPage]

_SAME_TITLE = 0.87
_SAME_PHRASE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value and the lines of one page that it was read from (by index); `confidence` is what its own check allows.

    What no line says, as a code's text, has a `box` (mm) instead.
    """

    name: str
    label: str
    value: str
    page: int
    lines: tuple[int, ...]
    confidence: float = 1.0
    sure: bool | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Print that speaks for a kind: one of `phrases`, within a line or (`alone`) as the whole of it."""

    phrases: tuple[str, ...]
    weight: float
    alone: bool = False

    def stands_on(self, lines: Sequence[str]) -> bool:
        """Return whether one of the folded lines carries the anchor."""
        matches = _is_title if self.alone else _is_part
        return any(matches(line, folded(phrase)) for phrase in self.phrases for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A document kind: its code (DOMAIN §3), its Vietnamese name, its anchors (1.0 in all is enough), its facts.

    `always` names facts that every such paper prints. `sealed` kinds carry a red seal beside the signature; `private`
    ones are drawn up by citizens themselves.
    """

    code: str
    title: str
    anchors: tuple[Anchor, ...]
    facts: Callable[[Pages], Iterable[Fact]] = field(default=lambda _pages: ())
    always: tuple[str, ...] = ()
    sealed: bool = True
    private: bool = False

    def score(self, pages: Pages) -> float:
        """Return how much speaks for this kind; below 1 it is another."""
        lines = [folded(line.text) for page in pages for line in page.lines]
        return sum(anchor.weight for anchor in self.anchors if anchor.stands_on(lines))


def _is_title(line: str, phrase: str) -> bool:
    if abs(len(line) - len(phrase)) > 0.3 * len(phrase):
        return False
    if line == phrase:
        return True
    may_be = 2 * letters_in_common(line, phrase) >= _SAME_TITLE * (len(line) + len(phrase))
    return may_be and SequenceMatcher(None, line, phrase, autojunk=False).ratio() >= _SAME_TITLE


def _is_part(line: str, phrase: str) -> bool:
    return phrase in line or (len(line) >= 0.8 * len(phrase) and is_close(line, phrase, _SAME_PHRASE))
