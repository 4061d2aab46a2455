"""The authority of people, agency and the hub's own services: the folder `people/` with its keys and certificates."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from contract.clock import Clock
from hub.signing import profiles, records
from hub.signing.credentials import (
    Credential,
    certificate_pem,
    ensure_log_key,
    new_passphrase,
    read_pem,
    read_pkcs12,
    replace_pem,
    write_pkcs12,
    write_private,
)
from hub.signing.faults import UnknownCertificate
from hub.signing.founding import SERVICES, service
from hub.signing.records import Entry, Officer, Roster
from hub.signing.roles import Role


class PeoplePki:
    """The folder as it was when it was read, and what is entered in it from here; raise PkiDamaged when opened."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory, self._clock = directory, clock
        self._folder = directory / "people"
        self._secrets = records.read(directory / records.SECRETS, dict[str, str])
        self.root = read_pem(self._folder / "root")
        self.issuing = read_pem(self._folder / "issuing")
        self.responder = read_pem(self._folder / "ocsp")
        self.tsa = read_pem(self._folder / "tsa")
        self.seal = read_pem(self._folder / "seal")
        self.bundle_signer = read_pem(self._folder / "bundle")
        self.agency_credential = self._open("agency")
        self.log_key = ensure_log_key(self._folder / "log.key.pem")
        self.roster = records.read(directory / records.ROSTER, Roster)
        self.officers = {entry.officer.name: self._certificate(entry.file) for entry in self.roster.entries}
        self.retired = [x509.load_pem_x509_certificate(path.read_bytes()) for path in self._retired_paths()]

    def end_entities(self) -> tuple[x509.Certificate, ...]:
        """Return every certificate that the issuing authority issued, in use or retired."""
        own = (self.agency_credential, self.tsa, self.seal, self.bundle_signer)
        return (*(each.certificate for each in own), *self.officers.values(), *self.retired)

    def enrol(self, officer: Officer, key: ec.EllipticCurvePublicKey | None = None) -> None:
        """Give `officer` a certificate of `key`, else of a fresh key in a file; another one before it is forgotten."""
        certificate = self._issue(officer, key)
        file = _file_of(certificate)
        write_private(self._folder / f"{file}.pem", certificate_pem(certificate))
        others = (entry for entry in self.roster.entries if entry.officer.name != officer.name)
        self.roster = Roster(agency=self.roster.agency, entries=(*others, Entry(officer=officer, file=file)))
        records.write(self._directory / records.ROSTER, self.roster)
        self.officers[officer.name] = certificate

    def certifier(self, name: str) -> Credential:
        """Return the key of somebody on the roster that nobody put a PIN on yet; raise PkiDamaged where one is."""
        return self._open(next(entry.file for entry in self.roster.entries if entry.officer.name == name))

    def key_file(self, name: str) -> tuple[Path, str] | None:
        """Return a certifier's file and its transport passphrase, or None where the key lies on a token."""
        for entry in self.roster.entries:
            if entry.officer.name == name and entry.file in self._secrets:
                return self._folder / f"{entry.file}.p12", self._secrets[entry.file]
        return None

    def replace(self, role: Role, whose: str, old: x509.Certificate) -> None:
        """Put a new key and certificate in the folder and keep the old certificate there; raise UnknownCertificate.

        The folder must be read anew.
        """
        if role not in (*SERVICES, Role.AGENCY, Role.CERTIFIER):
            raise UnknownCertificate(f"A {role} certificate is not replaced here")
        self._retire(old)
        authority = profiles.Authority(credential=self.issuing, now=self._clock.now())
        agency = self.roster.agency
        if role in SERVICES:
            replace_pem(service(authority, role, agency), self._folder / role)
        elif role is Role.AGENCY:
            owner = authority.issue(profiles.subject(agency, agency=agency), profiles.document_signer())
            path = self._folder / "agency.p12"
            write_pkcs12(owner, path, chain=[self.issuing.certificate], passphrase=self._secrets["agency"])
        else:
            on_token = self.key_file(whose) is None
            officer = next(entry.officer for entry in self.roster.entries if entry.officer.name == whose)
            known = old.public_key()
            assert isinstance(known, ec.EllipticCurvePublicKey)
            self.enrol(officer, known if on_token else None)

    def _open(self, file: str) -> Credential:
        return read_pkcs12(self._folder / f"{file}.p12", passphrase=self._secrets.get(file, ""))

    def _issue(self, officer: Officer, key: ec.EllipticCurvePublicKey | None) -> x509.Certificate:
        subject = profiles.subject(officer.name, agency=self.roster.agency, title=officer.title)
        authority = profiles.Authority(credential=self.issuing, now=self._clock.now())
        if key is not None:
            return authority.certify(key, subject, profiles.document_signer())
        credential = authority.issue(subject, profiles.document_signer())
        self._keep_locked(_file_of(credential.certificate), credential)
        return credential.certificate

    def _keep_locked(self, file: str, credential: Credential) -> None:
        self._secrets[file] = new_passphrase()
        records.write(self._directory / records.SECRETS, self._secrets)
        path = self._folder / f"{file}.p12"
        write_pkcs12(credential, path, chain=[self.issuing.certificate], passphrase=self._secrets[file])

    def _certificate(self, file: str) -> x509.Certificate:
        path = self._folder / f"{file}.pem"
        if not path.exists():  # a folder made before keys had PINs
            write_private(path, certificate_pem(self._open(file).certificate))
        return x509.load_pem_x509_certificate(path.read_bytes())

    def _retire(self, certificate: x509.Certificate) -> None:
        folder = self._folder / "retired"
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(folder / f"{certificate.serial_number:x}.pem", certificate_pem(certificate))

    def _retired_paths(self) -> list[Path]:
        return sorted((self._folder / "retired").glob("*.pem"))


def _file_of(certificate: x509.Certificate) -> str:
    return f"officer-{certificate.serial_number:x}"
