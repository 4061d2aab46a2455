"""Believing a kiosk's word about itself (`contract.genuine`): whose key signed it, when, and what runs there."""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from sqlalchemy.orm import Session

from contract import genuine, vds
from contract.genuine import Statement
from contract.messages import Standing
from contract.seal import from_qr_text
from contract.seal_faults import SealError
from hub.fleet import releases
from hub.fleet.view import Sight, sight
from hub.rooms import Hub
from hub.store.tables import DeviceCertificate
from hub.verify import challenge


class Doubt(StrEnum):
    """Why a statement is not simply believed."""

    UNREADABLE = "UNREADABLE"
    FOREIGN = "FOREIGN"
    FORGED = "FORGED"
    REVOKED = "REVOKED"
    QUARANTINED = "QUARANTINED"
    OVER = "OVER"
    OLD = "OLD"
    OTHER_PROGRAM = "OTHER_PROGRAM"


class Program(StrEnum):
    """What is known here of the program that the kiosk names; one from a package can't be compared, nor without
    a repository of releases here."""

    PUBLISHED = "PUBLISHED"
    OTHER = "OTHER"
    NOT_COMPARED = "NOT_COMPARED"


_INVALID = (Doubt.FOREIGN, Doubt.FORGED, Doubt.REVOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a statement is worth; without `kiosk` nothing that it says is to be repeated: its signature proves nothing.

    `doubt` is the gravest one.
    """

    doubt: Doubt | None
    statement: Statement | None = None
    kiosk: Sight | None = None
    program: Program | None = None

    @property
    def standing(self) -> Standing:
        """The verdict in one word."""
        if self.doubt is None:
            return Standing.VALID
        return Standing.INVALID if self.doubt in _INVALID else Standing.UNKNOWN


def judge(hub: Hub, token: str) -> Finding:
    """Return what the statement in an address (base32) is worth now."""
    try:
        statement, outer = genuine.decode(from_qr_text(f"{hub.config.public_url}/genuine/{token}"))
    except SealError:
        return Finding(doubt=Doubt.UNREADABLE)
    with hub.database.reading() as session:
        known = session.get(DeviceCertificate, outer.header.cert_ref)
        if known is None:
            return Finding(doubt=Doubt.FOREIGN)
        certificate = x509.load_der_x509_certificate(known.der)
        try:
            vds.verify(outer, certificate.public_key())
        except SealError:
            return Finding(doubt=Doubt.FORGED)
        if known.kiosk != statement.kiosk:
            return Finding(doubt=Doubt.FORGED)
        return _believed(hub, session, statement, known, certificate)


def _believed(
    hub: Hub, session: Session, statement: Statement, known: DeviceCertificate, certificate: x509.Certificate
) -> Finding:
    seen, program = sight(session, known.kiosk), _program(hub, statement)
    doubts = {
        Doubt.REVOKED: known.revoked_at is not None or seen.kiosk.revoked_at is not None,
        Doubt.QUARANTINED: seen.kiosk.quarantined_at is not None,
        Doubt.OVER: certificate.not_valid_after_utc < hub.clock.now(),
        Doubt.OLD: not challenge.was_shown(hub, statement.challenge),
        Doubt.OTHER_PROGRAM: program is Program.OTHER,
    }
    doubt = next((each for each, is_so in doubts.items() if is_so), None)
    return Finding(doubt=doubt, statement=statement, kiosk=seen, program=program)


def _program(hub: Hub, statement: Statement) -> Program:
    offered = releases.offered(hub.config.data_dir / "releases", statement.version)
    if not statement.contents or offered is None:
        return Program.NOT_COMPARED
    return Program.PUBLISHED if statement.contents in offered else Program.OTHER
