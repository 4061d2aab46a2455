"""The kiosk's own key, of its certificate: what it signs itself, vouchers among it."""

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent.link.faults import BadCredentials
from contract import vds, voucher
from contract.seal import SealSigner


def device_signer(certificate: Path, key: Path) -> SealSigner:
    """Return what signs with the key in the PEM file `key`; raise BadCredentials."""
    try:
        named = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise BadCredentials(f"{certificate} or {key} can't be used: {fault}") from fault
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise BadCredentials(f"{key} holds no elliptic-curve key")
    return SealSigner(signer_id=voucher.SIGNER_ID, cert_ref=f"{named.serial_number:X}", sign=vds.signing_with(private))


def valid_until(certificate: Path) -> datetime:
    """Return when the certificate in the PEM file ends; raise BadCredentials."""
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as fault:
        raise BadCredentials(f"{certificate} can't be used: {fault}") from fault
