"""A release: every file of the program by its SHA-256, so that what is here already need not be fetched."""

import gzip
import zlib
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

FILE = "release.json.gz"
MOST_BYTES = 32 * 1024 * 1024
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Bytes = Annotated[int, Meta(ge=0, le=2**32)]
Version = Annotated[str, Meta(pattern=r"^[0-9][0-9A-Za-z.+]{0,39}$")]
RelativePath = Annotated[str, Meta(pattern=r"^(?!\.{1,2}(/|$))[^/\x00]+(/(?!\.{1,2}(/|$))[^/\x00]+)*$", max_length=300)]
WheelName = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_.+!-]+\.whl$", max_length=200)]
Platform = Annotated[str, Meta(pattern="^[0-9a-z_-]{1,40}$")]


class Content(Struct, frozen=True, kw_only=True):
    """A file by its hash."""

    sha256: Sha256
    size: Bytes


class File(Content, frozen=True, kw_only=True):
    """A file of the program; `path` counts from the environment's site-packages."""

    path: RelativePath


class Wheel(Content, frozen=True, kw_only=True):
    """A package that the program needs."""

    name: WheelName


class Release(Struct, frozen=True, kw_only=True):
    """One version for one kind of machine.

    `number` rises with every release and is what "older" means; `platform` is `sysconfig.get_platform()`, `python` the
    minor version (`3.11`); `scripts` are commands as `name = module:function`; `installed_bytes` is the room that it
    takes, without bytecode.
    """

    version: Version
    number: Annotated[int, Meta(ge=1, le=2**31)]
    platform: Platform
    python: Annotated[str, Meta(pattern=r"^3\.[0-9]{1,2}$")]
    published_at: datetime
    installed_bytes: Annotated[int, Meta(ge=0, le=2**40)]
    files: tuple[File, ...]
    wheels: tuple[Wheel, ...]
    scripts: tuple[Annotated[str, Meta(pattern=r"^[\w.-]+ = [\w.]+:[\w.]+$")], ...]

    @property
    def contents(self) -> tuple[Content, ...]:
        """Everything that is to be fetched where it is not here."""
        return (*self.wheels, *self.files)


def opened(content: bytes) -> Release:
    """Return the release in the gzip `content`; raise msgspec.DecodeError."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(content, MOST_BYTES)
    except zlib.error as fault:
        raise msgspec.DecodeError(f"it is no gzip file: {fault}") from fault
    return msgspec.json.decode(plain, type=Release)


def packed(release: Release) -> bytes:
    """Return the bytes that are signed: gzip, since most of an update of one module is this list."""
    return gzip.compress(msgspec.json.encode(release), mtime=0)


def target(platform: str, version: str) -> str:
    """Return the name of a release in the repository."""
    return f"{platform}/{version}/{FILE}"


def object_path(sha256: str) -> str:
    """Return where a file's bytes lie below the repository's address."""
    return f"objects/{sha256[:2]}/{sha256}"
