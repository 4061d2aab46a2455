"""Visible Digital Seal, the signed bytes behind a printed code (ICAO Doc 9303-13, BSI TR-03137-1).

    header   DC · version · country · signer + certificate reference · issue date · signature date · feature reference
    messages tag · DER length · value, as many as there are
    sealing  FF · DER length · r‖s, an ECDSA signature over header and messages

Reading is strict: there is one way to write a seal, so `encode` gives back what `decode` read. Faults: `seal_faults`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from contract import c40
from contract.seal_faults import (
    BadCertificateRef,
    BadDate,
    BadLength,
    BadText,
    NotASeal,
    SignatureInvalid,
    SignatureSize,
    TrailingBytes,
    Truncated,
    UnknownVersion,
    Unsigned,
    UnsuitableKey,
)

MAGIC = 0xDC
SIGNATURE_TAG = 0xFF
VERSION_3 = 2
VERSION_4 = 3

_SIGNER_CHARACTERS = 4
_CERT_REF_CHARACTERS_V3 = 5
_DECIMAL_LENGTH_SIGNER = "DEZV"  # this German signer writes the length of its references in decimal
_HASHES: dict[int, hashes.HashAlgorithm] = {
    224: hashes.SHA224(),
    256: hashes.SHA256(),
    384: hashes.SHA384(),
    512: hashes.SHA512(),
    521: hashes.SHA512(),
}

Sign = Callable[[bytes], bytes]
"""Signs bytes: returns r‖s, each as long as the curve's order; where the key lives is its own business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who sealed what kind of document, when, and with which certificate.

    `raw_version` is the byte as written: 2 means version 3 (certificate reference of 5 characters), 3 means version 4
    (of any length). `feature_ref` is two bytes: feature definition, document type category (even = not one of ICAO's).
    """

    raw_version: int = VERSION_4
    issuing_country: str
    signer_id: str
    cert_ref: str
    issue_date: date
    signature_date: date
    feature_ref: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One feature: a tag of 0–254 and its bytes."""

    tag: int
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A seal as read; nothing in it is to be believed before `verify`."""

    header: Header
    messages: tuple[Message, ...]
    signature: bytes
    signed: bytes = field(repr=False)


def encode(header: Header, messages: Sequence[Message], sign: Sign) -> bytes:
    """Return the signed seal; raise SealError where a part can't be written."""
    signed = encode_header(header) + b"".join(map(_encode_message, messages))
    return signed + _tagged(SIGNATURE_TAG, sign(signed))


def decode(raw: bytes) -> Seal:
    """Take a seal apart without trusting it; raise SealError."""
    cursor = _Cursor(raw)
    header = _take_header(cursor)
    messages = tuple(_take_messages(cursor))
    signed = raw[: cursor.at]
    cursor.take(1)
    signature = cursor.take(_take_length(cursor))
    if cursor.left:
        raise TrailingBytes(f"{cursor.left} bytes stand behind the signature")
    return Seal(header=header, messages=messages, signature=signature, signed=signed)


def verify(seal: Seal, public_key: PublicKeyTypes) -> None:
    """Return if `public_key` signed the seal; raise UnsuitableKey, SignatureSize or SignatureInvalid.

    The hash follows the key's size (ICAO Doc 9303-13): SHA-224, -256, -384 or -512.
    """
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or public_key.key_size not in _HASHES:
        raise UnsuitableKey("The certificate's key is not an elliptic-curve key of 224 to 521 bits")
    size = _coordinate_size(public_key.key_size)
    if len(seal.signature) != 2 * size:
        raise SignatureSize(f"The signature has {len(seal.signature)} bytes, this key makes {2 * size}")
    r, s = (int.from_bytes(half, "big") for half in (seal.signature[:size], seal.signature[size:]))
    try:
        public_key.verify(encode_dss_signature(r, s), seal.signed, ec.ECDSA(_HASHES[public_key.key_size]))
    except InvalidSignature as fault:
        raise SignatureInvalid("The content does not fit the signature and the signer's key") from fault


def signing_with(private_key: ec.EllipticCurvePrivateKey, *, deterministic: bool = True) -> Sign:
    """Return a signer for a key in memory; raise UnsuitableKey for another curve size.

    Deterministic (RFC 6979), the same content gives the same seal; else each seal is another one.
    """
    if private_key.key_size not in _HASHES:
        raise UnsuitableKey(f"A key of {private_key.key_size} bits makes no seals")
    algorithm = ec.ECDSA(_HASHES[private_key.key_size], deterministic_signing=deterministic)
    size = _coordinate_size(private_key.key_size)

    def sign(content: bytes) -> bytes:
        r, s = decode_dss_signature(private_key.sign(content, algorithm))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return sign


def encode_header(header: Header) -> bytes:
    """Return the header's bytes (18 with a certificate reference of 2 or 3 characters); raise SealError."""
    if len(header.feature_ref) != 2 or len(header.issuing_country) > 3:
        raise BadLength("The feature reference needs 2 bytes, the country at most 3 letters")
    return b"".join(
        (
            bytes((MAGIC, header.raw_version)),
            c40.encode(header.issuing_country.ljust(3)),
            c40.encode(_signer_text(header)),
            _encode_date(header.issue_date),
            _encode_date(header.signature_date),
            header.feature_ref,
        )
    )


def decode_header(raw: bytes) -> Header:
    """Return the header at the beginning of `raw`; raise SealError."""
    return _take_header(_Cursor(raw))


class _Cursor:
    """A reading position in bytes that never runs over their end."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.at = 0

    @property
    def left(self) -> int:
        return len(self._raw) - self.at

    def peek(self) -> int | None:
        return self._raw[self.at] if self.left else None

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise Truncated(f"The seal ends at byte {len(self._raw)}, {size - self.left} bytes before its content does")
        self.at += size
        return self._raw[self.at - size : self.at]


def _take_header(cursor: _Cursor) -> Header:
    if cursor.peek() != MAGIC:
        raise NotASeal("The content does not begin with the byte DC of a visible digital seal")
    raw_version = cursor.take(2)[1]
    if raw_version not in (VERSION_3, VERSION_4):
        raise UnknownVersion(f"The seal says raw version {raw_version}, known are {VERSION_3} and {VERSION_4}")
    country = _exact_text(cursor, 3)
    signer_id, cert_ref = _take_signer_v3(cursor) if raw_version == VERSION_3 else _take_signer_v4(cursor)
    return Header(
        raw_version=raw_version,
        issuing_country=country,
        signer_id=signer_id,
        cert_ref=cert_ref,
        issue_date=_decode_date(cursor.take(3)),
        signature_date=_decode_date(cursor.take(3)),
        feature_ref=cursor.take(2),
    )


def _take_signer_v3(cursor: _Cursor) -> tuple[str, str]:
    text = _exact_text(cursor, _SIGNER_CHARACTERS + _CERT_REF_CHARACTERS_V3)
    return text[:_SIGNER_CHARACTERS], text[_SIGNER_CHARACTERS:]


def _take_signer_v4(cursor: _Cursor) -> tuple[str, str]:
    text = _exact_text(cursor, _SIGNER_CHARACTERS + 2)
    signer_id, digits = text[:_SIGNER_CHARACTERS], text[_SIGNER_CHARACTERS:]
    return signer_id, _exact_text(cursor, _cert_ref_length(signer_id, digits))


def _exact_text(cursor: _Cursor, characters: int) -> str:
    text = c40.decode(cursor.take(c40.encoded_size(characters)))
    if len(text) != characters:
        raise BadText(f"The header has {text!r} where {characters} characters belong")
    return text


def _cert_ref_length(signer_id: str, digits: str) -> int:
    base, allowed = (10, "0123456789") if signer_id == _DECIMAL_LENGTH_SIGNER else (16, "0123456789ABCDEF")
    if not set(digits) <= set(allowed) or not int(digits, base):
        raise BadCertificateRef(f"The length {digits!r} of the certificate reference is no number above zero")
    return int(digits, base)


def _signer_text(header: Header) -> str:
    if len(header.signer_id) != _SIGNER_CHARACTERS:
        raise BadCertificateRef(f"The signer's id {header.signer_id!r} needs {_SIGNER_CHARACTERS} characters")
    length = len(header.cert_ref)
    if header.raw_version == VERSION_3 and length == _CERT_REF_CHARACTERS_V3:
        return header.signer_id + header.cert_ref
    digits = f"{length:02d}" if header.signer_id == _DECIMAL_LENGTH_SIGNER else f"{length:02X}"
    if header.raw_version != VERSION_4 or len(digits) > 2 or not length:
        raise BadCertificateRef(f"Raw version {header.raw_version} can't hold a reference of {length} characters")
    return header.signer_id + digits + header.cert_ref


def _encode_date(day: date) -> bytes:
    return int(f"{day:%m%d}{day.year:04d}").to_bytes(3, "big")


def _decode_date(raw: bytes) -> date:
    number = int.from_bytes(raw, "big")
    try:
        return date(number % 10_000, number // 1_000_000, number // 10_000 % 100)
    except ValueError as fault:
        raise BadDate(f"The date {number:08d} (MMDDYYYY) in the seal is not in the calendar") from fault


def _take_messages(cursor: _Cursor) -> Iterator[Message]:
    while cursor.peek() != SIGNATURE_TAG:
        if not cursor.left:
            raise Unsigned("The seal ends without a signature")
        tag = cursor.take(1)[0]
        yield Message(tag=tag, value=cursor.take(_take_length(cursor)))


def _encode_message(message: Message) -> bytes:
    if not 0 <= message.tag < SIGNATURE_TAG:
        raise BadLength(f"The tag {message.tag} is outside 0–254")
    return _tagged(message.tag, message.value)


def _tagged(tag: int, value: bytes) -> bytes:
    return bytes((tag,)) + _encode_length(len(value)) + value


def _encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(digits),)) + digits


def _take_length(cursor: _Cursor) -> int:
    first = cursor.take(1)
    digits = cursor.take(first[0] & 0x7F) if first[0] & 0x80 else first
    length = int.from_bytes(digits, "big")
    written = first + digits if first[0] & 0x80 else first
    if _encode_length(length) != written:
        raise BadLength(f"The length {written[:8].hex()} is not DER in its shortest form")
    return length


def _coordinate_size(key_bits: int) -> int:
    return (key_bits + 7) // 8
