"""The message broker's own authority: who may connect, and as whom. Nothing here can sign a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from contract.clock import Clock
from contract.topics import is_kiosk_id
from hub.signing import profiles, revocation
from hub.signing.credentials import Credential, certificate_pem, read_pem, replace_pem, write_pem, write_private
from hub.signing.faults import PkiDamaged, UnknownKiosk
from hub.signing.revocation import Revoked

HUB_NAME = "hub"

_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """What one end of a connection needs: its certificate and key, and the authority of the other end (PEM)."""

    certificate: Path
    key: Path
    authority: Path


class BrokerPki:
    """The authority of the broker, its clients' certificates and its revocation list, in a folder."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self._root = read_pem(directory / "root")

    @classmethod
    def found(cls, directory: Path, clock: Clock) -> "BrokerPki":
        """Make the authority, the broker's own certificate and the hub's in a new folder."""
        (directory / "kiosks").mkdir(parents=True)
        now = clock.now()
        root = profiles.root(profiles.machine(f"Trạm MQTT Root ({profiles.TEST_MARK})"), now)
        authority = profiles.Authority(credential=root, now=now)
        write_pem(root, directory / "root")
        write_pem(_broker(authority, profiles.broker_names()), directory / "server")
        write_pem(authority.issue(profiles.machine(HUB_NAME), profiles.broker_client()), directory / HUB_NAME)
        return cls(directory, clock)

    @property
    def server(self) -> TlsFiles:
        """The broker's own files."""
        return self._files(self._directory / "server")

    @property
    def hub(self) -> TlsFiles:
        """The hub's files as a client."""
        return self._files(self._directory / HUB_NAME)

    @property
    def crl_path(self) -> Path:
        """Where the broker finds the revocation list (PEM); it reads it again on SIGHUP."""
        return self._directory / "crl.pem"

    def kiosk(self, kiosk_id: str) -> TlsFiles:
        """Return where a kiosk's files lie, issued or not; raise UnknownKiosk for an impossible id."""
        if not is_kiosk_id(kiosk_id) or kiosk_id == HUB_NAME:
            raise UnknownKiosk(f"{kiosk_id[:40]!r} can't be the name of a kiosk")
        return self._files(self._directory / "kiosks" / kiosk_id)

    def issue_kiosk(self, kiosk_id: str, revoked: Iterable[Revoked]) -> TlsFiles:
        """Return a kiosk's files; a certificate that is whole, unrevoked and good for 30 days is kept."""
        files = self.kiosk(kiosk_id)
        if not self._is_good(files, {int(each.serial, 16) for each in revoked}):
            authority = profiles.Authority(credential=self._root, now=self._clock.now())
            write_pem(authority.issue(profiles.machine(kiosk_id), profiles.broker_client()), _stem(files))
        return files

    def certify_kiosk(self, kiosk_id: str, key: ec.EllipticCurvePublicKey, days: int) -> x509.Certificate:
        """Return a certificate for `days` of a key that lies at the kiosk; the one before stays good until revoked."""
        files = self.kiosk(kiosk_id)
        authority = profiles.Authority(credential=self._root, now=self._clock.now())
        made = authority.certify(key, profiles.machine(kiosk_id), profiles.broker_client(), days=days)
        if files.certificate.exists():
            self._retire(x509.load_pem_x509_certificate(files.certificate.read_bytes()))
        files.key.unlink(missing_ok=True)  # a key that was made here for this kiosk is not its own any more
        write_private(files.certificate, certificate_pem(made))
        return made

    def certificates_of(self, kiosk_id: str) -> list[x509.Certificate]:
        """Return every certificate of a kiosk that is known here, in use or replaced."""
        retired = (x509.load_pem_x509_certificate(path.read_bytes()) for path in self._retired_paths())
        current = self.kiosk_certificates().values()
        return [each for each in (*current, *retired) if each.subject == profiles.machine(kiosk_id)]

    def enrolment_server(self, host: str) -> TlsFiles:
        """Return the files of the place where kiosks enrol, made for this host name or address where need be."""
        files = self._files(self._directory / "enrolment")
        names = profiles.server_names(host)
        if not self._is_good(files, set()) or not _is_for(read_pem(_stem(files)).certificate, names):
            authority = profiles.Authority(credential=self._root, now=self._clock.now())
            write_pem(authority.issue(profiles.machine(host), profiles.server(names)), _stem(files))
        return files

    @property
    def authority(self) -> x509.Certificate:
        """The certificate of the devices' authority."""
        return self._root.certificate

    def kiosk_certificates(self) -> dict[str, x509.Certificate]:
        """Return each kiosk's certificate now in use, by the kiosk's id."""
        keys = ".key.pem"
        paths = [
            path
            for path in (self._directory / "kiosks").glob("*.pem")
            if not path.name.endswith(keys) and path.name[0] != "."
        ]
        return {path.stem: x509.load_pem_x509_certificate(path.read_bytes()) for path in paths}

    def replace(self, role: str, kiosk_id: str = "") -> None:
        """Give the broker (`broker`), the hub (`hub`) or a kiosk a new key and certificate; the old one stays good.

        The broker reads its own again on SIGHUP, the others at their next start.
        """
        authority = profiles.Authority(credential=self._root, now=self._clock.now())
        files, name = (self.kiosk(kiosk_id), kiosk_id) if kiosk_id else (self.hub, HUB_NAME)
        made = authority.issue(profiles.machine(name), profiles.broker_client())
        if role == "broker":
            files, made = self.server, _broker(authority, _names(read_pem(_stem(self.server)).certificate))
        self._put_in_place(files, made)

    def keep_current(self, host: str) -> None:
        """Give the hub and the broker new certificates where the old ones end within 30 days, or the broker's is not
        for `host` (as kiosks reach it; empty: from this machine alone). Called at each start.
        """
        if not self._is_good(self.hub, set()):
            self.replace(HUB_NAME)
        names = profiles.broker_names(host)
        if not self._is_good(self.server, set()) or not _is_for(read_pem(_stem(self.server)).certificate, names):
            authority = profiles.Authority(credential=self._root, now=self._clock.now())
            self._put_in_place(self.server, _broker(authority, names))

    def machine_certificates(self) -> dict[str, x509.Certificate]:
        """Return the authority's certificate, the broker's and the hub's, by role."""
        files = {"broker": self.server.certificate, "hub": self.hub.certificate}
        machines = {role: x509.load_pem_x509_certificate(path.read_bytes()) for role, path in files.items()}
        return {"broker-root": self._root.certificate, **machines}

    def serials(self) -> set[int]:
        """Return the serial numbers of the certificates in use or replaced: what can be revoked."""
        paths = [self.server.certificate, self.hub.certificate, *self._retired_paths()]
        machines = [x509.load_pem_x509_certificate(path.read_bytes()) for path in paths]
        return {certificate.serial_number for certificate in (*machines, *self.kiosk_certificates().values())}

    def write_crl(self, revoked: Iterable[Revoked]) -> None:
        """Publish the revocation list."""
        listed = revocation.crl(self._root, revoked, self._clock.now())
        write_private(self.crl_path, listed.public_bytes(serialization.Encoding.PEM))

    def _retired_paths(self) -> list[Path]:
        return sorted((self._directory / "retired").glob("*.pem"))

    def _retire(self, certificate: x509.Certificate) -> None:
        folder = self._directory / "retired"
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(folder / f"{certificate.serial_number:x}.pem", certificate_pem(certificate))

    def _put_in_place(self, files: TlsFiles, made: Credential) -> None:
        self._retire(x509.load_pem_x509_certificate(files.certificate.read_bytes()))
        replace_pem(made, _stem(files))

    def _files(self, stem: Path) -> TlsFiles:
        return TlsFiles(
            certificate=stem.with_suffix(".pem"),
            key=stem.with_suffix(".key.pem"),
            authority=self._directory / "root.pem",
        )

    def _is_good(self, files: TlsFiles, revoked: set[int]) -> bool:
        try:
            certificate = read_pem(_stem(files)).certificate
        except PkiDamaged:
            return False
        lasting = certificate.not_valid_after_utc - self._clock.now() > _RENEW_BEFORE
        return lasting and certificate.serial_number not in revoked


def _broker(authority: profiles.Authority, names: x509.SubjectAlternativeName) -> Credential:
    return authority.issue(profiles.machine("localhost"), profiles.server(names))


def _is_for(certificate: x509.Certificate, names: x509.SubjectAlternativeName) -> bool:
    return _names(certificate) == names


def _names(certificate: x509.Certificate) -> x509.SubjectAlternativeName:
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def _stem(files: TlsFiles) -> Path:
    return files.certificate.with_suffix("")
