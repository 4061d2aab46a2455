"""A hand at the machines: one JSON line per deed over a Unix socket, for the dock, for tests and for proofs.

{"do": "insert_note", "value_vnd": 20000} is answered with {"ok": true, "result": "drawn in"}, a deed that can't be done
with {"ok": false, "error": "…"}. The verbs and their arguments are the methods that `Machines.verbs` names.
"""

import asyncio
import inspect
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

Verbs = Mapping[str, Callable[..., Any]]


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a deed."""

    ok: bool
    result: Any = None
    error: str = ""


class DeedRefused(Exception):
    """There is no such deed, or its arguments don't fit; the text says which."""


class Control:
    """The server's side: does deeds between two questions of the board."""

    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs

    def do(self, line: bytes) -> Reply:
        """Do what one line asks for."""
        try:
            return Reply(ok=True, result=self._done(line))
        except (DeedRefused, msgspec.MsgspecError, KeyError, ValueError) as fault:
            return Reply(ok=False, error=f"{type(fault).__name__}: {fault}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Do the deeds of one client until it hangs up."""
        try:
            while line := await reader.readline():
                writer.write(msgspec.json.encode(self.do(line)) + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _done(self, line: bytes) -> Any:
        deed = msgspec.json.decode(line, type=dict[str, Any])
        name = deed.pop("do", "")
        verb = self._verbs.get(name)
        if verb is None:
            raise DeedRefused(f"there is no deed {name!r}; there are {', '.join(sorted(self._verbs))}")
        return verb(**_fitting(verb, deed))


class Hand:
    """The client's side: `hand.do("insert_note", value_vnd=20_000)` blocks until it is done."""

    def __init__(self, path: Path, *, timeout_s: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def do(self, verb: str, **arguments: Any) -> Any:
        """Do a deed and return its result; raise DeedRefused."""
        self._socket.sendall(msgspec.json.encode({"do": verb, **arguments}) + b"\n")
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the machines have hung up")
        reply = msgspec.json.decode(line, type=Reply)
        if not reply.ok:
            raise DeedRefused(reply.error)
        return reply.result

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> "Hand":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _fitting(verb: Callable[..., Any], deed: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments as the verb declares them; raise where one is missing, unknown or of the wrong kind."""
    hints = get_type_hints(verb)
    try:
        bound = inspect.signature(verb).bind(**deed)
    except TypeError as fault:
        raise DeedRefused(f"{verb.__name__}: {fault}") from None
    return {name: msgspec.convert(value, hints[name]) for name, value in bound.arguments.items()}
