"""The roster of hub.toml, [[officers]] and [[kiosks]]: who works at the console, and which kiosks there are.

At each start the database takes it over (`hub.store.roster`).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from contract.messages import LegalMode, Name
from contract.settings import Section


class Role(StrEnum):
    """Who somebody is at the console; a certifier also needs an authority that is in force (R2).

    What each may do stands in `hub.console.roles`.
    """

    CERTIFIER = "certifier"
    INTAKE = "intake"
    AGENCY_SEAL = "agency_seal"
    CLERK = "clerk"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


DECIDERS = (Role.CERTIFIER, Role.INTAKE)
"""Who decides papers; only a certifier approves (R1)."""


class OfficerConfig(Section, frozen=True, kw_only=True):
    """A person of the roster (R2): `password_hash` is argon2id, both days of the authority are inclusive."""

    login: Annotated[str, Meta(pattern="^[a-z0-9._-]{2,40}$")]
    password_hash: Annotated[str, Meta(pattern=r"^\$argon2id\$")]
    name: Name
    title: Name
    role: Role
    authority_document: Name = ""
    valid_from: date | None = None
    valid_to: date | None = None


class KioskConfig(Section, frozen=True, kw_only=True):
    """A kiosk of the fleet: its id is the common name of its certificate, `legal_decision` the pilot's number (R3).

    Operators see the fleet by `ward`, or by site where a kiosk has none.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{1,62}$")]
    site: Name
    ward: Name = ""
    legal_mode: LegalMode
    legal_decision: Name = ""
    certificate_serial: Name = ""


def contradictions(officers: Iterable[OfficerConfig], kiosks: Iterable[KioskConfig]) -> Iterator[str]:
    """Yield what is wrong with the roster, in sentences."""
    for kiosk in kiosks:
        if kiosk.legal_mode is LegalMode.PILOT_REMOTE and not kiosk.legal_decision:
            yield f"kiosk '{kiosk.id}' is a remote pilot but has no legal_decision; R3 asks for its number."
    for officer in officers:
        if officer.role is Role.CERTIFIER and not (officer.authority_document and officer.valid_from):
            yield f"certifier '{officer.login}' lacks authority_document or valid_from (R2)."
