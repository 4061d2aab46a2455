"""Reading a form: labels in known order, values behind or below them, sections in which labels come again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agent.reading.kind import Fact, Pages
from agent.reading.labels import Hit, find_labels, x_at
from agent.reading.values import ReadPage

Clean = Callable[[str], str]
"""Brings a value into its form; an empty string says that it can't be such a value."""

_DOUBTFUL = 0.5
_LOOSE = " :;.,-–—_/…|"


def as_printed(text: str) -> str:
    """Return the value without the signs around it."""
    return text.strip(_LOOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: its name and label as a fact, the phrases that print it, how many lines its value may take."""

    name: str
    label: str
    phrases: tuple[str, ...]
    lines: int = 1
    clean: Clean = as_printed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    text: str
    lines: tuple[int, ...]


Section = Sequence[Field]
"""Fields that stand together; the first one's label opens the section."""


def read_form(pages: Pages, sections: Sequence[Section]) -> list[Fact]:
    """Return the facts of every field whose label was found, in the order of the sections."""
    facts: list[Fact] = []
    for page in pages:
        done = {fact.name for fact in facts}
        facts += [fact for fact in _read_page(page, sections) if fact.name not in done]
    return facts


def _read_page(page: ReadPage, sections: Sequence[Section]) -> Iterator[Fact]:
    phrases = sorted({phrase for section in sections for field in section for phrase in field.phrases})
    hits = find_labels(page, phrases)
    for section, own in zip(sections, _split(hits, sections), strict=True):
        for field in section:
            hit = next((hit for hit in own if hit.phrase in field.phrases), None)
            if hit and (value := _value(page, hits, hit, field)).text:
                yield _fact(page, field, value)


def _split(hits: Sequence[Hit], sections: Sequence[Section]) -> list[list[Hit]]:
    """Return the hits of each section: from its own first label to the next section's."""
    parts: list[list[Hit]] = [[] for _ in sections]
    current = 0
    for hit in hits:
        later = range(current + 1, len(sections))
        current = next((number for number in later if hit.phrase in sections[number][0].phrases), current)
        parts[current].append(hit)
    return parts


def _value(page: ReadPage, hits: Sequence[Hit], hit: Hit, field: Field) -> _Value:
    following = next((other.start for other in hits if other.line == hit.line and other.start > hit.start), None)
    behind = _without_translation(page.lines[hit.line].text[hit.end : following])
    texts, lines = ([behind], [hit.line]) if behind else ([], [])
    left = x_at(page.lines[hit.line], hit.start)
    at, right = hit.line, page.lines[hit.line].box[2] if following is None else x_at(page.lines[hit.line], following)
    labelled = {other.line for other in hits}
    if not behind and (beside := _beside(page, at)) is not None and beside not in labelled:
        texts, lines, at, left = [page.lines[beside].text], [beside], beside, page.lines[beside].box[0]
        right = page.lines[beside].box[2]
    while len(lines) < field.lines or not lines:
        below = _below(page, at, left, max(right, left + 25.0))
        if below is None or below in labelled or (following is not None and behind):
            break
        texts.append(page.lines[below].text)
        lines.append(below)
        at = below
    return _Value(text=as_printed(" ".join(texts)), lines=tuple(lines))


def _without_translation(rest: str) -> str:
    """Return what follows a label; a card's label goes on in English: `Họ và tên / Full name: …`."""
    if rest.lstrip().startswith("/"):
        rest = rest.partition(":")[2]
    return as_printed(rest)


def _beside(page: ReadPage, at: int) -> int | None:
    """Return the line that stands next in the same row, if any."""
    _, top, right, bottom = page.lines[at].box
    candidates = [
        (line.box[0], number)
        for number, line in enumerate(page.lines)
        if line.box[0] > right and min(bottom, line.box[3]) - max(top, line.box[1]) > 0.5 * (bottom - top)
    ]
    return min(candidates)[1] if candidates else None


def _below(page: ReadPage, at: int, left: float, right: float) -> int | None:
    """Return the line that follows directly below, between two x (mm)."""
    _, top, _, bottom = page.lines[at].box
    reach = bottom + 1.3 * (bottom - top)
    candidates = [
        (line.box[1], number)
        for number, line in enumerate(page.lines)
        if (line.box[1] + line.box[3]) / 2 > bottom
        and line.box[1] < reach
        and line.box[0] < right
        and line.box[2] > left
    ]
    return min(candidates)[1] if candidates else None


def _fact(page: ReadPage, field: Field, value: _Value) -> Fact:
    clean = field.clean(value.text)
    return Fact(
        name=field.name,
        label=field.label,
        value=clean or value.text,
        page=page.number,
        lines=value.lines,
        confidence=1.0 if clean else _DOUBTFUL,
    )
