"""A state that is not there: its country signing authority, document signers and signed security objects.

Certificates after ICAO Doc 9303-12, the object after -10, 4.6.2. Every key is made anew; no real state is meant.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LDS_OBJECT, _MASTER_LIST = "2.23.136.1.1.1", "2.23.136.1.1.2"
_LIST_SIGNER = x509.ObjectIdentifier("2.23.136.1.1.3")
_DER = serialization.Encoding.DER
_NAMES: dict[str, type[hashes.SHA1 | hashes.SHA256 | hashes.SHA384]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)


class State:
    """One state's authority, valid ten years from three years before `now`."""

    def __init__(self, now: datetime, *, country: str = "VN", years: float = 13.0) -> None:
        self._now, self._country = now, country
        key = ec.generate_private_key(ec.SECP384R1())
        name = _name(country, "Test CSCA (specimen)")
        self.authority = Signer(
            certificate=_certificate(name, name, key, key, _ago(now, 3), _ago(now, 3 - years), authority=True), key=key
        )

    def signer(
        self,
        *,
        since_years: float = 1.0,
        until_years: float = 10.0,
        signs_documents: bool = True,
        signs_lists: bool = False,
    ) -> Signer:
        """Return a signer, valid from so many years ago to so many years ahead (negative: ago)."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(self._country, "Test document signer (specimen)")
        certificate = _certificate(
            subject,
            self.authority.certificate.subject,
            key,
            self.authority.key,
            _ago(self._now, since_years),
            _ago(self._now, -until_years),
            signs_documents=signs_documents,
            signs_lists=signs_lists,
        )
        return Signer(certificate=certificate, key=key)

    def revocation_list(self, *revoked: Signer) -> x509.CertificateRevocationList:
        """Return a list that names these signers."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.authority.certificate.subject)
        builder = builder.last_update(self._now).next_update(self._now + timedelta(days=30))
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(self._now).build())
        return builder.sign(self.authority.key, hashes.SHA384())


def security_object(groups: dict[int, bytes], signer: Signer, signed_at: datetime, hash_name: str = "sha256") -> bytes:
    """Return EF.SOD over these groups."""
    hashed = [{"number": number, "value": hashlib.new(hash_name, group).digest()} for number, group in groups.items()]
    said = _LdsObject({"version": 0, "hash_algorithm": {"algorithm": hash_name}, "hashes": hashed})
    content = signed_data(said.dump(), _LDS_OBJECT, signer, signed_at, hash_name)
    return b"\x77\x82" + len(content).to_bytes(2, "big") + content


def master_list(certificates: list[x509.Certificate], signer: Signer, signed_at: datetime) -> bytes:
    """Return a master list of these certificates."""
    listed = [asn1.Certificate.load(one.public_bytes(_DER)) for one in certificates]
    return signed_data(
        _MasterList({"version": 0, "certificates": listed}).dump(), _MASTER_LIST, signer, signed_at, "sha256"
    )


def signed_data(content: bytes, content_type: str, signer: Signer, signed_at: datetime, hash_name: str) -> bytes:
    """Return signed data (RFC 5652)."""
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content_type]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(signed_at)})]},
            {"type": "message_digest", "values": [hashlib.new(hash_name, content).digest()]},
        ]
    )
    certificate = asn1.Certificate.load(signer.certificate.public_bytes(_DER))
    meant = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": meant}),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": hash_name}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{hash_name}_ecdsa"}),
            "signature": signer.key.sign(attributes.dump(), ec.ECDSA(_NAMES[hash_name]())),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": hash_name})],
            "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(content)},
            "certificates": [cms.CertificateChoices({"certificate": certificate})],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


class _Certificates(core.SetOf):  # type: ignore[misc]
    _child_spec = asn1.Certificate


class _MasterList(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("version", core.Integer), ("certificates", _Certificates)]


class _GroupHash(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("number", core.Integer), ("value", core.OctetString)]


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _LdsObject(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", _GroupHashes),
    ]


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
    *,
    authority: bool = False,
    signs_documents: bool = True,
    signs_lists: bool = False,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not authority and signs_documents,
        key_agreement=not authority and not signs_documents,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=begins,
        not_valid_after=ends,
    )
    builder = builder.add_extension(usage, critical=True)
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    if signs_lists:
        builder = builder.add_extension(x509.ExtendedKeyUsage([_LIST_SIGNER]), critical=True)
    return builder.sign(issuer_key, hashes.SHA384())


def _name(country: str, common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _ago(now: datetime, years: float) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0) - timedelta(days=365.25 * years)
