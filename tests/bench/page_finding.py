"""Finding papers in generated photographs: `python -m tests.bench.page_finding [--count N] [--first SEED] [--unseen]`.

A hit has every corner within 1 % of the shorter side that ends there; a paper with more than one corner outside
the picture can't be hit and is left out. What the findings say is compared with what the generator did: a photograph
counts as flawed from the strengths below, as sound without the flaw, and for neither in between. Processor seconds are
those of `find_page`, one thread. The photographs are generated (models/specimens/photograph.py); `--unseen` lays the
papers on grounds that no net has learned from, on which it fares as on a citizen's own table.
"""

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.page import find_page
from agent.reading.photograph import find_sides
from agent.reading.understand import understand
from agent.reading.values import Page, Pixels, ReadPage
from contract.grounds import Ground
from models.specimens import KINDS, make
from models.specimens.photograph import UNSEEN, PhotoFlaw, Photograph, paper_of, photograph

WITHIN = 0.01
_PAPERS_A_KIND = 2
_SAME_SHAPE = 0.02

FLAWED: Mapping[Ground, Mapping[PhotoFlaw, float]] = {
    Ground.QUALITY_BLUR: {PhotoFlaw.BLUR: 0.0, PhotoFlaw.MOTION: 0.0},
    Ground.QUALITY_GLARE: {PhotoFlaw.GLARE: 0.004},
    Ground.QUALITY_TWO_PAPERS: {PhotoFlaw.TWO_PAPERS: 0.15},
    Ground.QUALITY_COVERED: {PhotoFlaw.HAND: 0.004},
    Ground.QUALITY_CUT_EDGE: {PhotoFlaw.CUT_OFF: 0.003},
    Ground.QUALITY_SHADOW: {PhotoFlaw.SHADOW: 0.4},
}
"""From which strength of which flaw a finding is due."""


@dataclass(slots=True, kw_only=True)
class Count:
    """How many of how many."""

    good: int = 0
    of: int = 0

    def add(self, good: bool) -> None:
        """Count one more."""
        self.good += good
        self.of += 1

    @property
    def share(self) -> float:
        """Return the share, 1 where there was nothing to count."""
        return self.good / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a finding came where it was due, and where it was not."""

    found: Count = field(default_factory=Count)
    false: Count = field(default_factory=Count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured; `missed` lists the seeds whose outline was not hit."""

    hit: Count = field(default_factory=Count)
    true_shape: Count = field(default_factory=Count)
    upright: Count = field(default_factory=Count)
    by_flaw: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    findings: dict[Ground, Rates] = field(default_factory=lambda: {ground: Rates() for ground in FLAWED})
    seconds: list[float] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)


def photographs(count: int, first: int, *, unseen: bool = False) -> Iterator[tuple[int, Photograph]]:
    """Yield so many photographs, with the seed of each, of papers of every kind, on usual or on unseen grounds."""
    papers = [paper_of(make(kind, first + at)) for at in range(_PAPERS_A_KIND) for kind in KINDS]
    for seed in range(first, first + count):
        yield seed, photograph(papers[seed % len(papers)], seed, ground=UNSEEN[seed % len(UNSEEN)] if unseen else None)


def figures(count: int, first: int, *, unseen: bool = False) -> Figures:
    """Return the figures of `count` photographs from the seed `first` on."""
    cv2.setNumThreads(1)
    measured = Figures()
    for seed, photo in photographs(count, first, unseen=unseen):
        pixels = np.asarray(photo.picture)
        began = time.process_time()
        page = find_page(pixels, None)
        measured.seconds.append(time.process_time() - began)
        _count_outline(measured, seed, photo, pixels, page)
        _count_findings(measured, photo, page)
    return measured


def error_of(found: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Return the largest distance of a corner, as a share of the shorter side that ends there; any first corner."""
    sides = np.linalg.norm(np.roll(truth, -1, axis=0) - truth, axis=1)
    shorter = np.minimum(sides, np.roll(sides, 1))
    return min(
        float((np.linalg.norm(np.roll(found, turn, axis=0) - truth, axis=1) / shorter).max()) for turn in range(4)
    )


def _count_outline(measured: Figures, seed: int, photo: Photograph, pixels: Pixels, page: Page) -> None:
    truth = np.array(photo.outline)
    outside = (truth < 0).any(axis=1) | (truth > photo.picture.size).any(axis=1)
    if outside.sum() > 1:
        return
    sides = find_sides(pixels)
    hit = sides is not None and page.quality.shot is not None and error_of(sides.corners, truth) <= WITHIN
    measured.hit.add(hit)
    for flaw in photo.flaws or ("none",):
        measured.by_flaw[flaw].add(hit)
    measured.by_flaw[f"on {photo.ground}"].add(hit)
    if not hit:
        measured.missed.append(seed)
        return
    width, height = photo.size_mm
    aspects = [np.log(page.width_mm / page.height_mm), np.log(width / height)]
    measured.true_shape.add(bool(abs(abs(aspects[0]) - abs(aspects[1])) < _SAME_SHAPE))
    measured.upright.add(bool(np.sign(aspects[0]) == np.sign(aspects[1])))


def _count_findings(measured: Figures, photo: Photograph, page: Page) -> None:
    read = ReadPage(number=1, lines=(), quality=page.quality, width_mm=page.width_mm, height_mm=page.height_mm)
    said = {finding.ground for finding in understand([read], [()]).findings}
    for ground, due in FLAWED.items():
        rates = measured.findings[ground]
        if any(photo.flaws.get(flaw, -1.0) > strength for flaw, strength in due.items()):
            rates.found.add(ground in said)
        elif not any(flaw in photo.flaws for flaw in due):
            rates.false.add(ground in said)


def report(measured: Figures) -> str:
    """Return the figures as text."""
    hit, shape, upright = measured.hit, measured.true_shape, measured.upright
    rows = [
        f"Finding papers in {len(measured.seconds)} generated photographs; one thread",
        f"  within 1 % of the side {hit.share:8.1%}  ({hit.good} of {hit.of})",
        f"  shape right            {shape.share:8.1%}",
        f"  lines run across       {upright.share:8.1%}",
        f"  processor seconds      {np.mean(measured.seconds):8.2f}  (most {max(measured.seconds):.2f})",
        "  by flaw: " + ", ".join(f"{flaw} {n.good}/{n.of}" for flaw, n in sorted(measured.by_flaw.items())),
    ]
    for ground, rates in measured.findings.items():
        found, false = rates.found, rates.false
        rows.append(
            f"  {ground:<20} found {found.share:6.1%} ({found.good}/{found.of})"
            f"  false {false.share if false.of else 0:6.1%} ({false.good}/{false.of})"
        )
    return "\n".join([*rows, f"  missed seeds: {measured.missed}"])


def main() -> None:
    """Measure and print as the command line says."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=5_000_000)
    parser.add_argument("--unseen", action="store_true")
    chosen = parser.parse_args()
    print(report(figures(chosen.count, chosen.first, unseen=chosen.unseen)))


if __name__ == "__main__":
    main()
