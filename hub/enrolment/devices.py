"""The hub's word on who is its kiosk: certificates issued, renewed and revoked, and what a kiosk is told of itself."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy.orm import Session

from contract.enrolment import CarriedAnswer, Placement
from contract.ids import sha256_hex
from contract.messages import LegalMode
from contract.topics import is_kiosk_id
from hub.enrolment import codes, revoking, starts
from hub.enrolment.faults import NotYourself, RequestWrong, ShutOut
from hub.register import certificates
from hub.rooms import Hub
from hub.signing.broker_pki import HUB_NAME
from hub.signing.pki import Pki
from hub.store import audit
from hub.store.tables import Kiosk

_DER = serialization.Encoding.DER


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for a certificate that holds together: the kiosk it names, the key it proves."""

    kiosk: str
    key: ec.EllipticCurvePublicKey

    @classmethod
    def read(cls, der: bytes) -> "Request":
        """Return what a PKCS#10 request (DER) asks for; raise RequestWrong."""
        try:
            asked = x509.load_der_x509_csr(der)
            names = asked.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            key, sound = asked.public_key(), asked.is_signature_valid
        except (ValueError, UnsupportedAlgorithm) as fault:
            raise RequestWrong(f"This is no PKCS#10 request: {fault}. Let `tram enrol` make it.") from fault
        if not sound or not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise RequestWrong("The request is not signed by the P-256 key that it names. Let `tram enrol` make it.")
        kiosk = str(names[0].value) if len(names) == 1 else ""
        if not is_kiosk_id(kiosk) or kiosk == HUB_NAME:
            raise RequestWrong("The request names no kiosk. Its subject must be CN=<the kiosk's id>.")
        return cls(kiosk=kiosk, key=key)

    @property
    def key_sha256(self) -> str:
        """The fingerprint of the key, as the kiosk shows it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return sha256_hex(self.key.public_bytes(_DER, form))


class Devices:
    """The authority over this hub's kiosks."""

    def __init__(self, hub: Hub, pki: Pki) -> None:
        self._hub, self._pki = hub, pki

    @property
    def authority(self) -> x509.Certificate:
        """The certificate that issued those of kiosks and broker."""
        return self._pki.broker.authority

    @property
    def ca_sha256(self) -> str:
        """The fingerprint of that certificate."""
        return self.authority.fingerprint(hashes.SHA256()).hex()

    def enrol(self, request: Request, code: str) -> x509.Certificate:
        """Return the first certificate of a key, for a code; all earlier ones of the kiosk are revoked.

        Raises CodeWrong, ShutOut.
        """
        with self._hub.database.writing() as session:
            kiosk = _required(session, request.kiosk)
            row = codes.use(session, self._hub, request.kiosk, code, request.key_sha256)
            issued = self._admit(session, kiosk, request, row.made_by)
        self._remember()
        return issued

    def answer_carried(self, request: Request, login: str) -> CarriedAnswer:
        """Return the answer to a request that was carried here, its fingerprint compared by `login`; raise ShutOut."""
        with self._hub.database.writing() as session:
            kiosk = _required(session, request.kiosk)
            issued = self._admit(session, kiosk, request, login)
        self._remember()
        return CarriedAnswer(
            certificate=issued.public_bytes(_DER),
            authority=self.authority.public_bytes(_DER),
            placement=self.placement(request.kiosk),
        )

    def renew(self, request: Request, shown: x509.Certificate | None) -> x509.Certificate:
        """Return a newer certificate for who shows one that is good; raise NotYourself, ShutOut."""
        kiosk_id = self.shown_by(shown)
        if kiosk_id != request.kiosk:
            raise NotYourself(f"{kiosk_id} asked for a certificate of {request.kiosk}. Each kiosk renews its own.")
        with self._hub.database.writing() as session:
            kiosk = _required(session, kiosk_id)
            if kiosk.quarantined_at is not None:
                raise ShutOut(f"Two machines seem to be {kiosk_id}; nothing is renewed until an operator has looked.")
            issued = self._issue(request)
            now = self._hub.clock.now()
            audit.append(session, at=now, who=kiosk_id, what=audit.Act.CERTIFICATE_RENEWED, subject=_serial(issued))
        self._remember()
        return issued

    def shown_by(self, shown: x509.Certificate | None) -> str:
        """Return whose certificate the TLS handshake showed and proved; raise NotYourself, ShutOut."""
        if shown is None:
            raise NotYourself("This needs the kiosk's certificate. One that ended is replaced by a code: tram enrol")
        if _serial(shown) in self._pki.revoked_machines():
            raise ShutOut("This certificate is revoked. If the machine is yours to use, ask for a code: tram enrol")
        return str(shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def evidence_key(self, kiosk_id: str) -> bytes:
        """Return what a kiosk seals evidence of identity to (PEM); raise ShutOut."""
        with self._hub.database.reading() as session:
            _required(session, kiosk_id)
        return self._hub.evidence_keys.public_pem

    def placement(self, kiosk_id: str) -> Placement:
        """Return what a kiosk is told of itself; raise ShutOut, EnrolmentClosed."""
        config, here = codes.settings(self._hub), self._hub.config
        with self._hub.database.reading() as session:
            kiosk = _required(session, kiosk_id)
        if kiosk.quarantined_at is not None:
            raise ShutOut(f"Two machines seem to be {kiosk_id}: {kiosk.quarantine_cause}. An operator has to look.")
        return Placement(
            kiosk=kiosk.id,
            site=kiosk.site,
            agency=here.agency.name,
            province=here.agency.province,
            legal_mode=LegalMode(kiosk.legal_mode),
            legal_decision=kiosk.legal_decision,
            broker=config.broker,
            est=config.address,
            public_url=here.verify_base_url.rsplit("/", 1)[0],
        )

    def revoke(self, kiosk_id: str, who: str) -> Kiosk:
        """Revoke a kiosk for good, and its certificates: the broker reads the list at SIGHUP. Raise UnknownThing."""
        kiosk = revoking.revoke(self._hub, kiosk_id, who)
        self._pki.revoke_kiosk(kiosk_id)
        self._remember()
        return kiosk

    def _remember(self) -> None:
        certificates.keep_all(self._hub, self._pki)
        certificates.keep_devices(self._hub, self._pki)

    def _admit(self, session: Session, kiosk: Kiosk, request: Request, login: str) -> x509.Certificate:
        issued, now = self._issue(request), self._hub.clock.now()
        self._pki.revoke_kiosk(kiosk.id, but=issued.serial_number)
        kiosk.certificate_serial = _serial(issued)
        starts.forget(session, kiosk, now)
        subject = f"{kiosk.id} {request.key_sha256[:16]}"
        audit.append(session, at=now, who=login, what=audit.Act.DEVICE_ENROLLED, subject=subject)
        return issued

    def _issue(self, request: Request) -> x509.Certificate:
        return self._pki.certify_kiosk(request.kiosk, request.key, codes.settings(self._hub).certificate_days)


def _required(session: Session, kiosk_id: str) -> Kiosk:
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise ShutOut(f"No kiosk {kiosk_id[:63]} is on this hub's roster. Have it entered in hub.toml.")
    if kiosk.revoked_at is not None:
        raise ShutOut(f"The kiosk {kiosk_id} was revoked for good. A repaired one is enrolled under another id.")
    return kiosk


def _serial(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:X}"
