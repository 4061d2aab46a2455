"""Content signed after CMS (RFC 5652) by one signer whose certificate is with it: security objects, master lists."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.general import NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

STRONG = ("sha224", "sha256", "sha384", "sha512")
HASHES = ("md5", "sha1", *STRONG)
"""Hashes that are understood; only the strong ones are believed."""

ODD_ASN1 = (ValueError, TypeError, KeyError, AttributeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion)
"""What asn1crypto and cryptography raise for structures that are not what they claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContent:
    """What was signed, and by whom; nothing of it is believed before `signed_as_it_is` and the signer's chain."""

    content: bytes = field(repr=False)
    hash_name: str
    """The signature's hash, one of HASHES."""

    signer: x509.Certificate
    signed_at: datetime | None
    """What the signer claims; many leave it out."""

    _type: str
    _info: Any = field(repr=False)
    _signer: Any = field(repr=False)

    def signed_as_it_is(self) -> bool:
        """Return whether the signer signed just this content as content of this type."""
        digest = hashlib.new(self.hash_name, self.content).digest()
        try:
            return all(validate_sig_integrity(self._info, self._signer, self._type, digest))
        except (SignatureValidationError, *ODD_ASN1):
            return False


def parse(der: bytes, content_type: str) -> SignedContent:
    """Return signed content of a type (dotted identifier); raise ValueError where there is none."""
    try:
        outer = cms.ContentInfo.load(der, strict=True)
        if outer["content_type"].native != "signed_data":
            raise ValueError("no signed data")
        return _understood(outer["content"], content_type)
    except ODD_ASN1 as fault:
        raise ValueError(f"no signed content ({type(fault).__name__})") from None


def _understood(signed: cms.SignedData, content_type: str) -> SignedContent:
    inside = signed["encap_content_info"]
    if inside["content_type"].native != content_type or len(signed["signer_infos"]) != 1:
        raise ValueError("something else is signed, or not by one signer")
    info = signed["signer_infos"][0]
    hash_name = str(info["digest_algorithm"]["algorithm"].native)
    if isinstance(info["signed_attrs"], core.Void) or hash_name not in HASHES:
        raise ValueError("the signature covers no attributes, or is made with an unknown hash")
    signer = _signer_of(signed, info["sid"])
    return SignedContent(
        content=bytes(inside["content"]),
        hash_name=hash_name,
        signer=x509.load_der_x509_certificate(signer.dump()),
        signed_at=_signing_time(info),
        _type=content_type,
        _info=info,
        _signer=signer,
    )


def _signer_of(signed: cms.SignedData, identifier: cms.SignerIdentifier) -> asn1.Certificate:
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if isinstance(certificate, asn1.Certificate) and _is_meant(certificate, identifier):
            return certificate
    raise ValueError("the signer's certificate is missing")


def _is_meant(certificate: asn1.Certificate, identifier: cms.SignerIdentifier) -> bool:
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_identifier == identifier.chosen.native)
    wanted = identifier.chosen
    return bool(certificate.issuer == wanted["issuer"] and certificate.serial_number == wanted["serial_number"].native)


def _signing_time(info: cms.SignerInfo) -> datetime | None:
    try:
        moment: datetime = find_unique_cms_attribute(info["signed_attrs"], "signing_time").native
    except NonexistentAttributeError:
        return None
    if moment.tzinfo is None:
        raise ValueError("a signing time without its zone")
    return moment
