"""Which PAdES level the bytes have, from the bytes themselves (EN 319 142-1 §6): asserted, never assumed.

This looks at what was written, not at who is to be trusted: a full validation with trust anchors is a verifier's work.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from io import BytesIO

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from hub.signing.faults import LevelNotReached
from hub.verify import ranges

B_B, B_T, B_LTA = "PAdES B-B", "PAdES B-T", "PAdES B-LTA"

_SIGNATURE, _TIMESTAMP = "/ETSI.CAdES.detached", "/ETSI.RFC3161"
_MALFORMED = (LookupError, ValueError, TypeError, AttributeError, NotImplementedError)
_SET = b"\x31"
_STAMP = "signature_time_stamp_token"


def reached(copy: bytes, draft: bytes, *, signatures: int = 2) -> str:
    """Return the level of `copy`, which must start with `draft` and hold together; raise LevelNotReached.

    A certified copy has two `signatures`, certifier's and agency's; a digitised document the agency's alone.

    B-LTA: document timestamps, the last of them over revocation data and the whole file; B-T: each signature carries a
    timestamp; else B-B.
    """
    if not copy.startswith(draft):
        raise LevelNotReached("The copy does not start with the draft's own bytes")
    for fault in ranges.faults(copy):
        raise LevelNotReached(f"The copy is not plain: {fault}")
    try:
        return _level(copy, PdfFileReader(BytesIO(copy)), signatures)
    except (PdfError, SignatureValidationError, InvalidSignature, *_MALFORMED) as fault:
        raise LevelNotReached(f"The copy does not hold together ({type(fault).__name__} {fault})") from fault


def require_lta(copy: bytes, draft: bytes) -> None:
    """Return if `copy` is of level B-LTA; raise LevelNotReached."""
    found = reached(copy, draft)
    if found != B_LTA:
        raise LevelNotReached(f"The copy is {found} only")


def _level(copy: bytes, reader: PdfFileReader, expected: int) -> str:
    found = reader.embedded_signatures
    kinds = [each.sig_object["/SubFilter"] for each in found]
    if kinds[:expected] != [_SIGNATURE] * expected or set(kinds[expected:]) - {_TIMESTAMP}:
        count = {1: "one signature", 2: "two signatures"}[expected]
        raise LevelNotReached(f"The copy does not hold {count} and behind them nothing but document timestamps")
    signatures, stamps = found[:expected], found[expected:]
    timestamped = [_check_signature(copy, each) for each in signatures]
    for stamp in stamps:
        _check_timestamp(stamp.signed_data, stamp.signer_info, partial(_covered, copy, stamp))
    if found[-1].byte_range[2] + found[-1].byte_range[3] != len(copy):
        raise LevelNotReached("The last signature does not cover the whole copy")
    if stamps:
        if "/DSS" not in reader.root:
            raise LevelNotReached("The document timestamp does not cover revocation data")
        return B_LTA
    return B_T if all(timestamped) else B_B


def _check_signature(copy: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Return whether an intact signature carries an intact timestamp."""
    info: cms.SignerInfo = signature.signer_info
    _require_named(signature.signed_data, info, signature.signer_cert)
    _require(_signed_digest(info, signature.signer_cert.dump()), _covered(copy, signature, "sha256"))
    unsigned = info["unsigned_attrs"]
    tokens = [each["values"][0]["content"] for each in unsigned if each["type"].native == _STAMP] if unsigned else []
    for token in tokens:
        (stamper,) = token["signer_infos"]
        _check_timestamp(token, stamper, partial(_digest, info["signature"].native))
    return bool(tokens)


def _check_timestamp(token: cms.SignedData, info: cms.SignerInfo, expected: Callable[[str], bytes]) -> None:
    content = token["encap_content_info"]["content"]
    imprint = content.parsed["message_imprint"]
    _require(imprint["hashed_message"].native, expected(imprint["hash_algorithm"]["algorithm"].native))
    serial = info["sid"].chosen["serial_number"].native
    (own,) = (each.chosen for each in token["certificates"] if each.chosen.serial_number == serial)
    _require_named(token, info, own)
    algorithm = info["digest_algorithm"]["algorithm"].native
    _require(_signed_digest(info, own.dump()), hashlib.new(algorithm, bytes(content)).digest())


def _require_named(signed: cms.SignedData, info: cms.SignerInfo, certificate: x509.Certificate) -> None:
    """Return if what stands unsigned around a signature agrees with the signature itself."""
    named = [each["algorithm"].native for each in signed["digest_algorithms"]]
    if info["sid"].chosen["issuer"].dump() != certificate.issuer.dump():
        raise LevelNotReached("A signature names another issuer than its certificate")
    if info["digest_algorithm"]["algorithm"].native not in named:
        raise LevelNotReached("A signature names another digest algorithm than it uses")


def _digest(content: bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, content).digest()


def _require(signed: bytes, actual: bytes) -> None:
    if signed != actual:
        raise LevelNotReached("A signature is over other bytes than the copy has")


def _covered(copy: bytes, signature: EmbeddedPdfSignature, algorithm: str) -> bytes:
    start, length, again, rest = signature.byte_range
    view = memoryview(copy)
    digest = hashlib.new(algorithm, view[start : start + length])
    digest.update(view[again : again + rest])
    return digest.digest()


def _signed_digest(info: cms.SignerInfo, certificate: bytes) -> bytes:
    """Return the digest that was signed; raise InvalidSignature if the signature does not fit the certificate."""
    attributes: cms.CMSAttributes = info["signed_attrs"]
    signed, value = _SET + attributes.dump()[1:], info["signature"].native  # as they stand, but for the tag
    found = {each["type"].native: each["values"][0] for each in attributes}
    if "signing_certificate_v2" in found:
        named = found["signing_certificate_v2"]["certs"][0]
        _require(named["cert_hash"].native, _digest(certificate, named["hash_algorithm"]["algorithm"].native))
    key = load_der_x509_certificate(certificate).public_key()
    algorithm = _HASHES[info["digest_algorithm"]["algorithm"].native]()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, signed, ec.ECDSA(algorithm))
    elif isinstance(key, rsa.RSAPublicKey):  # timestamp authorities outside
        key.verify(value, signed, padding.PKCS1v15(), algorithm)
    else:
        raise LevelNotReached("A signature was made with a key of an unknown kind")
    digest: bytes = found["message_digest"].native
    return digest


_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
