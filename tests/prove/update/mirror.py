"""The server that a kiosk updates from: honest, broken or lying, as it is told."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random


@dataclass(slots=True, kw_only=True)
class Mirror:
    """Serves `folder`. What it does wrong:

    `breaks`: so many answers break off in the middle; `away`: it drops every connection; `metadata`: another folder's
    metadata are shown; `longer`, `other`: objects have more bytes, or others; `no_ranges`: it knows no Range.
    """

    folder: Path
    metadata: Path | None = None
    breaks: int = 0
    away: bool = False
    longer: bool = False
    other: bool = False
    no_ranges: bool = False
    sent: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(1))

    def honest(self) -> None:
        """Do nothing wrong from now on."""
        self.metadata, self.breaks, self.away, self.longer, self.other = None, 0, False, False, False

    def content(self, path: str) -> bytes | None:
        """Return what is served at `path`."""
        root = self.metadata if self.metadata and path.startswith("metadata/") else self.folder
        file = root / path
        if not file.is_file():
            return None
        content = file.read_bytes()
        if path.startswith("objects/"):
            if self.longer:
                content += b"\0" * 100_000
            if self.other:
                content = bytes([content[0] ^ 1, *content[1:]]) if content else content
        return content

    def serve(self) -> "Served":
        """Serve until closed."""
        return Served(self)


class Served:
    """A running mirror; `url` is where."""

    def __init__(self, mirror: Mirror) -> None:
        handler = type("Handler", (_Handler,), {"mirror": mirror})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no news here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mirror: Mirror

    def do_GET(self) -> None:
        mirror, path = self.mirror, self.path.lstrip("/")
        mirror.asked.append((path, self.headers.get("Range", "")))
        if mirror.away:
            self.close_connection = True
            return
        content = mirror.content(path)
        if content is None:
            self.send_error(404)
            return
        start = 0
        if (asked := self.headers.get("Range")) and not mirror.no_ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        if mirror.breaks and len(body) > 1:
            mirror.breaks -= 1
            body = body[: mirror.random.randrange(1, len(body))]
            self.close_connection = True
        mirror.sent[path] = mirror.sent.get(path, 0) + len(body)  # before it goes: who has it all may look at once
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
