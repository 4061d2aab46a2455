"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): readable text under an Ed25519 signature."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "/log"
ED25519 = b"\x01"
_RAW, _RAW_PUBLIC = serialization.Encoding.Raw, serialization.PublicFormat.Raw
_ID_BYTES = 4
_MOST_LINES = 64
HASH_BYTES = 32


class NoteWrong(ValueError):
    """A checkpoint or a key is malformed, or not signed by the log; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of a log: whose it is, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text, with its last newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """The log's public key under its name; `str()` is the verifier key as it is published."""

    name: str
    key: Ed25519PublicKey

    @classmethod
    def parse(cls, text: str) -> "LogKey":
        """Return the key in `name+id+base64`; raise NoteWrong."""
        name, _, rest = text.partition("+")
        given_id, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if not name or raw[:1] != ED25519 or len(raw) != 1 + 32:
            raise NoteWrong("the log's key is not an Ed25519 verifier key")
        key = cls(name=name, key=Ed25519PublicKey.from_public_bytes(raw[1:]))
        if key.id.hex() != given_id:
            raise NoteWrong("the id of the log's key does not belong to it")
        return key

    @property
    def id(self) -> bytes:
        """The first bytes of the hash over name and key, which stand before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._typed).decode()}"

    @property
    def _typed(self) -> bytes:
        return ED25519 + self.key.public_bytes(_RAW, _RAW_PUBLIC)


def origin_of(verify_base_url: str) -> str:
    """Return the name of the log beside a verify page: host and path, without the scheme."""
    return f"{urlsplit(verify_base_url).netloc.lower()}{PREFIX}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSigner:
    """The log's private key under its name, which is also the origin of its checkpoints."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> LogKey:
        """What a verifier needs."""
        return LogKey(name=self.name, key=self.key.public_key())

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of this log's first `size` leaves."""
        text = Checkpoint(origin=self.name, size=size, root=root).text
        signature = base64.b64encode(self.public.id + self.key.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"


def opened(note: str, key: LogKey) -> Checkpoint:
    """Return the checkpoint in a note that `key` signed (signatures of others are passed over); raise NoteWrong."""
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteWrong("the checkpoint has no signature")
    text += "\n"
    lines = signatures.removesuffix("\n").split("\n")
    ours = [line for line in lines[:_MOST_LINES] if _is_by(line, key)]
    if not ours:
        raise NoteWrong(f"the checkpoint is not signed by {key.name}")
    for line in ours:
        try:
            key.key.verify(_decoded(line.rpartition(" ")[2])[_ID_BYTES:], text.encode())
        except InvalidSignature:
            raise NoteWrong(f"the signature of {key.name} is not good") from None
    checkpoint = _parsed(text)
    if checkpoint.origin != key.name:
        raise NoteWrong(f"the checkpoint is of {checkpoint.origin}, not of {key.name}")
    return checkpoint


def _is_by(line: str, key: LogKey) -> bool:
    return line.startswith(f"— {key.name} ") and _decoded(line.rpartition(" ")[2])[:_ID_BYTES] == key.id


def _parsed(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) < 4 or not (lines[1].isascii() and lines[1].isdigit()) or str(int(lines[1])) != lines[1]:
        raise NoteWrong("the checkpoint lacks origin, size or root")
    root = _decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteWrong("the checkpoint's root is no SHA-256")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteWrong("a signature, key or root is not base64") from None
