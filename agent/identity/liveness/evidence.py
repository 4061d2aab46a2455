"""The evidence of a take: which frames, when, in answer to which challenge, in a chain of SHA-256 (FIPS 180-4).

A frame's digest covers its time, size and bytes; the chain starts from the challenge and takes in digest after digest.
So a single frame can be checked after the others are purged (R13), and none can be changed, moved, added or left out.
"""

import hashlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from .challenge import Challenge
from .take import Take

_DOMAIN = b"tram liveness evidence 1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The challenge, each frame's time in ms after its start and SHA-256, and the chain's last link (hexadecimal)."""

    challenge: Challenge
    times_ms: tuple[int, ...]
    digests: tuple[str, ...]
    link: str

    def holds(self) -> bool:
        """Return whether the last link follows from everything else."""
        return self.link == _link(self.challenge, self.digests)

    def has(self, at: int, frame: NDArray[np.uint8]) -> bool:
        """Return whether `frame` is the evidence's frame number `at`, taken at its time."""
        return 0 <= at < len(self.digests) and self.digests[at] == _digest(self.times_ms[at], frame)


def evidence(take: Take) -> Evidence:
    """Return the evidence of a take."""
    times_ms = tuple(round(seconds * 1000) for seconds in take.times_s.tolist())
    digests = tuple(_digest(time_ms, frame) for time_ms, frame in zip(times_ms, take.frames, strict=True))
    return Evidence(challenge=take.challenge, times_ms=times_ms, digests=digests, link=_link(take.challenge, digests))


def _digest(time_ms: int, frame: NDArray[np.uint8]) -> str:
    head = f"{time_ms} {' '.join(map(str, frame.shape))}\n".encode()
    return hashlib.sha256(head + np.ascontiguousarray(frame).tobytes()).hexdigest()


def _link(challenge: Challenge, digests: tuple[str, ...]) -> str:
    link = hashlib.sha256(_DOMAIN + msgspec.json.encode(challenge)).digest()
    for digest in digests:
        link = hashlib.sha256(link + bytes.fromhex(digest)).digest()
    return link.hex()
