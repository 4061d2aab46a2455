"""Certificates by what they are for (RFC 5280; RFC 3161 for the TSA, RFC 6960 for OCSP, RFC 9336 for document signing).

Every subject says MẪU/TEST: specimens in the manner of official-duty certificates (NĐ 68/2024), not real ones.
"""

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from hub.signing.credentials import Credential
from hub.verify.trust import BUNDLE_SIGNING

TEST_MARK = "MẪU/TEST"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""

# validators use embedded OCSP responses and CRLs only of certificates that name a source; these names never resolve
_OCSP_URL, _CRL_URL = "http://ocsp.mau-test.invalid/", "http://crl.mau-test.invalid/root.crl"
_LONGEST_NAME_BYTES = 64  # X.520 ub-common-name counts characters, `cryptography` their UTF-8
_BACKDATED = timedelta(hours=1)  # so that a neighbour whose clock is a little slow accepts a fresh certificate
_ROOT_DAYS, _AUTHORITY_DAYS, _LEAF_DAYS = 7300, 3650, 1095

Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Something that issues certificates at a moment."""

    credential: Credential
    now: datetime

    def issue(self, name: x509.Name, extensions: Sequence[Extension], *, serial: int | None = None) -> Credential:
        """Return a fresh P-256 key and its certificate for three years."""
        return _issue(name, extensions, issuer=self.credential, now=self.now, days=_LEAF_DAYS, serial=serial)

    def certify(
        self,
        key: ec.EllipticCurvePublicKey,
        name: x509.Name,
        extensions: Sequence[Extension],
        *,
        days: int = _LEAF_DAYS,
    ) -> x509.Certificate:
        """Return a certificate of a key that lies elsewhere, for three years or for `days`."""
        builder = _builder(name, extensions, key=key, issuer=self.credential, now=self.now, days=days)
        return builder.sign(self.credential.key, hashes.SHA256())


def subject(common_name: str, *, agency: str, title: str | None = None) -> x509.Name:
    """Return a subject in Vietnam that is marked as a specimen; long names are cut."""
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _marked(agency)),
        x509.NameAttribute(NameOID.COMMON_NAME, _marked(common_name)),
    ]
    if title:
        parts.insert(2, x509.NameAttribute(NameOID.TITLE, _cut(title, _LONGEST_NAME_BYTES)))
    return x509.Name(parts)


def machine(common_name: str) -> x509.Name:
    """Return the subject of a machine, whose common name is its name at the broker."""
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Trạm {TEST_MARK}")
    return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def root(name: x509.Name, now: datetime) -> Credential:
    """Return a self-signed authority for twenty years."""
    return _issue(name, _authority_extensions(depth=None), issuer=None, now=now, days=_ROOT_DAYS)


def intermediate(name: x509.Name, issuer: Credential, now: datetime) -> Credential:
    """Return an authority for ten years that issues to end entities only."""
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(_CRL_URL)], None, None, None)
    extensions = [*_authority_extensions(depth=0), (x509.CRLDistributionPoints([point]), False)]
    return _issue(name, extensions, issuer=issuer, now=now, days=_AUTHORITY_DAYS)


def document_signer() -> list[Extension]:
    """A person or an agency that signs documents and can't deny it."""
    usage = _usage(digital_signature=True, content_commitment=True)
    purpose = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return [*_end_entity(usage), (purpose, False), (_status_source(), False)]


def timestamp_authority() -> list[Extension]:
    """A TSA: the purpose is critical and alone (RFC 3161 §2.3)."""
    usage = _usage(digital_signature=True, content_commitment=True)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return [*_end_entity(usage), (purpose, True), (_status_source(), False)]


def ocsp_responder() -> list[Extension]:
    """A delegated responder whose own revocation nobody asks for (RFC 6960 §4.2.2.2.1)."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    return [*_end_entity(_usage(digital_signature=True)), (purpose, False), (x509.OCSPNoCheck(), False)]


def seal_signer() -> list[Extension]:
    """The key of the printed seals (ICAO Doc 9303-13 §2.5: digital signature only)."""
    return _end_entity(_usage(digital_signature=True))


def bundle_signer() -> list[Extension]:
    """The key of the published trust bundle: for that alone, so no officer's key can say whom to trust."""
    purpose = x509.ExtendedKeyUsage([x509.ObjectIdentifier(BUNDLE_SIGNING)])
    return [*_end_entity(_usage(digital_signature=True)), (purpose, True)]


def broker_names(host: str = "") -> x509.SubjectAlternativeName:
    """Return the names of the message broker: those of its own machine, and `host` where clients come from outside."""
    own = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    outside = [name for name in server_names(host) if name not in own] if host else []
    return x509.SubjectAlternativeName([*own, *outside])


def server_names(host: str) -> x509.SubjectAlternativeName:
    """Return the names of a server that clients know by this host name or address."""
    try:
        return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host.strip("[]")))])
    except ValueError:
        return x509.SubjectAlternativeName([x509.DNSName(host)])


def server(names: x509.SubjectAlternativeName) -> list[Extension]:
    """A server on TLS with these names."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return [*_end_entity(_usage(digital_signature=True)), (purpose, False), (names, False)]


def broker_client() -> list[Extension]:
    """A kiosk or the hub at the broker."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return [*_end_entity(_usage(digital_signature=True)), (purpose, False)]


def short_serial() -> int:
    """Return a serial number of six hex digits: the seal's certificate reference must be short."""
    return 0x100000 + secrets.randbelow(0xF00000)


def _issue(
    name: x509.Name,
    extensions: Sequence[Extension],
    *,
    issuer: Credential | None,
    now: datetime,
    days: int,
    serial: int | None = None,
) -> Credential:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, extensions, key=key.public_key(), issuer=issuer, now=now, days=days, serial=serial)
    return Credential(certificate=builder.sign(issuer.key if issuer else key, hashes.SHA256()), key=key)


def _builder(
    name: x509.Name,
    extensions: Sequence[Extension],
    *,
    key: ec.EllipticCurvePublicKey,
    issuer: Credential | None,
    now: datetime,
    days: int,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    signing = issuer.key.public_key() if issuer else key
    builder = (
        x509.CertificateBuilder(subject_name=name, issuer_name=issuer.certificate.subject if issuer else name)
        .public_key(key)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder


def _authority_extensions(depth: int | None) -> list[Extension]:
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return [(x509.BasicConstraints(ca=True, path_length=depth), True), (usage, True)]


def _end_entity(usage: x509.KeyUsage) -> list[Extension]:
    return [(x509.BasicConstraints(ca=False, path_length=None), True), (usage, True)]


def _status_source() -> x509.AuthorityInformationAccess:
    location = x509.UniformResourceIdentifier(_OCSP_URL)
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)])


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _marked(text: str) -> str:
    mark = f" ({TEST_MARK})"
    return _cut(text, _LONGEST_NAME_BYTES - len(mark.encode())) + mark


def _cut(text: str, longest_bytes: int) -> str:
    encoded = text.encode()
    if len(encoded) <= longest_bytes:
        return text
    ellipsis = "…"
    return encoded[: longest_bytes - len(ellipsis.encode())].decode(errors="ignore").rstrip() + ellipsis
