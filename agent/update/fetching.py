"""Bytes over a slow, broken network: what has come stays, and the next try asks for the rest (RFC 9110 §14, Range)."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

from agent.update.faults import ContentDamaged, RepositoryAway
from agent.update.release import Content, object_path
from contract.clock import Clock

TIMEOUT = httpx.Timeout(30.0)
BREAKS = 3
"""So often in a row a connection may break without having brought a byte."""
WINDOW_S, WINDOW_BYTES = 60.0, 1024
"""A server that brings less in that time only keeps the kiosk waiting."""


class Wire:
    """HTTP to one repository."""

    def __init__(self, address: str, client: httpx.Client, clock: Clock) -> None:
        self.address = address.rstrip("/") + "/"
        self._client, self._clock = client, clock

    def stream(self, url: str, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes of `url` from `start` on, over breaks; raise httpx.HTTPError, or TooSlow."""
        breaks = 0
        while True:
            try:
                for piece in self._once(url, start):
                    start, breaks = start + len(piece), 0
                    yield piece
                return
            except httpx.TransportError:
                breaks += 1
                if breaks > BREAKS:
                    raise

    def _once(self, url: str, start: int) -> Iterator[bytes]:
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        with self._client.stream("GET", url, headers=headers) as answer:
            if start and answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return
            answer.raise_for_status()
            skip = start if answer.status_code != httpx.codes.PARTIAL_CONTENT else 0
            for piece in self._in_time(answer.iter_raw()):
                rest = piece[skip:]
                skip -= len(piece) - len(rest)
                if rest:
                    yield rest

    def _in_time(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        since_s, came = self._clock.monotonic(), 0
        for piece in pieces:
            came += len(piece)
            now_s = self._clock.monotonic()
            if now_s - since_s >= WINDOW_S:
                if came < WINDOW_BYTES:
                    raise TooSlow(f"{came} bytes came in {now_s - since_s:.0f} s")
                since_s, came = now_s, 0
            yield piece


class TooSlow(httpx.HTTPError):
    """The server drips."""


class MetadataFetcher(FetcherInterface):
    """What python-tuf fetches its metadata and targets with."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._wire.stream(url)
        except httpx.HTTPStatusError as fault:
            status = fault.response.status_code
            raise DownloadHTTPError(f"{url}: HTTP {status}", status) from fault
        except httpx.HTTPError as fault:
            raise DownloadError(f"{url}: {fault!r}") from fault


def fetch(wire: Wire, wanted: Content, partial: Path, done: Path) -> None:
    """Put the object at `done`, whole and on the disk; what came before a break waits in `partial`.

    Raise RepositoryAway where the rest is to be asked for later, ContentDamaged where what came is not what was
    wanted (nothing of it is kept), OSError where the disk fails.
    """
    goes_on = partial.exists()
    try:
        _fetch(wire, wanted, partial, done)
    except ContentDamaged:
        if not goes_on:
            raise
        _fetch(wire, wanted, partial, done)  # it may be the first part that a power cut had spoilt


def _fetch(wire: Wire, wanted: Content, partial: Path, done: Path) -> None:
    digest, start = hashlib.sha256(), 0
    if partial.exists() and partial.stat().st_size <= wanted.size:
        with partial.open("rb") as kept:
            while block := kept.read(1 << 20):
                digest.update(block)
                start += len(block)
    url = wire.address + object_path(wanted.sha256)
    with partial.open("r+b" if start else "wb") as file:
        file.seek(start)
        try:
            for piece in wire.stream(url, start):
                start += len(piece)
                if start > wanted.size:
                    break
                file.write(piece)
                digest.update(piece)
        except httpx.HTTPStatusError as fault:
            raise RepositoryAway(f"{url}: the server answers {fault.response.status_code}") from fault
        except httpx.HTTPError as fault:
            raise RepositoryAway(f"{url}: {fault!r} after {start} of {wanted.size} bytes") from fault
        file.flush()
        os.fsync(file.fileno())
    if start != wanted.size or digest.hexdigest() != wanted.sha256:
        partial.unlink()
        more = "more than " if start > wanted.size else f"{start} of "
        raise ContentDamaged(f"{url}: {more}{wanted.size} bytes came, or others than the release lists")
    partial.replace(done)
