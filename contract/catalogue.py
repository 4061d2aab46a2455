"""The catalogue of procedures: what a citizen brings, pays and waits for, and what people call it.

It is data, replaced from afar without a new program. One comes with the program (`procedures/*.toml`, our own short
words for what the State has published); a newer one travels as a package: JSON under a signed note (note.py) whose
size is the version and whose root is the SHA-256 of the JSON.
"""

import hashlib
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from contract import note
from contract.messages import MalformedMessage, Message, Name, Sentence, decode, encode
from contract.note import LogKey, LogSigner, NoteWrong

PROCEDURES = Path(__file__).parent / "procedures"
ORIGIN_PATH = "/catalogue"
"""What follows the host in the name of a catalogue's key, which keeps it apart from the key of a log."""

MOST_BYTES = 8 * 1024 * 1024

Code = Annotated[str, Meta(pattern=r"^[0-9]\.[0-9]{6}$")]
Version = Annotated[int, Meta(ge=1, le=2**31)]


class CatalogueWrong(ValueError):
    """A catalogue can't be used; the text says why."""


class Category(Message, frozen=True, kw_only=True):
    """A group of procedures that one can leaf through."""

    id: Name
    vi: Name
    en: Name


class Same(Message, frozen=True, kw_only=True):
    """Words of one meaning: those of the law and those of the street."""

    words: Annotated[tuple[Name, ...], Meta(min_length=2)]


class Procedure(Message, frozen=True, kw_only=True):
    """One procedure as the screen, the slip and the public page say it; all is Vietnamese but what its name says.

    `code` and `name` are the State's; `short` and `bring` our words. `also` and `also_en` are what people say who look
    for it, never shown. `decision` is the decision that publishes it. `here` names the activity of this kiosk that
    does it, `often` says that many people come for it.
    """

    code: Code
    name: Sentence
    short: Name
    english: Name = ""
    category: Name
    also: tuple[Sentence, ...] = ()
    also_en: tuple[Sentence, ...] = ()
    bring: tuple[Sentence, ...]
    fee: Sentence
    time: Sentence
    place: Sentence
    decided_by: Name
    basis: tuple[Name, ...]
    decision: Name
    note: Sentence = ""
    here: Literal["", "certify"] = ""
    often: bool = False

    @property
    def titles(self) -> tuple[str, str]:
        """The short name in Vietnamese, and in English where there is one."""
        return self.short, self.english or self.short


class Elsewhere(Message, frozen=True, kw_only=True):
    """What people ask for and no procedure here answers: named, so that the screen can say that it is not known."""

    vi: Name
    en: Name
    words: tuple[Name, ...]
    words_en: tuple[Name, ...] = ()


class Catalogue(Message, frozen=True, kw_only=True):
    """All procedures of one version; a kiosk never goes back to a lower one."""

    version: Version
    made_on: date
    source: Sentence
    category: tuple[Category, ...]
    same: tuple[Same, ...] = ()
    same_en: tuple[Same, ...] = ()
    procedure: tuple[Procedure, ...]
    elsewhere: tuple[Elsewhere, ...] = ()

    def find(self, code: str) -> Procedure | None:
        """Return the procedure with this code."""
        return next((each for each in self.procedure if each.code == code), None)


class Package(Message, frozen=True, kw_only=True):
    """A catalogue as it travels."""

    note: str
    catalogue: bytes


@cache
def own() -> Catalogue:
    """Return the catalogue that comes with this program."""
    return read(PROCEDURES)


def read(folder: Path) -> Catalogue:
    """Return the catalogue written in a folder's TOML files; raise CatalogueWrong.

    `catalogue.toml` says what it is, each other file holds procedures; what stands in its [every] all of them have
    that do not say otherwise.
    """
    try:
        head = tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))
        found = [each for path in sorted(folder.glob("*.toml")) for each in _procedures(path)]
        made = msgspec.convert(head | {"procedure": found}, Catalogue)
    except (OSError, ValueError) as fault:
        raise CatalogueWrong(f"The catalogue in {folder} can't be read: {fault}.") from fault
    return _sound(made)


def stamped(catalogue: Catalogue, *, version: int, on: date) -> Catalogue:
    """Return a catalogue as a newer version, made on this day."""
    return msgspec.structs.replace(catalogue, version=version, made_on=on)


def packed(catalogue: Catalogue, signer: LogSigner) -> bytes:
    """Return the signed package of a catalogue; raise CatalogueWrong."""
    content = encode(_sound(catalogue))
    signed = signer.sign(catalogue.version, hashlib.sha256(content).digest())
    return encode(Package(note=signed, catalogue=content))


def unpacked(package: bytes) -> Catalogue:
    """Return the catalogue in a package without asking who signed it; raise CatalogueWrong."""
    try:
        return _sound(decode(Catalogue, decode(Package, package).catalogue))
    except MalformedMessage as fault:
        raise CatalogueWrong(f"The package is no catalogue: {fault}") from fault


def opened(package: bytes, key: LogKey) -> Catalogue:
    """Return the catalogue in a package that `key` signed; raise CatalogueWrong."""
    try:
        parts = decode(Package, package)
        head = note.opened(parts.note, key)
    except (MalformedMessage, NoteWrong) as fault:
        raise CatalogueWrong(f"The package is not signed as it should be: {fault}.") from fault
    if hashlib.sha256(parts.catalogue).digest() != head.root:
        raise CatalogueWrong("The catalogue is not the one that its note signs.")
    catalogue = unpacked(package)
    if catalogue.version != head.size:
        raise CatalogueWrong(f"The note signs version {head.size}, the catalogue says {catalogue.version}.")
    return catalogue


def _procedures(path: Path) -> list[dict[str, Any]]:
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    return [tree.get("every", {}) | each for each in tree.get("procedure", [])]


def _sound(catalogue: Catalogue) -> Catalogue:
    codes = [each.code for each in catalogue.procedure]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise CatalogueWrong(f"The codes {', '.join(doubled)} stand twice.")
    known = {each.id for each in catalogue.category}
    if strange := sorted({each.category for each in catalogue.procedure} - known):
        raise CatalogueWrong(f"The categories {', '.join(strange)} are not described.")
    return catalogue
