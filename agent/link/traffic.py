"""Bytes on the wire per visit: topics and payloads of MQTT, without its headers and TLS."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(slots=True)
class Bytes:
    """Sent and received."""

    up: int = 0
    down: int = 0


class Traffic:
    """The counts since the last `take`."""

    def __init__(self) -> None:
        self._visits: defaultdict[str, Bytes] = defaultdict(Bytes)
        self._blobs: defaultdict[str, int] = defaultdict(int)

    def up(self, visit: str, topic: str, payload: bytes) -> None:
        """Count a message sent for a visit."""
        self._visits[visit].up += len(topic) + len(payload)

    def down(self, visit: str, topic: str, payload: bytes) -> None:
        """Count a message received for a visit."""
        self._visits[visit].down += len(topic) + len(payload)

    def chunk(self, sha256: str, topic: str, payload: bytes) -> None:
        """Count a chunk received; whose it is turns out when the blob is collected."""
        self._blobs[sha256] += len(topic) + len(payload)

    def collected(self, visit: str, sha256: str) -> None:
        """Count a blob's chunks for the visit that collected it."""
        self._visits[visit].down += self._blobs.pop(sha256, 0)

    def seen(self, visit: str) -> Bytes:
        """Return a visit's bytes since the last `take`."""
        return self._visits.get(visit, Bytes())

    def take(self, visit: str) -> Bytes:
        """Return a visit's bytes since the last `take` and begin anew."""
        return self._visits.pop(visit, Bytes())
