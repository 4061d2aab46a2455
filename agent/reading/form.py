"""Reading a form: labels in known order, values behind or below them, sections in which labels come again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from agent.reading.kind import Fact, Pages
from agent.reading.labels import Hit, find_labels, x_at
from agent.reading.nearby import below_line, beside_line, same_row
from agent.reading.values import ReadPage

Clean = Callable[[str], str]
"""Brings a value into its form; an empty string says that it can't be such a value."""

PARAGRAPH_INDENT_MM = 12.7
"""How far a paragraph's first line stands in (NĐ 30/2020, Appendix I: 1 cm or 1.27 cm)."""

_DOUBTFUL = 0.5
_NARROWEST_MM = 25.0
_ALIGNED_MM = 1.5
_LOOSE = " :;.,-–—_/…|"


def as_printed(text: str) -> str:
    """Return the value without the signs around it."""
    return text.strip(_LOOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: its name and label as a fact, the phrases that print it, how many lines its value may take.

    `joint` is put between lines that do not end with a comma. With `indent_mm` the value stands in a paragraph whose
    first line begins that much further right: lines that begin as far right as it belong to the next paragraph.
    A `strict` field has no value where `clean` takes none; others then have what stands behind the label, in doubt.
    """

    name: str
    label: str
    phrases: tuple[str, ...]
    lines: int = 1
    clean: Clean = as_printed
    joint: str = " "
    indent_mm: float = 0.0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    text: str
    lines: tuple[int, ...]
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Where a value may go on: between two x (mm), at most so many lines, none of which begins right of `latest`."""

    left: float
    right: float
    most: int
    latest: float = float("inf")


Section = Sequence[Field]
"""Fields that stand together; the first one's label opens the section."""


def read_form(pages: Pages, sections: Sequence[Section]) -> list[Fact]:
    """Return the best fact of every field whose label was found, in the order of the sections."""
    best: dict[str, Fact] = {}
    open_section = -1
    phrases = sorted({phrase for section in sections for field in section for phrase in field.phrases})
    for page in pages:
        hits = find_labels(page, phrases)
        parts, open_section = _split(hits, sections, open_section)
        for fact in _read_page(page, hits, sections, parts):
            if fact.name not in best or fact.confidence > best[fact.name].confidence:
                best[fact.name] = fact
    return list(best.values())


def _read_page(
    page: ReadPage, hits: Sequence[Hit], sections: Sequence[Section], parts: Sequence[Sequence[Hit]]
) -> Iterator[Fact]:
    for section, own in zip(sections, parts, strict=True):
        for field in section:
            candidates = [hit for hit in own if hit.phrase in field.phrases]
            if candidates:
                # the same words in a heading are no label; a label has its colon
                hit = max(candidates, key=lambda hit: (_has_colon(page, hit), hit.likeness))
                yield from _fact(page, field, list(_values(page, hits, hit, field)))


def _has_colon(page: ReadPage, hit: Hit) -> bool:
    return page.lines[hit.line].text[hit.end :].lstrip().startswith(":")


def _split(hits: Sequence[Hit], sections: Sequence[Section], still_open: int) -> tuple[list[list[Hit]], int]:
    """Return each section's hits on a page, and the section that is open at its end (-1: none).

    A section's go from its own first label to the next section's; what stands before is the first's and that of the
    section still open from the page before. Sections may begin with the same label: each time it comes, the next opens.
    """
    parts: list[list[Hit]] = [[] for _ in sections]
    reached, opened_here = still_open, False
    for hit in hits:
        later = range(reached + 1, len(sections))
        if (opened := next((at for at in later if hit.phrase in sections[at][0].phrases), None)) is not None:
            reached, opened_here = opened, True
        for number in {reached} if opened_here else {0, max(0, reached)}:
            parts[number].append(hit)
    return parts, reached


def _fact(page: ReadPage, field: Field, values: Sequence[_Value]) -> Iterator[Fact]:
    """Yield the first value that can be such a field's, else as doubtful what stands right behind the label."""
    for value in values:
        if clean := field.clean(value.text):
            yield Fact(name=field.name, label=field.label, value=clean, page=page.number, lines=value.lines)
            return
    for value in values:
        if value.behind and not field.strict:
            yield Fact(
                name=field.name,
                label=field.label,
                value=value.text,
                page=page.number,
                lines=value.lines,
                confidence=_DOUBTFUL,
            )


def _values(page: ReadPage, hits: Sequence[Hit], hit: Hit, field: Field) -> Iterator[_Value]:
    """Yield what may be a label's value: what stands behind it, in the same row, or below."""
    line = page.lines[hit.line]
    labelled = frozenset(other.line for other in hits)
    following = next((other.start for other in hits if other.line == hit.line and other.start > hit.start), None)
    left, right = x_at(line, hit.start), line.box[2] if following is None else x_at(line, following)
    if behind := _without_translation(line.text[hit.end : following], field):
        start = line.box[0] - field.indent_mm if field.indent_mm else left
        most, latest = field.lines - 1 if following is None else 0, x_at(line, hit.end) + _NARROWEST_MM / 2
        rest = _Column(left=start, right=line.box[2], most=most, latest=latest)
        yield replace(_joined([behind], [hit.line], page, rest, labelled, field), behind=True)
        return
    if (beside := beside_line(page, hit.line)) is not None and beside not in labelled:
        rest = _Column(left=left, right=page.lines[beside].box[2], most=field.lines - 1)
        yield _joined([page.lines[beside].text], [beside], page, rest, labelled, field)
    below = _Column(left=left - field.indent_mm, right=max(right, left + _NARROWEST_MM), most=field.lines)
    if (value := _joined([], [hit.line], page, below, labelled, field)).text:
        yield value


def _joined(
    texts: list[str], lines: list[int], page: ReadPage, column: _Column, labelled: frozenset[int], field: Field
) -> _Value:
    """Return the value that begins with `texts` and goes on in the column below the last of `lines`."""
    at = lines[-1]
    for _ in range(column.most):
        below = below_line(page, at, column.left, column.right)
        if below is None or _is_anothers(page, below, labelled, column):
            break
        if texts and _opens(page, lines[0], below, field):
            break
        texts.append(page.lines[below].text)
        lines.append(below)
        at = below
    used = lines if len(lines) == len(texts) else lines[1:]
    ends = [text.rstrip() for text in texts[:-1]]
    text = "".join(end + (" " if end.endswith(",") else field.joint) for end in ends) + "".join(texts[-1:])
    return _Value(text=as_printed(text), lines=tuple(used))


def _is_anothers(page: ReadPage, at: int, labelled: frozenset[int], column: _Column) -> bool:
    """Return whether a line has a label, begins too far right, or stands right of a label in its row.

    A line that begins where the column does goes on, though a label stand far left of it.
    """
    box = page.lines[at].box
    if at in labelled or box[0] > column.latest:
        return True
    if abs(box[0] - column.left) < _ALIGNED_MM:
        return False
    rows = (page.lines[label].box for label in labelled)
    return any(row[2] <= box[0] and same_row(row, box) for row in rows)


def _opens(page: ReadPage, first: int, below: int, field: Field) -> bool:
    """Return whether a line opens the next paragraph."""
    return field.indent_mm > 0 and page.lines[below].box[0] > page.lines[first].box[0] - field.indent_mm / 2


def _without_translation(rest: str, field: Field) -> str:
    """Return what follows a label; a card's label goes on in English: `Họ và tên / Full name: …`."""
    rest = rest.strip()
    if rest.startswith("/"):
        english = max((len(phrase.partition("/")[2].split()) for phrase in field.phrases), default=0)
        words = rest.lstrip("/ ").split()
        rest = rest.partition(":")[2] if ":" in rest else " ".join(words[english:])
    still_label = rest.rstrip().endswith(":")
    return "" if still_label else rest.strip().lstrip(_LOOSE)
