"""From where simulated people, places and attacks are drawn: one set of ranges to tune on, another to test on.

The two never share a seed (`chance` mixes the set's name in), and where TEST is wider or lies elsewhere, what is tested
was not tuned for: darker and lighter skin, odder faces, more noise, weaker and later lights, slower answers, other
papers, screens and attackers.
"""

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Lowest and highest value of each thing that varies, and the name that keeps the seeds apart."""

    name: str
    darkness: Range
    shape: float
    distance_mm: Range
    room: Range
    screen: Range
    lamp: Range
    late_s: Range
    noise: Range
    blur_px: Range
    jpeg: tuple[int, int]
    answer_s: Range
    turn_deg: Range
    grid: Range
    paper_gloss: Range
    glass_gloss: Range
    hand_mm: Range
    curve_mm: Range
    attacker_late_s: Range
    attacker_light: Range


TUNING = Ranges(
    name="tuning", darkness=(0.0, 0.9), shape=0.05, distance_mm=(430, 560), room=(0.45, 1.0), screen=(0.35, 0.7),
    lamp=(0.35, 0.7), late_s=(0.03, 0.08), noise=(0.004, 0.010), blur_px=(0.5, 0.9), jpeg=(80, 95),
    answer_s=(0.3, 0.75), turn_deg=(16, 34), grid=(0.02, 0.10), paper_gloss=(0.0, 0.06), glass_gloss=(0.02, 0.08),
    hand_mm=(2.0, 5.0), curve_mm=(90, 220), attacker_late_s=(0.15, 0.40), attacker_light=(0.4, 1.0),
)  # fmt: skip
TEST = Ranges(
    name="second test of 28 November", darkness=(0.0, 1.0), shape=0.06, distance_mm=(410, 590), room=(0.4, 1.15),
    screen=(0.32, 0.75), lamp=(0.32, 0.75), late_s=(0.02, 0.10), noise=(0.003, 0.013), blur_px=(0.4, 1.0),
    jpeg=(75, 97),
    answer_s=(0.25, 0.85), turn_deg=(15, 38), grid=(0.01, 0.12), paper_gloss=(0.0, 0.09), glass_gloss=(0.01, 0.10),
    hand_mm=(1.5, 6.0), curve_mm=(75, 260), attacker_late_s=(0.12, 0.50), attacker_light=(0.3, 1.2),
)  # fmt: skip

SAMPLES = replace(TEST, name="test")
"""What the tests and the demo show. TEST gets a new name, and so new seeds, for each measurement of a changed design;
these stay."""


def chance(ranges: Ranges, *subject: object) -> np.random.Generator:
    """Return the stream of a subject in one set of ranges; the same on every machine."""
    return np.random.default_rng(crc32("/".join(map(str, (ranges.name, *subject))).encode()))
