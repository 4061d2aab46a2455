"""The line between kiosk and printer stand-in: it adds what `ippeveprinter` lacks, and breaks when it is told to.

`python -m provisioning.onebox.ipp_line FOLDER OUTER INNER` answers on port OUTER for the printer on port INNER. Its
page counter is `FOLDER/odometer`, where the print command counts sheets; `FOLDER/stopped` holds the reasons for which
the printer has stopped; `FOLDER/line` holds one of FAULTS.
"""

import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FAULTS = ("lose-answer", "lose-request", "no-counter")
"""lose-answer: a job arrives, its answer doesn't · lose-request: it does not arrive · no-counter: no page counter."""

_PRINT_JOB, _GET_PRINTER_ATTRIBUTES = 0x0002, 0x000B
_END, _INTEGER, _ENUM, _KEYWORD = 0x03, 0x21, 0x23, 0x44
_FIRST_VALUE_TAG = 0x10
_STOPPED = 5


def with_attributes(answer: bytes, replaced: dict[bytes, bytes]) -> bytes:
    """Return an IPP answer (RFC 8010 3.1) whose last group has these encoded attributes instead of its own."""
    kept = b"".join(raw for name, raw in _items(answer) if name not in replaced)
    return answer[:8] + kept + b"".join(replaced.values()) + bytes((_END,))


def integer(name: bytes, value: int, tag: int = _INTEGER) -> bytes:
    """Return an encoded integer or enum attribute."""
    return _encoded(tag, name, value.to_bytes(4, "big"))


def keywords(name: bytes, values: list[str]) -> bytes:
    """Return an encoded set of keywords; further values carry no name."""
    names = [name, *[b""] * (len(values) - 1)]
    return b"".join(_encoded(_KEYWORD, each, value.encode()) for each, value in zip(names, values, strict=True))


def _encoded(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value


def _items(answer: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (attribute, bytes) for each value, and group tags under an empty name, up to the end tag."""
    at, attribute = 8, b""
    while answer[at] != _END:
        if answer[at] < _FIRST_VALUE_TAG:
            yield b"", answer[at : at + 1]
            at += 1
            continue
        name_end = at + 3 + int.from_bytes(answer[at + 1 : at + 3], "big")
        value_end = name_end + 2 + int.from_bytes(answer[name_end : name_end + 2], "big")
        attribute = answer[at + 3 : name_end] or attribute
        yield attribute, answer[at:value_end]
        at = value_end


class Line(BaseHTTPRequestHandler):
    """One request from the kiosk; `folder` and `inner_port` are set by `main`."""

    folder: Path
    inner_port: int

    def do_POST(self) -> None:
        """Carry one IPP operation there and its answer back."""
        request = self.rfile.read(int(self.headers["Content-Length"]))
        fault = _text(self.folder / "line") if int.from_bytes(request[2:4], "big") == _PRINT_JOB else ""
        if fault == "lose-request":
            self.close_connection = True
            return
        printer = HTTPConnection("localhost", self.inner_port, timeout=30)
        printer.request("POST", self.path, request, {"Content-Type": "application/ipp"})
        answer = printer.getresponse()
        body = answer.read()
        printer.close()
        if fault == "lose-answer":
            self.close_connection = True
            return
        if int.from_bytes(request[2:4], "big") == _GET_PRINTER_ATTRIBUTES and answer.status == 200:
            body = with_attributes(body, self._own_attributes())
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "application/ipp"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the printer keeps the log."""

    def _own_attributes(self) -> dict[bytes, bytes]:
        own: dict[bytes, bytes] = {}
        if _text(self.folder / "line") != "no-counter":
            counter = b"printer-media-sheets-completed"
            own[counter] = integer(counter, int(_text(self.folder / "odometer") or 0))
        if reasons := _text(self.folder / "stopped").split():
            state, why = b"printer-state", b"printer-state-reasons"
            own |= {state: integer(state, _STOPPED, _ENUM), why: keywords(why, reasons)}
        return own


def _text(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def main() -> None:
    """Serve until killed."""
    Line.folder, Line.inner_port = Path(sys.argv[1]), int(sys.argv[3])
    ThreadingHTTPServer(("localhost", int(sys.argv[2])), Line).serve_forever()


if __name__ == "__main__":
    main()
