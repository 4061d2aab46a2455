"""MQTT topics: a kiosk writes below `up`, reads below `down`, and may do nothing else.

| topic | retained | meaning |
|---|---|---|
| `tram/v1/<kiosk>/up/state` | yes, last will | `State` |
| `tram/v1/<kiosk>/up/telemetry` | no | `Telemetry` |
| `tram/v1/<kiosk>/up/shadow` | yes | a `ShadowReported` |
| `tram/v1/<kiosk>/up/request/<kind>` | no | a `Request`; answered on `down/reply/<kind>` |
| `tram/v1/<kiosk>/up/fact/<kind>` | no | a `Fact`; answered on `down/ack` |
| `tram/v1/<kiosk>/up/blob/<sha256>/<n>` | no | chunk `n` of a draft or a bundle of logs, raw bytes |
| `tram/v1/<kiosk>/down/reply/<kind>` | no | a `Reply` |
| `tram/v1/<kiosk>/down/ack` | no | an `Ack` |
| `tram/v1/<kiosk>/down/transfer` | no | a `TransferNoticeEnvelope`; answered by the fact `transfer` |
| `tram/v1/<kiosk>/down/job` | no | a `JobEnvelope`; answered by facts `job` |
| `tram/v1/<kiosk>/down/shadow` | yes | a `ShadowDesired`; answered on `up/shadow` |
| `tram/v1/<kiosk>/down/blob/<sha256>/<n>` | no | chunk `n` of a tail, raw bytes |
"""

import re
from dataclasses import dataclass

PREFIX = "tram/v1"
HUB_SUBSCRIPTION = f"$share/hub/{PREFIX}/+/up/#"
BLOB_CHUNK_BYTES = 64 * 1024

_KIOSK = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_INDEX = re.compile(r"[0-9]{1,6}")


class BadTopic(ValueError):
    """The topic is not one of the contract's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobTopic:
    """The address of one chunk: whose, of which blob, which one."""

    kiosk: str
    sha256: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTopic:
    """A kiosk's topic taken apart: `room` is what follows `up`, e.g. ("request", "certify")."""

    kiosk: str
    room: tuple[str, ...]

    @property
    def blob(self) -> BlobTopic | None:
        """The chunk address where this is a blob topic; raise BadTopic where it is a malformed one."""
        if self.room[0] != "blob":
            return None
        if len(self.room) != 3 or not _SHA256.fullmatch(self.room[1]) or not _INDEX.fullmatch(self.room[2]):
            raise BadTopic("/".join(self.room))
        return BlobTopic(kiosk=self.kiosk, sha256=self.room[1], index=int(self.room[2]))


def parse_up(topic: str) -> UpTopic:
    """Take apart a topic that a kiosk wrote; raise BadTopic."""
    parts = topic.split("/")
    if parts[:2] != PREFIX.split("/") or len(parts) < 5 or parts[3] != "up" or not _KIOSK.fullmatch(parts[2]):
        raise BadTopic(topic)
    return UpTopic(kiosk=parts[2], room=tuple(parts[4:]))


def is_kiosk_id(text: str) -> bool:
    """Return whether `text` may name a kiosk: 2–63 of a–z, 0–9 and `-`."""
    return bool(_KIOSK.fullmatch(text))


def up(kiosk: str, *room: str | int) -> str:
    """Return a topic the kiosk writes."""
    return "/".join((PREFIX, kiosk, "up", *map(str, room)))


def down(kiosk: str, *room: str | int) -> str:
    """Return a topic the kiosk reads."""
    return "/".join((PREFIX, kiosk, "down", *map(str, room)))


def chunk_count(size_bytes: int) -> int:
    """Return how many chunks a blob of `size_bytes` travels in."""
    return -(-size_bytes // BLOB_CHUNK_BYTES)
