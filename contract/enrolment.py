"""What passes between a hub and a kiosk that is to become one of its own: the ticket, the placement, codes to carry.

A *ticket* is what an operator hands to a technician, as QR or as text: which kiosk, where the hub answers, a code that
works once, and the fingerprint of the hub's device authority, so that the kiosk knows its hub before it says anything.
The certificate itself is asked for by EST (RFC 7030). Where there is no network the request and the answer are carried
as QR codes, cut into numbered parts.
"""

import base64
import hashlib
import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from contract.messages import LegalMode, Message, Name
from contract.topics import is_kiosk_id

EST_PATH = "/.well-known/est"
PLACEMENT_PATH = "/enrolment/placement"
RETIREMENT_PATH = "/enrolment/retirement"
EVIDENCE_KEY_PATH = "/enrolment/evidence-key"
REQUEST, ANSWER = "TRAM-CSR", "TRAM-ANSWER"
"""The two things that are carried."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LETTERS = 16  # 80 random bits
_PART_LETTERS = 1000
_TICKET = re.compile(
    r"tram-enrol:(?P<hub>[a-z0-9.:\[\]-]+)/(?P<kiosk>[a-z0-9-]+)/(?P<code>[0-9A-Z-]+)/(?P<ca>[0-9a-f]{64})"
)
_PART = re.compile(r"(?P<kind>TRAM-CSR|TRAM-ANSWER):(?P<place>\d{1,2})/(?P<count>\d{1,2}):(?P<body>[A-Z2-7]+)")
_LONGEST_BYTES = 16_384


class EnrolmentWrong(ValueError):
    """What was typed, scanned or carried is not what it should be; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Leave for one kiosk to get its certificate once; `hub` is host:port, `ca_sha256` the authority's fingerprint."""

    hub: str
    kiosk: str
    code: str
    ca_sha256: str

    def __str__(self) -> str:
        return f"tram-enrol:{self.hub}/{self.kiosk}/{self.code}/{self.ca_sha256}"

    @property
    def url(self) -> str:
        """Where the hub answers EST."""
        return f"https://{self.hub}"

    @classmethod
    def parse(cls, text: str) -> "Ticket":
        """Return the ticket in `text`; raise EnrolmentWrong."""
        found = _TICKET.fullmatch("".join(text.split()))
        if found is None or not is_kiosk_id(found["kiosk"]):
            raise EnrolmentWrong("This is no enrolment ticket. Copy the whole line that begins with tram-enrol:")
        return cls(hub=found["hub"], kiosk=found["kiosk"], code=found["code"], ca_sha256=found["ca"])


class Placement(Message, frozen=True, kw_only=True):
    """What the hub knows of a kiosk and the kiosk must know of itself (R3); `broker` and `est` are host:port."""

    kiosk: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{1,62}$")]
    site: Name
    agency: Name
    province: Name
    legal_mode: LegalMode
    legal_decision: Name
    broker: Name
    est: Name
    public_url: Name


class CarriedAnswer(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """The hub's answer to a carried request: certificate and authority (DER), and the placement."""

    certificate: bytes
    authority: bytes
    placement: Placement


def new_code() -> str:
    """Return a fresh code in groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def code_sha256(code: str) -> str:
    """Return the hash that the hub keeps of a code, however it was typed (case, hyphens, O for 0, I and L for 1)."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(plain.encode()).hexdigest()


def for_the_eye(sha256: str) -> str:
    """Return the first 80 bits of a fingerprint in groups of four: what two people compare."""
    return " ".join(sha256[start : start + 4].upper() for start in range(0, 20, 4))


def cut(kind: str, content: bytes) -> list[str]:
    """Return the texts of the QR codes that carry `content`, in alphanumeric mode (ISO/IEC 18004)."""
    letters = base64.b32encode(zlib.compress(content, 9)).decode().rstrip("=")
    pieces = [letters[start : start + _PART_LETTERS] for start in range(0, len(letters), _PART_LETTERS)]
    return [f"{kind}:{place}/{len(pieces)}:{piece}" for place, piece in enumerate(pieces, start=1)]


def joined(kind: str, texts: Iterable[str]) -> bytes:
    """Return what `cut` was given from its codes in any order; raise EnrolmentWrong that says which part is missing."""
    parts: dict[int, str] = {}
    counts = set()
    for found in filter(None, map(_PART.fullmatch, (text.strip() for text in texts))):
        if found["kind"] == kind:
            parts[int(found["place"])] = found["body"]
            counts.add(int(found["count"]))
    if not counts:
        raise EnrolmentWrong(
            f"No QR code that begins with {kind} was found. Take a sharper picture of it, and all of it."
        )
    if len(counts) > 1:
        raise EnrolmentWrong("These codes belong to different requests. Carry only those of one.")
    if missing := sorted(set(range(1, counts.pop() + 1)) - parts.keys()):
        raise EnrolmentWrong(f"Part {', '.join(map(str, missing))} is missing. Scan that QR code too.")
    return _unpacked("".join(parts[place] for place in sorted(parts)))


def _unpacked(letters: str) -> bytes:
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(base64.b32decode(letters + "=" * (-len(letters) % 8)), _LONGEST_BYTES)
    except (ValueError, zlib.error) as fault:
        raise EnrolmentWrong("The QR codes contradict each other. Scan them again, all of one request.") from fault
    if not inflating.eof:
        raise EnrolmentWrong("The QR codes do not hold the whole. Scan them again.")
    return content


def pack(answer: CarriedAnswer) -> bytes:
    """Return an answer as it is carried."""
    return msgspec.msgpack.encode(answer)


def unpack(content: bytes) -> CarriedAnswer:
    """Return the carried answer; raise EnrolmentWrong."""
    try:
        return msgspec.msgpack.decode(content, type=CarriedAnswer)
    except msgspec.DecodeError as fault:
        raise EnrolmentWrong(f"The answer can't be read: {fault}. Make it anew at the hub's console.") from fault
