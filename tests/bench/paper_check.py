"""The check of printed copies on generated photographs: `python -m tests.bench.paper_check [--copies N]`.

Specimens are scanned, read as at a kiosk, certified, printed (drawn at 300 dpi), and photographed by the generator in
models/specimens: each once genuine and sound, once genuine with the flaws that its seed draws, once with a digit and
once with a name altered. No camera, printer or person took part: figures from real ones will be worse.
"""

import argparse
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from agent.reading import opened
from agent.reading.page import find_page
from agent.reading.reader import PageReader
from contract.messages import Box
from hub.verify.paper_match import Compared, Comparison, ReadLine, compare
from models.specimens import make, scan
from models.specimens.photograph import PhotoFlaw, photograph
from tests.bench.printed_copies import Copy, Forgery, Office, digit_changed, draft_of, name_changed, printed

KINDS = (
    "KHAI_SINH", "BANG_TOT_NGHIEP", "CONG_VAN", "QUYET_DINH", "KET_HON", "HOP_DONG", "BANG_DIEM", "KHAI_TU", "GPLX",
    "CHUNG_CHI", "XAC_NHAN_HON_NHAN", "GP_KINH_DOANH",
)  # fmt: skip
FILL, LONG_SIDE_PX = (0.85, 0.93), 4000
"""A phone held over one sheet: it fills the picture, at 12 million pixels."""


@dataclass(slots=True)
class Count:
    """What became of the photographs of one sort; `false` are boxes at places that were not altered."""

    photos: int = 0
    agrees: int = 0
    differs: int = 0
    too_poor: int = 0
    found: int = 0
    pointed_at: int = 0
    false: int = 0
    unclear: int = 0

    def add(self, compared: Compared, forged_there: bool, unclear_there: bool) -> None:
        """Count one more."""
        self.photos += 1
        self.agrees += compared.outcome is Comparison.AGREES
        self.differs += compared.outcome is Comparison.DIFFERS
        self.too_poor += compared.outcome is Comparison.TOO_POOR
        self.found += forged_there
        self.false += len(compared.differing) - forged_there
        self.pointed_at += unclear_there
        self.unclear += len(compared.unclear) - unclear_there


def look(reader: PageReader, sheet: Image.Image, copy: Copy, seed: int, flaws: frozenset[PhotoFlaw] | None) -> Compared:
    """Return what a generated photograph of a sheet comes to."""
    picture = photograph(sheet, seed, flaws=flaws, fill=FILL, long_side_px=LONG_SIDE_PX).picture
    read = reader.read(find_page(np.asarray(picture), None), 1).read
    lines = [ReadLine(text=each.text, box=each.box, sure=each.sure) for each in read.lines]
    return compare(lines, copy.table, copy.marker)


def is_there(boxes: tuple[Box, ...], forgery: Forgery | None) -> bool:
    """Return whether one of the places is the forged one: the sheet fills its flattened picture."""
    return forgery is not None and any(_apart(box, forgery.box) < 6.0 for box in boxes)


def _apart(one: Box, other: Box) -> float:
    return max(abs((one[0] + one[2]) - (other[0] + other[2])), abs((one[1] + one[3]) - (other[1] + other[3]))) / 2


def measure(copies: int, first: int) -> dict[str, Count]:
    """Return the counts by sort of photograph."""
    reader, chance = opened.page_reader(), random.Random(first)
    counts = {name: Count() for name in ("genuine, sound", "genuine, flawed", "digit altered", "name altered")}
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        for seed in range(first, first + copies):
            kind = KINDS[seed % len(KINDS)]
            specimen = scan(make(kind, seed), seed, strength="office")
            copy = office.certified(draft_of(specimen, reader), kind, len(specimen.pages))
            page = len(specimen.pages)
            sheet = printed(copy.pdf, page)
            sound = frozenset[PhotoFlaw]()
            for sort, forgery, flaws in (
                ("genuine, sound", None, sound),
                ("genuine, flawed", None, None),
                ("digit altered", digit_changed(copy, page, chance), sound if seed % 2 else None),
                ("name altered", name_changed(copy, page, chance), sound if seed % 2 else None),
            ):
                if forgery is None and not sort.startswith("genuine"):
                    continue
                compared = look(reader, forgery.sheet if forgery else sheet, copy, seed, flaws)
                there, unclear = is_there(compared.differing, forgery), is_there(compared.unclear, forgery)
                counts[sort].add(compared, there, unclear)
                if forgery and not there and not unclear:
                    print(f"  {kind} {seed}: {forgery.genuine!r} → {forgery.forged!r}: {compared.outcome}")
                elif len(compared.differing) > there:
                    print(f"  {kind} {seed}, {sort}: {len(compared.differing) - there} places falsely said to differ")
    return counts


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.paper_check")
    parser.add_argument("--copies", type=int, default=12)
    parser.add_argument("--first", type=int, default=100)
    asked = parser.parse_args()
    counts = measure(asked.copies, asked.first)
    print(f"{sum(each.photos for each in counts.values())} generated photographs of {asked.copies} generated copies")
    for sort, each in counts.items():
        told = f"agrees {each.agrees}, differs {each.differs}, too poor to tell {each.too_poor}"
        hits = f"; the altered place found {each.found}, pointed at as unclear {each.pointed_at}"
        others = f"; other places said to differ {each.false}, unclear {each.unclear}"
        print(f"{sort}: {each.photos} photos: {told}{'' if sort.startswith('genuine') else hits}{others}")


if __name__ == "__main__":
    main()
