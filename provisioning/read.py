"""`tram read`: what the kiosk reads from a paper, and how well it reads lines."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
import cv2
import msgspec
import numpy as np

from agent.desk import DeskSettings, ReadingDesk, ReadSheet, check_weights
from agent.reading import opened
from agent.reading.errors import ReadingError
from agent.reading.line_view import Grey
from agent.reading.understand import understand
from agent.reading.values import Understanding
from contract.clock import VIETNAM, SystemClock
from models.manifest import ModelError

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"})
_BAD_INPUT = 2
_PAGE_S, _START_S = 30.0, 60.0
"""A page takes about one second; a file that was made to hold the reader up is given up after this time."""


class _BadInput(click.ClickException):
    """Ends the command with exit code 2 and a sentence."""

    exit_code = _BAD_INPUT


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON: lines and facts with boxes in mm.")
@click.option("--seconds", "page_s", default=_PAGE_S, show_default=True, help="Give a page up after so many seconds.")
@click.option("--lines", "folder", type=click.Path(path_type=Path), help="Read every cut line in DIR: file<TAB>text.")
def read(files: tuple[Path, ...], as_json: bool, page_s: float, folder: Path | None) -> None:
    """Read a paper (several FILES = several pages): kind, fields, findings, lines. Exit 0, or 2 for bad input."""
    try:
        if folder:
            _read_lines(folder)
        else:
            _read_paper(files, page_s=page_s, as_json=as_json)
    except ReadingError as fault:
        raise _BadInput(f"{fault.vi}\n{fault}") from fault
    except ModelError as fault:
        raise _BadInput(str(fault)) from fault


def _read_paper(files: Sequence[Path], *, page_s: float, as_json: bool) -> None:
    if not files:
        raise _BadInput("No file was named. Usage: tram read FILE [FILE …], or tram read --lines DIR.")
    contents = [_content(file) for file in files]
    settings = DeskSettings(page_timeout_s=page_s, start_timeout_s=_START_S)
    check_weights(settings)
    sheets = asyncio.run(_read_at_desk(contents, settings))
    today = SystemClock().now().astimezone(VIETNAM).date()
    paper = understand(
        [sheet.read for sheet in sheets],
        [sheet.seals for sheet in sheets],
        evidence=[sheet.evidence for sheet in sheets],
        today=today,
    )
    click.echo(_as_json(paper, sheets) if as_json else "\n".join(_as_text(paper, sheets)))


async def _read_at_desk(contents: Sequence[bytes], settings: DeskSettings) -> list[ReadSheet]:
    """Return the pages as the kiosk reads them: by a process that may take only so long and so much memory."""
    sheets: list[ReadSheet] = []
    async with ReadingDesk(settings) as desk:
        for content in contents:
            sheets += await desk.read(content, first=len(sheets) + 1)
    return sheets


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise _BadInput(f"{file} can't be read: {fault.strerror}. Check the path and who may read it.") from fault


def _as_json(paper: Understanding, sheets: Sequence[ReadSheet]) -> str:
    pages = [asdict(sheet.read) | {"seals": sheet.seals, "evidence": sheet.evidence} for sheet in sheets]
    whole = {"kind": paper.kind, "title": paper.title, "facts": paper.facts, "findings": paper.findings, "pages": pages}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode()


def _as_text(paper: Understanding, sheets: Sequence[ReadSheet]) -> list[str]:
    facts = [
        f"  {fact.label:<24} {fact.confidence:4.0%} {'✓' if fact.sure else ' '} {fact.value}" for fact in paper.facts
    ]
    findings = [
        f"  {finding.severity:<7} {finding.ground} (p. {finding.page}): {finding.text}" for finding in paper.findings
    ]
    lines = [
        f"  {sheet.read.number:>2} {line.confidence:4.0%} {'✓' if line.sure else ' '} {line.text}"
        for sheet in sheets
        for line in sheet.read.lines
    ]
    head = [f"{paper.kind}  {paper.title}"]
    return [*head, "", "Fields", *(facts or ["  –"]), "", "Findings", *(findings or ["  –"]), "", "Lines", *lines]


def _read_lines(folder: Path) -> None:
    if not folder.is_dir():
        raise _BadInput(f"{folder} is no folder. Name a folder of cut text lines (PNG, JPEG, WebP, TIFF).")
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _PICTURES)
    line_reader = opened.line_reader()
    for file in files:
        text, _ = line_reader.read([_line(file)])[0]
        sys.stdout.write(f"{file.name}\t{text}\n")


def _line(file: Path) -> Grey:
    picture = cv2.imdecode(np.frombuffer(_content(file), np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise _BadInput(f"{file} is no picture. Take it out of the folder, or cut the line again.")
    return picture.astype(np.uint8)
