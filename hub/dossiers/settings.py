"""[documents] of hub.toml: the archive of digitised documents, its backups, and who may connect to it."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from contract.messages import Name, Sha256Hex
from contract.settings import Section


class DocumentPermit(StrEnum):
    """What a system that is connected to the archive of digitised documents may do there."""

    IMPORT = "import"
    READ = "read"
    CHANGE = "change"


class DocumentClient(Section, frozen=True, kw_only=True):
    """A connected system: it sends `Authorization: Bearer <token>`, of which only the SHA-256 stands here."""

    name: Name
    token_sha256: Sha256Hex
    may: tuple[DocumentPermit, ...] = (DocumentPermit.READ,)


class DocumentsConfig(Section, frozen=True, kw_only=True):
    """The archive of digitised documents; without this section the hub takes none.

    `backups` are folders on media of their own (guidance 11/2025, §2.3 step 5: at least two): what is not in all of
    them is not acknowledged.
    """

    backups: tuple[Path, ...]
    clients: tuple[DocumentClient, ...] = ()


def contradictions(documents: DocumentsConfig, data_dir: Path) -> Iterator[str]:
    """Yield what is wrong with the section, in sentences."""
    places = [data_dir.absolute(), *(each.absolute() for each in documents.backups)]
    if len(documents.backups) < 2:
        yield "[documents] backups must name two folders or more, each on a medium of its own."
    for at, folder in enumerate(places):
        if at and not folder.is_dir():
            yield f"[documents] backups {folder} is no folder; mount its medium or correct the path."
        if any(folder.is_relative_to(each) for each in (*places[:at], *places[at + 1 :])):
            yield f"[documents] {folder} lies in another of these folders, so it is no backup of its own."
    if len({each.token_sha256 for each in documents.clients}) < len(documents.clients):
        yield "[documents] gives two clients the same token."
