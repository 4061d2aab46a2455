"""The citizen's receipt gives a dossier out once: its code says which, its secret that this is the receipt.

Who holds the receipt may see what is in the dossier, as often as it takes to choose; giving it out uses the secret up.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.digital import DocCode
from contract.dossiers import component_name, procedure_name
from contract.ids import is_ulid, sha256_hex
from hub.dossiers import documents
from hub.dossiers.package import package
from hub.faults import DossierReused, DossierSecretWrong
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DocumentRow, DocumentState, DossierRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One paper of a dossier: its code, the component's name, its pages, how far it is."""

    code: DocCode
    component: str
    pages: int
    state: DocumentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is in a dossier; `used_at` is when it was given out, None while its receipt is good."""

    dossier: str
    procedure: str
    kiosk: str
    made_at: datetime
    used_at: datetime | None
    parts: tuple[Part, ...]
    announced: int

    @property
    def is_ready(self) -> bool:
        """Whether every paper is here and decided about, and at least one is signed."""
        states = {each.state for each in self.parts}
        ended = states <= {DocumentState.SIGNED, DocumentState.SENT_BACK}
        return ended and DocumentState.SIGNED in states and len(self.parts) >= self.announced


def look(hub: Hub, dossier: str, secret: str, who: str) -> Contents:
    """Return what is in a dossier, for who holds its receipt; the look is recorded. Raise DossierSecretWrong."""
    with hub.database.writing() as session:
        row = _held(session, dossier, secret)
        audit.append(session, at=hub.clock.now(), who=who, what=audit.Act.DOSSIER_SEEN, subject=dossier)
        papers = session.scalars(
            select(DocumentRow).where(DocumentRow.dossier == dossier).order_by(DocumentRow.base_code)
        ).all()
        return Contents(
            dossier=dossier,
            procedure=procedure_name(row.procedure),
            kiosk=row.kiosk,
            made_at=row.created_at,
            used_at=row.reused_at,
            parts=tuple(_part(session, row, each) for each in papers),
            announced=row.documents,
        )


def reuse(hub: Hub, dossier: str, secret: str, who: str, *, purpose: str = "", only: str = "") -> bytes:
    """Return the dossier's package and use the secret up; a dossier that is not ready leaves it unused.

    `only` is the code, without version, of the one paper that is asked for; `purpose` stands in the audit trail.
    Raises DossierSecretWrong (also for a dossier that is not known), DossierReused, DocumentNotReady.
    """
    with hub.database.writing() as session:
        row = _held(session, dossier, secret)
        if row.reused_at is not None:
            raise DossierReused(f"The dossier {dossier} was given out at {row.reused_at.isoformat()}.")
        content = package(hub, session, dossier, only=only)
        row.reused_at = hub.clock.now()
        subject = " ".join(filter(None, (dossier, only, purpose)))
        audit.append(session, at=row.reused_at, who=who, what=audit.Act.DOSSIER_REUSED, subject=subject)
    return content


def _held(session: Session, dossier: str, secret: str) -> DossierRow:
    row = session.get(DossierRow, dossier, with_for_update=True) if is_ulid(dossier) else None
    if row is None or not hmac.compare_digest(row.secret_sha256, sha256_hex(secret.encode())):
        raise DossierSecretWrong("The receipt's code is not that of a dossier here.")
    return row


def _part(session: Session, dossier: DossierRow, row: DocumentRow) -> Part:
    code, metadata = documents.newest(session, row.base_code)
    name = component_name(dossier.procedure, row.component)
    return Part(
        code=code,
        component=" · ".join(dict.fromkeys(filter(None, (name, metadata.type_name)))),
        pages=row.pages,
        state=DocumentState(row.state),
    )
