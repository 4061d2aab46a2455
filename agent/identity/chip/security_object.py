"""The document security object: hashes of the groups, signed by the document signer (ICAO Doc 9303-10, 4.6.2)."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from asn1crypto import cms, core

from agent.identity.chip import signed_content, tlv
from agent.identity.chip.signed_content import HASHES, ODD_ASN1, STRONG, SignedContent
from agent.identity.chip.verdict import GENUINE, Reason, Verdict
from agent.identity.errors import ChipAnswerBroken

_CONTENT_TYPE = "2.23.136.1.1.1"


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
    """The groups' hashes by number, and who signed them; believed only after both verdicts and the signer's chain."""

    hash_name: str
    hashes: dict[int, bytes]
    signed: SignedContent

    def signature_verdict(self) -> Verdict:
        """Return whether the signer signed these hashes, with algorithms that hold."""
        weak = [name for name in (self.hash_name, self.signed.hash_name) if name not in STRONG]
        if weak:
            return Verdict(reason=Reason.WEAK_ALGORITHM, detail=f"the security object is made with {weak[0]}")
        if not self.signed.signed_as_it_is():
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
        return _understood(signed_content.parse(tlv.first(file, 0x77), _CONTENT_TYPE))
    except ODD_ASN1 as fault:
        raise ChipAnswerBroken(f"the document security object can't be understood ({type(fault).__name__})") from None


def _understood(signed: SignedContent) -> SecurityObject:
    said = _LdsSecurityObject.load(signed.content, strict=True)
    hashes = {int(entry["number"].native): bytes(entry["value"].native) for entry in said["hashes"]}
    hash_name = str(said["hash_algorithm"]["algorithm"].native)
    if len(hashes) != len(said["hashes"]) or hash_name not in HASHES:
        raise ValueError("a group stands twice, or an unknown hash was taken")
    return SecurityObject(hash_name=hash_name, hashes=hashes, signed=signed)
