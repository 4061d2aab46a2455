"""A private key with its certificate, and how the two lie in files that nobody else can read."""

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

from hub.signing.faults import PkiDamaged

_PEM = serialization.Encoding.PEM
_ALGORITHM = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A certificate and the P-256 key that belongs to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the ECDSA signature (DER) over the SHA-256 of `message`."""
        return self.key.sign(message, _ALGORITHM)


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as PEM."""
    return certificate.public_bytes(_PEM)


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """Return the certificate as pyHanko takes it."""
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def from_asn1(certificate: asn1.Certificate) -> x509.Certificate:
    """Return a certificate that pyHanko gave."""
    return x509.load_der_x509_certificate(certificate.dump())


def write_pem(credential: Credential, stem: Path) -> None:
    """Write `<stem>.pem` and `<stem>.key.pem` (unencrypted PKCS#8, mode 0600)."""
    plain = serialization.NoEncryption()
    key = credential.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, plain)
    write_private(stem.with_suffix(".key.pem"), key)
    write_private(stem.with_suffix(".pem"), certificate_pem(credential.certificate))


def replace_pem(credential: Credential, stem: Path) -> None:
    """Put another key and certificate in the place of what `write_pem` wrote; a power cut leaves either."""
    next_stem = stem.with_name(f".{stem.name}-next")
    write_pem(credential, next_stem)
    next_stem.with_name(f"{next_stem.name}.key.pem").replace(stem.with_suffix(".key.pem"))
    next_stem.with_name(f"{next_stem.name}.pem").replace(
        stem.with_suffix(".pem")
    )  # `read_pem` does this after a power cut here


def read_pem(stem: Path) -> Credential:
    """Return what `write_pem` or `replace_pem` wrote; raise PkiDamaged."""
    half = stem.with_name(f".{stem.name}-next.pem")
    try:
        return _read_pem(stem)
    except PkiDamaged:
        if not half.exists():
            raise
        half.replace(stem.with_suffix(".pem"))
        return _read_pem(stem)


def _read_pem(stem: Path) -> Credential:
    try:
        key = serialization.load_pem_private_key(stem.with_suffix(".key.pem").read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate(stem.with_suffix(".pem").read_bytes())
    except (OSError, ValueError) as fault:
        raise PkiDamaged(f"The key or certificate {stem.name} can't be read ({fault})") from fault
    return _credential(certificate, key, stem)


def write_pkcs12(credential: Credential, path: Path, *, chain: list[x509.Certificate], passphrase: str) -> None:
    """Write a PKCS#12 file (AES-256, mode 0600) with key, certificate and chain."""
    locked = serialization.BestAvailableEncryption(passphrase.encode())
    bundle = pkcs12.serialize_key_and_certificates(None, credential.key, credential.certificate, chain, locked)
    write_private(path, bundle)


def read_pkcs12(path: Path, *, passphrase: str) -> Credential:
    """Return what `write_pkcs12` wrote; raise PkiDamaged also for a wrong passphrase."""
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase.encode())
    except (OSError, ValueError) as fault:
        raise PkiDamaged(f"The key file {path.name} can't be opened ({fault})") from fault
    return _credential(certificate, key, path)


def ensure_log_key(path: Path) -> ed25519.Ed25519PrivateKey:
    """Return the log's key in `path` (PKCS#8 PEM, mode 0600), made where there is none; raise PkiDamaged."""
    if not path.exists():
        made = ed25519.Ed25519PrivateKey.generate()
        write_private(path, made.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise PkiDamaged(f"The log's key {path.name} can't be read ({fault})") from fault
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise PkiDamaged(f"The file {path.name} holds no Ed25519 key")
    return key


def new_passphrase() -> str:
    """Return 160 random bits as text."""
    return secrets.token_urlsafe(20)


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step that survives a power cut; only the owner may read it."""
    write_whole(path, content, mode=0o600)


def write_once(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless a file is there already; of several who do so at once the first has its way."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_private(draft, content)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def write_whole(path: Path, content: bytes, *, mode: int) -> None:
    """Put `content` at `path` in one step that survives a power cut, with these rights."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        os.fchmod(descriptor, mode)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(path)


def _credential(certificate: x509.Certificate | None, key: object, path: Path) -> Credential:
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PkiDamaged(f"The file {path.name} holds no elliptic-curve key with its certificate")
    if key.public_key() != certificate.public_key():
        raise PkiDamaged(f"The key and the certificate of {path.name} do not belong together")
    return Credential(certificate=certificate, key=key)
