"""A built program becomes a release: its own wheel file by file, the packages that it needs as wheels."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.update.release import Content, File, Release, Wheel, object_path
from agent.whole_file import write_whole


class WheelWrong(Exception):
    """A wheel can't be published; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a release is made of: the program's wheel, its packages' wheels, and what kind of machine they are for."""

    app: Path
    wheels: Iterable[Path]
    platform: str
    python: str


def pack(folder: Path, parts: Parts, number: int, now: datetime) -> Release:
    """Put the objects of a release into the repository `folder`, and return the release; raise WheelWrong."""
    try:
        with zipfile.ZipFile(parts.app) as app:
            files = tuple(sorted(_files(app, folder), key=lambda file: file.path))
            scripts = tuple(_scripts(app))
        wheels = tuple(_wheel(path, folder) for path in sorted(parts.wheels))
        room = sum(file.size for file in files) + sum(_unpacked(path) for path in parts.wheels)
    except (OSError, zipfile.BadZipFile, KeyError) as fault:
        raise WheelWrong(f"a wheel can't be read: {fault}") from fault
    return Release(
        version=parts.app.name.split("-")[1], number=number, platform=parts.platform, python=parts.python,
        published_at=now.replace(microsecond=0), installed_bytes=room, files=files, wheels=wheels, scripts=scripts,
    )  # fmt: skip


def _files(app: zipfile.ZipFile, folder: Path) -> Iterator[File]:
    for member in app.infolist():
        if member.is_dir() or member.filename.endswith(".dist-info/RECORD"):  # a hash of every file again
            continue
        if ".data/" in member.filename:
            raise WheelWrong(f"the program's wheel has {member.filename}, which no slot takes")
        content = _kept(folder, app.read(member))
        yield File(path=member.filename, sha256=content.sha256, size=content.size)


def _scripts(app: zipfile.ZipFile) -> Iterator[str]:
    listed = ConfigParser(delimiters=("=",), interpolation=None)
    listed.read_string(app.read(next(name for name in app.namelist() if name.endswith("/entry_points.txt"))).decode())
    for name, origin in listed["console_scripts"].items():
        yield f"{name} = {origin}"


def _wheel(path: Path, folder: Path) -> Wheel:
    content = _kept(folder, path.read_bytes())
    return Wheel(name=path.name, sha256=content.sha256, size=content.size)


def _kept(folder: Path, content: bytes) -> Content:
    sha256 = hashlib.sha256(content).hexdigest()
    place = folder / object_path(sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
    return Content(sha256=sha256, size=len(content))


def _unpacked(path: Path) -> int:
    with zipfile.ZipFile(path) as wheel:
        return sum(member.file_size for member in wheel.infolist())
