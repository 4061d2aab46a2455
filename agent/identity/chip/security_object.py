"""The document security object: hashes of the groups, signed by the document signer (ICAO Doc 9303-10, 4.6.2)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.general import NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from agent.identity.chip import tlv
from agent.identity.chip.verdict import GENUINE, Reason, Verdict
from agent.identity.errors import ChipAnswerBroken

_CONTENT_TYPE = "2.23.136.1.1.1"
_WEAK, _STRONG = ("sha1", "md5"), ("sha224", "sha256", "sha384", "sha512")
_ODD_ASN1 = (ValueError, TypeError, KeyError, AttributeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion)
"""What asn1crypto and cryptography raise for structures that are not what they claim."""


class _GroupHash(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("number", core.Integer), ("value", core.OctetString)]


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _LdsVersion(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("lds_version", core.PrintableString), ("unicode_version", core.PrintableString)]


class _LdsSecurityObject(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [
        ("version", core.Integer),
        ("hash_algorithm", cms.DigestAlgorithm),
        ("hashes", _GroupHashes),
        ("lds_version", _LdsVersion, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityObject:
    """What was signed, and by whom; nothing of it is believed before `signature_verdict` and the signer's chain."""

    hash_name: str
    digest_name: str
    """The groups' hash and the signature's."""

    hashes: dict[int, bytes]
    signer: x509.Certificate
    signed_at: datetime | None
    _content: bytes = field(repr=False)
    _info: Any = field(repr=False)
    _signer_asn1: Any = field(repr=False)

    def signature_verdict(self) -> Verdict:
        """Return whether the signer signed these hashes, with algorithms that hold."""
        weak = [name for name in (self.hash_name, self.digest_name) if name not in _STRONG]
        if weak:
            return Verdict(reason=Reason.WEAK_ALGORITHM, detail=f"the security object is made with {weak[0]}")
        digest = hashlib.new(self.digest_name, self._content).digest()
        try:
            intact, valid = validate_sig_integrity(self._info, self._signer_asn1, _CONTENT_TYPE, digest)
        except (SignatureValidationError, *_ODD_ASN1) as fault:
            return Verdict(reason=Reason.SIGNATURE_WRONG, detail=f"the signature can't be checked ({fault})")
        if not (intact and valid):
            return Verdict(reason=Reason.SIGNATURE_WRONG, detail="the security object is not what was signed")
        return GENUINE

    def group_verdict(self, number: int, group: bytes) -> Verdict:
        """Return whether a group is the signed one."""
        if self.hashes.get(number) != hashlib.new(self.hash_name, group).digest():
            return Verdict(reason=Reason.CLONE, detail=f"hash of DG{number} differs")
        return GENUINE


def parse(file: bytes) -> SecurityObject:
    """Return the object in EF.SOD; raise ChipAnswerBroken where it can't be understood."""
    try:
        outer = cms.ContentInfo.load(tlv.first(file, 0x77), strict=True)
        if outer["content_type"].native != "signed_data":
            raise ValueError("no signed data")
        return _understood(outer["content"])
    except _ODD_ASN1 as fault:
        raise ChipAnswerBroken(f"the document security object can't be understood ({type(fault).__name__})") from None


def _understood(signed: cms.SignedData) -> SecurityObject:
    inside = signed["encap_content_info"]
    if inside["content_type"].native != _CONTENT_TYPE:
        raise ValueError("something else is signed")
    content = bytes(inside["content"])
    said = _LdsSecurityObject.load(content, strict=True)
    hashes = {int(entry["number"].native): bytes(entry["value"].native) for entry in said["hashes"]}
    if len(hashes) != len(said["hashes"]) or len(signed["signer_infos"]) != 1:
        raise ValueError("a group or a signer stands twice")
    info = signed["signer_infos"][0]
    if isinstance(info["signed_attrs"], core.Void):
        raise ValueError("the signature covers no attributes")
    hash_name, digest_name = (
        str(each["algorithm"].native) for each in (said["hash_algorithm"], info["digest_algorithm"])
    )
    if not {hash_name, digest_name} <= {*_STRONG, *_WEAK}:
        raise ValueError("an unknown hash")
    signer = _signer(signed, info["sid"])
    return SecurityObject(
        hash_name=hash_name,
        digest_name=digest_name,
        hashes=hashes,
        signer=x509.load_der_x509_certificate(signer.dump()),
        signed_at=_signing_time(info),
        _content=content,
        _info=info,
        _signer_asn1=signer,
    )


def _signer(signed: cms.SignedData, identifier: cms.SignerIdentifier) -> asn1.Certificate:
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
    """Return when it claims to be signed; many states leave it out."""
    try:
        moment: datetime = find_unique_cms_attribute(info["signed_attrs"], "signing_time").native
    except NonexistentAttributeError:
        return None
    return moment
