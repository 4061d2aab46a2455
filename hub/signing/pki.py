"""The embedded test PKI: every key that a hub needs on its first day, made by itself, in one folder.

This is the set-up for demonstration and tests. Keys lie in files, the passphrases of the PKCS#12 files beside them in
`secrets.json` (mode 0600), so whoever reads the folder can sign. In the field an agency's certificates come from the
official-duty authority (NĐ 68/2024) and the keys stay in tokens or an HSM.

    people/   root → issuing → officers (PKCS#12), agency (PKCS#12), tsa, ocsp, seal, bundle
              log.key.pem · retired/ (certificates replaced by `replace`)
    broker/   root → server, enrolment, hub, kiosks/<id> (without a key where it lies at the kiosk); crl.pem · retired/
    roster.json · revoked.json · secrets.json · pins.json · changed.json

The agency's, TSA's and seal's keys are the hub's own; an officer's key is locked under his PIN (`officer_keys`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from contract import vds
from contract.clock import Clock
from contract.note import LogSigner, origin_of
from contract.seal_profile import SealSigner
from hub.signing import records, revocation
from hub.signing.broker_pki import BrokerPki, TlsFiles
from hub.signing.credentials import Credential
from hub.signing.faults import PkiOfAnotherAgency, UnknownCertificate, UnknownCertifier, UnknownSerial
from hub.signing.founding import add_bundle_signer, alone, found
from hub.signing.own_evidence import OwnEvidence
from hub.signing.people_pki import PeoplePki
from hub.signing.pkcs12_keys import Pkcs12Keys
from hub.signing.records import Officer, RevokedLists
from hub.signing.revocation import Revoked
from hub.signing.roles import Role

__all__ = ["Officer", "Pki", "TlsFiles", "ensure"]

SEAL_SIGNER_ID = "VNTR"


def ensure(
    directory: Path,
    clock: Clock,
    *,
    agency: str,
    certifiers: Sequence[Officer],
    tokens: Mapping[str, ec.EllipticCurvePublicKey] | None = None,
) -> "Pki":
    """Return the PKI in `directory`, made there if there is none; officers not yet on the roster get a certificate.

    `tokens` holds the public keys of those whose key lies elsewhere, by name.
    A crash leaves either no folder or a whole one. Raises PkiOfAnotherAgency, PkiDamaged.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with alone(directory):
        if not (directory / records.ROSTER).exists():
            found(directory, clock, agency)
        add_bundle_signer(directory, clock, agency)
        pki = Pki(directory, clock)
        if pki.agency != agency:
            raise PkiOfAnotherAgency(f"The keys in {directory} are those of {pki.agency}, not of {agency}")
        for officer in certifiers:
            pki.enrol(officer, (tokens or {}).get(officer.name))
        pki.write_crl()
    return pki


class Pki:
    """The keys and certificates of one hub, and what is revoked of them; raise PkiDamaged when opened."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self.broker = BrokerPki(directory / "broker", clock)
        self._load()
        self.officer_keys = Pkcs12Keys(
            directory, clock, file_of=lambda name: self._people.key_file(name), chain=self.issuing
        )

    def _load(self) -> None:
        self._people = people = PeoplePki(self._directory, self._clock)
        self.tsa, self.seal, self.bundle_signer = people.tsa, people.seal, people.bundle_signer
        self.agency_credential = people.agency_credential
        self._take(records.read(self._directory / records.REVOKED, RevokedLists))
        self.state = _state_of(self._directory)

    def _take(self, revoked: RevokedLists) -> None:
        self._revoked = revoked
        self.evidence = OwnEvidence(self._people, revoked.people, self._clock)

    def refresh(self) -> bool:
        """Load what another process changed in the folder (rotation, revocation); return whether there was anything."""
        if self.state == _state_of(self._directory):
            return False
        with alone(self._directory):
            self._load()
        return True

    @property
    def agency(self) -> str:
        """The agency whose keys these are."""
        return self._people.roster.agency

    @property
    def officers(self) -> tuple[Officer, ...]:
        """The persons who have a certificate here."""
        return tuple(entry.officer for entry in self._people.roster.entries)

    @property
    def root(self) -> x509.Certificate:
        """The trust anchor of people, agency, TSA and seal."""
        return self._people.root.certificate

    @property
    def issuing(self) -> x509.Certificate:
        """The authority between the anchor and the end entities."""
        return self._people.issuing.certificate

    @property
    def responder(self) -> x509.Certificate:
        """The certificate that signs OCSP responses."""
        return self._people.responder.certificate

    def certificate_of(self, name: str) -> x509.Certificate:
        """Return the certificate of the certifier of this name; raise UnknownCertifier."""
        try:
            return self._people.officers[name]
        except KeyError:
            raise UnknownCertifier(f"{name} is not on the roster of certifiers of {self.agency}") from None

    def is_certificate_of(self, name: str, certificate: x509.Certificate) -> bool:
        """Return whether this is the person's certificate, or was before it was replaced; raise UnknownCertifier."""
        current = self.certificate_of(name)
        return certificate == current or (
            certificate in self._people.retired and certificate.subject == current.subject
        )

    def certificate(self, role: Role, whose: str = "") -> x509.Certificate:
        """Return the certificate in use; raise UnknownCertificate."""
        for found_role, owner, certificate in self.in_use():
            if (found_role, owner) == (role, whose):
                return certificate
        raise UnknownCertificate(f"There is no certificate of {whose or 'the hub'} as {role} here")

    def replace(self, role: Role, whose: str = "") -> x509.Certificate:
        """Give a role a new key and certificate; the old certificate stays good for what it signed, until revoked.

        `rotation.rotate` does so under a lock. Raises UnknownCertificate for what can't be replaced.
        """
        old = self.certificate(role, whose)
        if role in (Role.BROKER, Role.HUB, Role.KIOSK):
            self.broker.replace(role, whose)
        else:
            self._people.replace(role, whose, old)
        records.write(self._directory / records.CHANGED, self._clock.now())
        self._load()
        return self.certificate(role, whose)

    def certifier(self, name: str) -> Credential:
        """Return a certifier's key that nobody put a PIN on yet; raise UnknownCertifier, PkiDamaged where one is."""
        self.certificate_of(name)
        return self._people.certifier(name)

    def seal_signer(self, seal: Credential | None = None) -> SealSigner:
        """Return what signs the printed seals, with the key in use where none is given.

        A seal can't be made again from what is recorded of a copy: it is the key to its words (hub.fingerprint).
        """
        key = seal or self.seal
        sign = vds.signing_with(key.key, deterministic=False)
        return SealSigner(signer_id=SEAL_SIGNER_ID, cert_ref=f"{key.certificate.serial_number:X}", sign=sign)

    def log_signer(self, verify_base_url: str) -> LogSigner:
        """Return what signs the heads of the public log beside this verify page."""
        return LogSigner(name=origin_of(verify_base_url), key=self._people.log_key)

    def enrol(self, officer: Officer, key: ec.EllipticCurvePublicKey | None = None) -> None:
        """Put `officer` on the roster with a certificate, once; `ensure` does so under a lock.

        The certificate is that of `key`, else of a fresh key in a file. Another key than before revokes the old one's.
        """
        known = self._people.officers.get(officer.name)
        if known is not None and key in (None, known.public_key()):
            return
        if known is not None:
            self.revoke(known.serial_number)
        self._people.enrol(officer, key)

    def issue_kiosk(self, kiosk_id: str) -> TlsFiles:
        """Return the files with which a kiosk connects, issued if it has none that are good; raise UnknownKiosk."""
        return self.broker.issue_kiosk(kiosk_id, self._revoked.broker)

    def certify_kiosk(self, kiosk_id: str, key: ec.EllipticCurvePublicKey, days: int) -> x509.Certificate:
        """Return a certificate of a kiosk's own key; raise UnknownKiosk for an impossible id."""
        with alone(self._directory):
            certificate = self.broker.certify_kiosk(kiosk_id, key, days)
            records.write(self._directory / records.CHANGED, self._clock.now())
        return certificate

    def revoke_kiosk(self, kiosk_id: str, *, but: int | None = None) -> None:
        """Revoke every certificate of a kiosk, save the one with the serial number `but`."""
        with alone(self._directory):
            self._take(records.read(self._directory / records.REVOKED, RevokedLists))
            known = {int(each.serial, 16) for each in self._revoked.broker}
            for certificate in self.broker.certificates_of(kiosk_id):
                if certificate.serial_number not in (*known, but):
                    self.revoke(certificate.serial_number)

    def revoke(self, serial: int) -> None:
        """Revoke a certificate of either authority from now on, for good; raise UnknownSerial.

        The lists are rewritten; a running broker must be told (SIGHUP).
        """
        entry = Revoked(serial=f"{serial:X}", at=self._clock.now().replace(microsecond=0))
        old = self._revoked
        if serial in self.broker.serials():
            self._take(RevokedLists(people=old.people, broker=(*old.broker, entry)))
        elif serial in {certificate.serial_number for certificate in self.end_entities()}:
            self._take(RevokedLists(people=(*old.people, entry), broker=old.broker))
        else:
            raise UnknownSerial(f"No certificate with the serial number {serial:X} was issued here")
        records.write(self._directory / records.REVOKED, self._revoked)
        self.state = _state_of(self._directory)
        self.write_crl()

    def is_revoked(self, certificate: x509.Certificate) -> bool:
        """Return whether `certificate` (of people, agency, TSA or seal) was revoked."""
        return self.revoked_at(certificate) is not None

    def revoked_machines(self) -> dict[str, datetime]:
        """Return the serial numbers (upper-case hex) revoked of kiosks, hub and broker, and since when each is."""
        return {each.serial: each.at for each in self._revoked.broker}

    def is_issuer(self, certificate: x509.Certificate) -> bool:
        """Return whether this is one of the authorities of this PKI."""
        return certificate in (self.root, self.issuing)

    def revoked_at(self, certificate: x509.Certificate) -> datetime | None:
        """Return since when `certificate` is revoked, or None."""
        return revocation.by_serial(self._revoked.people).get(certificate.serial_number)

    def end_entities(self) -> tuple[x509.Certificate, ...]:
        """Return every certificate that the issuing authority issued, in use or retired."""
        return self._people.end_entities()

    def in_use(self) -> Iterator[tuple[Role, str, x509.Certificate]]:
        """Yield every certificate in use: its role, whose it is (a person's name, a kiosk's id), the certificate."""
        yield Role.ROOT, "", self.root
        yield Role.ISSUING, "", self.issuing
        yield Role.OCSP, "", self.responder
        yield Role.TSA, "", self.tsa.certificate
        yield Role.SEAL, "", self.seal.certificate
        yield Role.BUNDLE, "", self.bundle_signer.certificate
        yield Role.AGENCY, "", self.agency_credential.certificate
        for name, certificate in self._people.officers.items():
            yield Role.CERTIFIER, name, certificate
        for role, certificate in self.broker.machine_certificates().items():
            yield Role(role), "", certificate
        for kiosk, certificate in self.broker.kiosk_certificates().items():
            yield Role.KIOSK, kiosk, certificate

    def write_crl(self) -> None:
        """Give the broker a fresh revocation list."""
        self.broker.write_crl(self._revoked.broker)


def _state_of(directory: Path) -> tuple[int, ...]:
    """Return what changes with every rotation, enrolment and revocation."""
    files = [directory / name for name in (records.ROSTER, records.REVOKED, records.CHANGED)]
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in files)
