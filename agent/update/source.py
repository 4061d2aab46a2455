"""Where a kiosk's releases come from: the publisher's server, or a folder that somebody carried here."""

import contextlib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from agent.update.faults import RepositoryAway
from agent.update.fetching import TIMEOUT, Wire
from contract.clock import Clock

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A repository at `address`; one that is away is asked again until it answers."""

    address: str
    tls: ssl.SSLContext | None = None
    is_waited_for: bool = True

    @contextlib.contextmanager
    def wire(self, clock: Clock) -> Iterator[Wire]:
        """Speak with it."""
        with httpx.Client(verify=self.tls or ssl.create_default_context(), timeout=TIMEOUT) as client:
            yield Wire(self.address, client, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A repository in `folder`, such as a stick; signatures and dates are judged as a server's are."""

    folder: Path
    is_waited_for: bool = False

    @contextlib.contextmanager
    def wire(self, clock: Clock) -> Iterator[Wire]:
        """Read from it."""
        with httpx.Client(transport=_Files(self.folder)) as client:
            yield Wire(f"folder://here{self.folder}", client, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """No repository is named."""

    is_waited_for: bool = False

    @contextlib.contextmanager
    def wire(self, clock: Clock) -> Iterator[Wire]:
        """Raise RepositoryAway."""
        raise RepositoryAway("kiosk.toml names no repository ([updates] url)")
        yield


Source = Server | Carried | Nowhere


class _Files(httpx.BaseTransport):
    """Answers from a folder as a web server would, with ranges (RFC 9110 §14); a pulled stick is a broken line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        start = int(re.sub(r"\D", "", request.headers.get("Range", "")) or 0)
        path = Path(httpx.URL(request.url).path)
        if path.is_file():
            return httpx.Response(httpx.codes.PARTIAL_CONTENT if start else httpx.codes.OK, stream=_Blocks(path, start))
        if not self._folder.is_dir():
            raise httpx.ConnectError(f"{self._folder} is not there any more")
        return httpx.Response(httpx.codes.NOT_FOUND)


class _Blocks(httpx.SyncByteStream):
    def __init__(self, path: Path, start: int) -> None:
        self._path, self._start = path, start

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._start)
                while block := file.read(_BLOCK):
                    yield block
        except OSError as fault:
            raise httpx.ReadError(f"{self._path} can't be read: {fault.strerror}") from fault
