"""The kiosk's own key and certificate: what it shows to broker and hub, and what it signs itself, vouchers among it.

The key lies in a file of mode 0600: PKCS#8 PEM, or the same sealed under the machine's TPM (`agent.link.sealing`).
"""

import os
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent.link import sealing
from agent.link.faults import BadCredentials
from agent.whole_file import write_whole
from contract import vds, voucher
from contract.ids import sha256_hex
from contract.seal_profile import SealSigner

_PLAIN = b"-----BEGIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKey:
    """A P-256 key, open; `sealed` tells that its file opens on this machine alone."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    sealed: bool

    @classmethod
    def open(cls, path: Path, tpm: str = sealing.AUTO) -> "DeviceKey":
        """Return the key in the file; raise BadCredentials, KeyOfAnotherMachine where another TPM sealed it."""
        try:
            content = path.read_bytes()
            sealed = not content.startswith(_PLAIN)
            private = serialization.load_pem_private_key(
                sealing.unseal(content, tpm) if sealed else content, password=None
            )
        except (OSError, ValueError, TypeError) as fault:
            raise BadCredentials(f"{path} can't be used: {fault}") from fault
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise BadCredentials(f"{path} holds no elliptic-curve key")
        return cls(private=private, sealed=sealed)

    @classmethod
    def make(cls, path: Path, tpm: str = sealing.AUTO) -> "DeviceKey":
        """Make a key and put it into the file, sealed where the machine has a TPM; raise BadCredentials."""
        made = cls(private=ec.generate_private_key(ec.SECP256R1()), sealed=sealing.has_tpm(tpm))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.unlink(missing_ok=True)
            part = path.with_name(path.name + ".part")
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)  # write_whole opens what is there and keeps its rights
            write_whole(path, sealing.seal(made.pem(), tpm) if made.sealed else made.pem())
        except OSError as fault:
            raise BadCredentials(f"{path} can't be written: {fault.strerror}") from fault
        return made

    @property
    def sha256(self) -> str:
        """The fingerprint of the public half: SHA-256 of its SubjectPublicKeyInfo (RFC 7469 §2.4), in hex."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return sha256_hex(self.private.public_key().public_bytes(serialization.Encoding.DER, form))

    def pem(self) -> bytes:
        """Return the key as unencrypted PKCS#8."""
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.private.private_bytes(serialization.Encoding.PEM, form, plain)

    def request(self, kiosk: str) -> bytes:
        """Return a request for a certificate of this key in the kiosk's name (PKCS#10, DER)."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kiosk)])
        signed = x509.CertificateSigningRequestBuilder().subject_name(name).sign(self.private, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def load_into(self, context: ssl.SSLContext, certificate: Path) -> None:
        """Let `context` show the certificate with this key; no disk sees the key. Raise OSError, ssl.SSLError."""
        memory = os.memfd_create("device-key", os.MFD_CLOEXEC)
        try:
            os.write(memory, self.pem())
            context.load_cert_chain(certificate, f"/proc/self/fd/{memory}")
        finally:
            os.close(memory)

    def signer(self, certificate: Path) -> SealSigner:
        """Return what signs with this key in the certificate's name; raise BadCredentials."""
        reference = f"{certificate_in(certificate).serial_number:X}"
        return SealSigner(signer_id=voucher.SIGNER_ID, cert_ref=reference, sign=vds.signing_with(self.private))


def certificate_in(path: Path) -> x509.Certificate:
    """Return the certificate in a PEM file; raise BadCredentials."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise BadCredentials(f"{path} can't be used: {fault}") from fault


def valid_until(path: Path) -> datetime:
    """Return when the certificate in a PEM file ends; raise BadCredentials."""
    return certificate_in(path).not_valid_after_utc
