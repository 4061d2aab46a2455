"""The citizen's receipt gives a dossier out once: its code says which, its secret that this is the receipt."""

import hmac

from contract.ids import is_ulid, sha256_hex
from hub.dossiers.package import package
from hub.faults import DossierReused, DossierSecretWrong
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DossierRow


def reuse(hub: Hub, dossier: str, secret: str, who: str) -> bytes:
    """Return the dossier's package and use the secret up; a dossier that is not ready leaves it unused.

    Raises DossierSecretWrong (also for a dossier that is not known), DossierReused, DocumentNotReady.
    """
    with hub.database.writing() as session:
        row = session.get(DossierRow, dossier, with_for_update=True) if is_ulid(dossier) else None
        if row is None or not hmac.compare_digest(row.secret_sha256, sha256_hex(secret.encode())):
            raise DossierSecretWrong("The receipt's code is not that of a dossier here.")
        if row.reused_at is not None:
            raise DossierReused(f"The dossier {dossier} was given out at {row.reused_at.isoformat()}.")
        content = package(hub, session, dossier)
        row.reused_at = hub.clock.now()
        audit.append(session, at=row.reused_at, who=who, what=audit.Act.DOSSIER_REUSED, subject=dossier)
    return content
