"""The scanner's glass: the caller's pages, or a specimen, as the pictures that SANE's `pnm` backend will scan."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from PIL import Image

from agent.devices.scanner import Hands
from agent.reading import load
from models import specimens

DPI = 300
A4_MM = (210.0, 297.0)
MM_PER_INCH = 25.4
SPECIMEN_KIND = "QUYET_DINH"
SPECIMEN_SEED = 2026


def lay(scans: Sequence[Path], folder: Path, *, kind: str = SPECIMEN_KIND) -> list[Path]:
    """Write one PPM a page of the scans, or of a specimen of `kind`, into `folder`.

    Raises a leaf of agent.reading.errors.UnreadableFile for a bad file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = _own(scans) if scans else _specimen(kind)
    return [_write(page, folder / f"sheet-{number:03d}.ppm") for number, page in enumerate(pages, 1)]


def hold(path: Path, hands: Hands) -> None:
    """Let a running kiosk's FolderScanner have these pages and this fault (its option `hands` is `path`)."""
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(hands))
    part.replace(path)


def _own(scans: Sequence[Path]) -> Iterator[Image.Image]:
    for scan in scans:
        for sheet in load.sheets(scan.read_bytes()):
            yield at_300_dpi(Image.fromarray(sheet.pixels), sheet.dpi)


def _specimen(kind: str) -> Iterator[Image.Image]:
    specimen = specimens.make(kind, SPECIMEN_SEED)
    for page in specimen.pages:
        yield specimens.degrade(page, SPECIMEN_SEED, strength="office")


def at_300_dpi(picture: Image.Image, dpi: int | None) -> Image.Image:
    """Return the picture as a 300 dpi scanner would give it; without a known resolution it is taken to fill an A4."""
    if dpi is None:
        sides_mm = A4_MM if picture.height >= picture.width else A4_MM[::-1]
        scale = min(side_mm / MM_PER_INCH * DPI / px for side_mm, px in zip(sides_mm, picture.size, strict=True))
    else:
        scale = DPI / dpi
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def _write(page: Image.Image, path: Path) -> Path:
    page.save(path)
    return path
