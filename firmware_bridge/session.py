"""The host's end of a session with the board, without I/O: bytes in, reports out; bytes to send when they are due.

One DATA frame of each side is under way at a time. It is repeated until its ACK comes, and taken once. A session begins
with SYN and ends when the board says RST (it was reset) or the caller begins anew.
"""

import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.frames import Frame, FrameReader, encode
from firmware_bridge.protocol import REPORTS, VERSION, FrameKind, Hello, Identity, Report

REPEAT_S = 0.05
REPEAT_MAX_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegan:
    """The board has agreed to a session; after a reset of it everything that was commanded is forgotten."""

    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLost:
    """The board does not know the session: it was reset."""


Told = Report | SessionBegan | SessionLost


@dataclass(slots=True)
class _UnderWay:
    """A frame that waits for its answer."""

    frame: Frame
    due_s: float
    repeat_s: float = REPEAT_S


@dataclass(slots=True)
class Session:
    """One end; `random32` gives numbers for sessions and, to a blank board, for its counter of events."""

    random32: Callable[[], int]
    is_open: bool = False
    _reader: FrameReader = field(default_factory=FrameReader)
    _number: int = 0
    _out_seq: int = 1
    _in_seq: int = 1
    _waiting: deque[bytes] = field(default_factory=deque)
    _under_way: _UnderWay | None = None
    _answers: list[Frame] = field(default_factory=list)

    def begin(self, now_s: float) -> None:
        """Forget all and ask for a new session."""
        self.is_open, self._number = False, self.random32() % 0xFFFF + 1
        self._out_seq = self._in_seq = 1
        self._waiting.clear()
        self._answers.clear()
        hello = Hello(version=VERSION, nonce=self.random32() or 1)
        self._under_way = _UnderWay(Frame(kind=FrameKind.SYN, session=self._number, body=hello.pack()), now_s)

    def push(self, code: int, body: bytes) -> None:
        """Queue one message."""
        self._waiting.append(bytes([code]) + body)

    def feed(self, data: bytes) -> list[Told]:
        """Take what came over the line; return what the board told."""
        return [
            told for frame in self._reader.feed(data) if frame.session == self._number for told in self._take(frame)
        ]

    def to_send(self, now_s: float) -> bytes:
        """Return what is due on the line now."""
        self._next_message(now_s)
        frames, self._answers = self._answers, []
        if self._under_way and self._under_way.due_s <= now_s:
            frames.append(self._under_way.frame)
            self._under_way.due_s = now_s + self._under_way.repeat_s
            self._under_way.repeat_s = min(2 * self._under_way.repeat_s, REPEAT_MAX_S)
        return b"".join(map(encode, frames))

    def due_s(self) -> float | None:
        """Return when `to_send` has something next."""
        return self._under_way.due_s if self._under_way else None

    def _next_message(self, now_s: float) -> None:
        if self.is_open and not self._under_way and self._waiting:
            body = self._waiting.popleft()
            frame = Frame(kind=FrameKind.DATA, session=self._number, seq=self._out_seq, body=body)
            self._under_way = _UnderWay(frame, now_s)

    def _take(self, frame: Frame) -> list[Told]:
        match frame.kind:
            case FrameKind.SYN_ACK:
                return self._take_identity(frame.body)
            case FrameKind.RST if self.is_open:
                self.is_open, self._under_way = False, None
                return [SessionLost()]
            case FrameKind.ACK if self.is_open and self._under_way and frame.seq == self._out_seq:
                self._under_way, self._out_seq = None, (self._out_seq + 1) % 256
            case FrameKind.DATA if self.is_open:
                return self._take_data(frame)
        return []

    def _take_identity(self, body: bytes) -> list[Told]:
        if self.is_open or len(body) != Identity.LAYOUT.size:
            return []
        self._under_way = None
        identity = Identity.unpack(body)
        self.is_open = identity.version == VERSION
        return [SessionBegan(identity=identity)]

    def _take_data(self, frame: Frame) -> list[Told]:
        if frame.seq == self._in_seq:
            self._in_seq = (self._in_seq + 1) % 256
            told = _report(frame.body)
        elif frame.seq == (self._in_seq - 1) % 256:
            told = []
        else:
            return []
        self._answers.append(Frame(kind=FrameKind.ACK, session=self._number, seq=frame.seq))
        return told


def _report(body: bytes) -> list[Told]:
    """Return the report; nothing where this release does not know it."""
    kind = REPORTS.get(body[0]) if body else None
    try:
        return [kind.unpack(body[1:])] if kind else []
    except (struct.error, ValueError):
        return []
