"""Altered papers and copies found, and false alarms: `python -m tests.bench.alterations [--count 20] [--first SEED]`.

All papers are generated, and so are the alterations (`models.specimens.altered`): the figures say how the measures work
on these, not on a forger's. Each paper is made and scanned afresh (office strength; one clean paper in three poor),
read and understood on one thread; three alterations share a paper. A hit is a finding A22_1_ALTERED whose box meets the
altered place, or any finding NOT_ORIGINAL of the seal, the toner or the colour; a false alarm is a finding
A22_1_ALTERED, or NOT_ORIGINAL louder than advice, on a page that is neither. Intervals are Wilson's at 95 %.
"""

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.reading import opened
from agent.reading.evidence.find import find_evidence
from agent.reading.page import find_page
from agent.reading.reader import PageReader, PageReading
from agent.reading.understand import understand
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity
from models.specimens import KINDS, Alteration, Flaw, Mark, Specimen, Strength, Tampering, edit_digitally, make, scan

FIRST_SEED = 50_000
"""Seeds below 1,000 are for tuning."""

_DPI = 300
_PX_PER_MM = 300 / 25.4
_SEALED = ("QUYET_DINH", "CONG_VAN", "KHAI_SINH", "KET_HON", "GP_KINH_DOANH")
_POOR_EVERY = 3
_A_PAPER = 3
"""Alterations of one paper, in different lines: as many places as a page has evidence of at most."""

_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of some trials came out; `interval` is Wilson's at 95 %."""

    name: str
    hits: int
    trials: int

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the rate."""
        if not self.trials:
            return 0.0, 1.0
        share, more = self.hits / self.trials, _Z**2 / self.trials
        middle, reach = share + more / 2, _Z * math.sqrt(share * (1 - share) / self.trials + more / self.trials / 4)
        return max(0.0, (middle - reach) / (1 + more)), min(1.0, (middle + reach) / (1 + more))

    def __str__(self) -> str:
        low, high = self.interval
        share = f"{self.hits / self.trials:6.1%}" if self.trials else "     –"
        return f"  {self.name:<34} {self.hits:>4}/{self.trials:<4} {share}   {low:5.1%} – {high:5.1%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hits per kind of alteration and of copy, false alarms a page, and processor milliseconds of evidence a page."""

    found: tuple[Rate, ...]
    copies: tuple[Rate, ...]
    false_alarms: tuple[Rate, ...]
    cpu_ms_a_page: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """A scanned paper, read: its findings, and what its evidence cost."""

    specimen: Specimen
    findings: tuple[ReadFinding, ...]
    pages: int
    cpu_s: float


def figures(count: int, first: int = FIRST_SEED) -> Figures:
    """Return what is found on `count` papers of each kind of alteration and copy and on three times as many others."""
    reader = opened.page_reader()
    clean = [_read(reader, _clean(seed)) for seed in range(first, first + 3 * count)]
    seeds = range(first, first + count)
    works = [Tampering(how=how, fine=fine) for fine in (False, True) for how in Alteration]
    met = {work: list[bool]() for work in works}
    for seed in seeds:
        for first_work in range(0, len(works), _A_PAPER):
            few = works[first_work : first_work + _A_PAPER]
            for work, hit in zip(few, _meets(reader, seed + first_work, few), strict=True):
                met[work].append(hit)
    found = [_rate(str(work), hits) for work, hits in met.items()]
    copies = [
        _rate(flaw.value, [_copied(_read(reader, _flawed(seed, flaw))) for seed in seeds])
        for flaw in (Flaw.GREY_SEAL, Flaw.COLOUR_COPY)
    ]
    return Figures(
        found=tuple(found),
        copies=tuple(copies),
        false_alarms=_false_alarms(clean),
        cpu_ms_a_page=1000 * sum(paper.cpu_s for paper in clean) / sum(paper.pages for paper in clean),
    )


def _rate(name: str, trials: Sequence[bool]) -> Rate:
    return Rate(name=name, hits=sum(trials), trials=len(trials))


def _false_alarms(papers: Sequence[_Paper]) -> tuple[Rate, ...]:
    pages = sum(paper.pages for paper in papers)
    altered = {(at, finding.page) for at, paper in enumerate(papers) for finding in _of(paper, Ground.A22_1_ALTERED)}
    loud = {
        (at, finding.page)
        for at, paper in enumerate(papers)
        for finding in _of(paper, Ground.NOT_ORIGINAL)
        if finding.severity is not Severity.ADVISE
    }
    return (
        Rate(name="unchanged pages called changed", hits=len(altered), trials=pages),
        Rate(name="first issues asked about", hits=len(loud), trials=pages),
    )


def _clean(seed: int) -> Specimen:
    strength: Strength = "poor" if seed % _POOR_EVERY == 0 else "office"
    return scan(make(KINDS[seed % len(KINDS)], seed), seed, strength=strength)


def _flawed(seed: int, flaw: Flaw) -> Specimen:
    return scan(make(_SEALED[seed % len(_SEALED)], seed, flaws=frozenset({flaw})), seed, strength="office")


def _meets(reader: PageReader, seed: int, works: Sequence[Tampering]) -> list[bool]:
    """Return whether a paper altered in these ways has a finding at each of the altered places."""
    made = make(KINDS[seed % len(KINDS)], seed, flaws=frozenset({Flaw.ALTERED}), tampering=works)
    paper = _read(reader, edit_digitally(scan(made, seed, strength="office"), seed))
    findings = list(_of(paper, Ground.A22_1_ALTERED))
    # a page is set straight again before it is read, but for one that was cut out of its bed
    marks = [mark for mark in (*made.marks, *paper.specimen.marks) if mark.what == Flaw.ALTERED]
    places = [[mark for mark in marks if mark.text.startswith(f"{work}:")] for work in works]
    return [any(_touches(finding, mark) for finding in findings for mark in place) for place in places]


def _touches(finding: ReadFinding, mark: Mark) -> bool:
    x0, y0, x1, y1 = (side / _PX_PER_MM for side in mark.box)
    left, top, right, bottom = finding.box
    return finding.page == mark.page + 1 and left < x1 + 1 and x0 - 1 < right and top < y1 + 1 and y0 - 1 < bottom


def _copied(paper: _Paper) -> bool:
    return any(True for _ in _of(paper, Ground.NOT_ORIGINAL))


def _of(paper: _Paper, ground: Ground) -> Iterator[ReadFinding]:
    return (finding for finding in paper.findings if finding.ground == ground)


def _read(reader: PageReader, specimen: Specimen) -> _Paper:
    pages = [
        reader.read(find_page(np.asarray(page.convert("RGB")), _DPI), number)
        for number, page in enumerate(specimen.pages, 1)
    ]
    found = understand(
        [page.read for page in pages], [page.seals for page in pages], evidence=[page.evidence for page in pages]
    )
    return _Paper(specimen=specimen, findings=found.findings, pages=len(pages), cpu_s=sum(map(_cost_s, pages)))


def _cost_s(page: PageReading) -> float:
    began = time.process_time()
    find_evidence(page.page.pixels, page.read.lines, page.seals)
    return time.process_time() - began


def report(result: Figures) -> str:
    """Return all rates and the cost as lines."""
    lines = ["Generated alterations and copies, seeds of their own; 95 % intervals"]
    for title, rates in (("found", result.found), ("copies", result.copies), ("false alarms", result.false_alarms)):
        lines += [title, *map(str, rates)]
    return "\n".join([*lines, f"evidence: {result.cpu_ms_a_page:.0f} ms of one processor a page"])


def main(arguments: Sequence[str] = ()) -> None:
    """Print all rates and the cost."""
    parser = argparse.ArgumentParser(description="Generated alterations and copies found, and false alarms.")
    parser.add_argument("--count", type=int, default=20, help="papers of each kind of alteration")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first seed")
    options = parser.parse_args(list(arguments))
    print(f"seeds {options.first} …", report(figures(options.count, options.first)), sep="\n")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
