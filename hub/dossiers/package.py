"""A dossier as one file: its signed documents, their metadata, and the hash of each, in a ZIP that is always the same.

dossier.json              code, procedure, and of each document code, component and file
<CODE_YYYYMMDD_DESC>.pdf  the signed document
<CODE>.json               its metadata with the guidance's names
SHA256SUMS                as `sha256sum -c` reads it
"""

import io
import zipfile

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.digital import file_name
from contract.ids import sha256_hex
from hub.dossiers import documents
from hub.dossiers.filing import archive_of
from hub.faults import DocumentNotReady, ImagesPurged, UnknownThing
from hub.rooms import Hub
from hub.store.tables import DocumentRow, DocumentState, DossierRow

_ALWAYS = (1980, 1, 1, 0, 0, 0)


class PackedDocument(Struct, frozen=True, kw_only=True):
    """One line of `dossier.json`."""

    doc_code: str
    component: str
    file: str
    metadata: str


class PackedDossier(Struct, frozen=True, kw_only=True):
    """The whole of `dossier.json`."""

    dossier: str
    procedure: str
    agency: str
    documents: tuple[PackedDocument, ...]


def package(hub: Hub, session: Session, dossier: str, *, only: str = "") -> bytes:
    """Return the dossier's ZIP; raise UnknownThing, or DocumentNotReady while a paper of it is not signed.

    A paper that was sent back is not in it. `only` is the code, without version, of the one paper to pack.
    """
    row = session.get(DossierRow, dossier)
    if row is None:
        raise UnknownThing(f"There is no dossier {dossier[:26]!r}.")
    files: dict[str, bytes] = {}
    lines = tuple(_packed(hub, session, each, files) for each in papers_of(session, row, only=only))
    about = PackedDossier(dossier=row.id, procedure=row.procedure, agency=hub.config.agency.code, documents=lines)
    files["dossier.json"] = msgspec.json.format(msgspec.json.encode(about))
    files["SHA256SUMS"] = "".join(f"{sha256_hex(files[name])}  {name}\n" for name in sorted(files)).encode()
    return _zipped(files)


def papers_of(session: Session, row: DossierRow, *, only: str = "") -> list[DocumentRow]:
    """Return the signed papers of a whole dossier, or one of them; raise DocumentNotReady while one is not signed."""
    wanted = select(DocumentRow).where(DocumentRow.dossier == row.id).order_by(DocumentRow.base_code)
    papers = list(session.scalars(wanted.where(DocumentRow.base_code == only) if only else wanted))
    announced = 1 if only else row.documents
    good = [each for each in papers if each.state != DocumentState.SENT_BACK]
    unsigned = [each.base_code for each in good if each.state != DocumentState.SIGNED]
    if unsigned or len(papers) < announced or not good:
        raise DocumentNotReady(f"Of the dossier {row.id}, {len(good) - len(unsigned)} of {announced} are signed.")
    return good


def _packed(hub: Hub, session: Session, row: DocumentRow, files: dict[str, bytes]) -> PackedDocument:
    code, metadata = documents.newest(session, row.base_code)
    content = archive_of(hub).get(row.file_sha256 or "-")
    if content is None:
        raise ImagesPurged(f"No sound copy of {code} is in the archive or its backups.")
    packed = PackedDocument(
        doc_code=str(code),
        component=row.component,
        file=file_name(code, row.digitised_on, metadata.type_name),
        metadata=f"{code}.json",
    )
    files[packed.file] = content
    files[packed.metadata] = msgspec.json.format(msgspec.json.encode(metadata))
    return packed


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ALWAYS), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()
