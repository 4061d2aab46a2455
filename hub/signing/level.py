"""Which PAdES level the bytes have, from the bytes themselves (EN 319 142-1 §6): asserted, never assumed.

This looks at what was written, not at who is to be trusted: a full validation with trust anchors is a verifier's work.
"""

import hashlib
from io import BytesIO

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from hub.signing.faults import LevelNotReached

B_LTA = "PAdES B-LTA"

_SUBFILTERS = ("/ETSI.CAdES.detached", "/ETSI.CAdES.detached", "/ETSI.RFC3161")
_STAMP = "signature_time_stamp_token"


def reached(copy: bytes, draft: bytes) -> str:
    """Return `PAdES B-LTA` if `copy` starts with `draft` and is of that level; raise LevelNotReached."""
    if not copy.startswith(draft):
        raise LevelNotReached("The copy does not start with the draft's own bytes")
    try:
        _check(copy, PdfFileReader(BytesIO(copy)))
    except (PdfError, InvalidSignature, LookupError, ValueError, TypeError) as fault:
        raise LevelNotReached(f"The copy does not hold together ({type(fault).__name__} {fault})") from fault
    return B_LTA


def _check(copy: bytes, reader: PdfFileReader) -> None:
    signatures = reader.embedded_signatures
    if tuple(each.sig_object["/SubFilter"] for each in signatures) != _SUBFILTERS:
        raise LevelNotReached("The copy does not hold two signatures followed by a document timestamp")
    certifier, agency, stamp = signatures
    for signature in (certifier, agency):
        _require(_signed_digest(signature), _covered(copy, signature))
        if _STAMP not in {each["type"].native for each in signature.signer_info["unsigned_attrs"]}:
            raise LevelNotReached("A signature carries no timestamp")
    token = stamp.signed_data["encap_content_info"]["content"]
    _require(token.parsed["message_imprint"]["hashed_message"].native, _covered(copy, stamp))
    _require(_signed_digest(stamp), hashlib.sha256(bytes(token)).digest())
    if "/DSS" not in reader.root or stamp.byte_range[2] + stamp.byte_range[3] != len(copy):
        raise LevelNotReached("The document timestamp does not cover revocation data and the whole copy")


def _require(signed: bytes, actual: bytes) -> None:
    if signed != actual:
        raise LevelNotReached("A signature is over other bytes than the copy has")


def _covered(copy: bytes, signature: EmbeddedPdfSignature) -> bytes:
    start, length, again, rest = signature.byte_range
    view = memoryview(copy)
    digest = hashlib.sha256(view[start : start + length])
    digest.update(view[again : again + rest])
    return digest.digest()


def _signed_digest(signature: EmbeddedPdfSignature) -> bytes:
    """Return the digest that was signed; raise InvalidSignature if the signature does not fit its certificate."""
    info: cms.SignerInfo = signature.signer_info
    attributes: cms.CMSAttributes = info["signed_attrs"]
    key = load_der_public_key(signature.signer_cert.public_key.dump())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise LevelNotReached("A signature was made with a key that is not on P-256")
    key.verify(info["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    digest: bytes = next(each["values"][0].native for each in attributes if each["type"].native == "message_digest")
    return digest
