"""A chip card that is not there: what it answers to a command (ISO/IEC 7816-4); a subclass adds files and secrets."""

import secrets
import threading
from dataclasses import dataclass

OK, NOT_FOUND, WRONG_LENGTH, WRONG_INSTRUCTION, WRONG_CLASS = 0x9000, 0x6A82, 0x6700, 0x6D00, 0x6E00
_SELECT, _GET_CHALLENGE, _BY_NAME = 0xA4, 0x84, 0x04
_LONGEST_CHALLENGE = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A command as the card understands it; `wanted` is Le, 0 for none."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    wanted: int


class WrongLength(ValueError):
    """The bytes are no command APDU."""


class VirtualCard:
    """Knows SELECT of its applications and GET CHALLENGE; `answer` is what a subclass extends.

    `mute` lets it hear all and say nothing; `pull_at` names the command, counted from 1, amid which it is pulled.
    """

    atr = bytes.fromhex("3b80800101")
    """The shortest answer to reset of a contactless card (PC/SC part 3, 3.1.3.2.3.1)."""

    applications: tuple[bytes, ...] = (bytes.fromhex("a0000002471001"),)
    """ICAO 9303-10, 3.1: the eMRTD application."""

    def __init__(self, *, pull_at: int = 0) -> None:
        self.pull_at, self.heard, self.power_ups = pull_at, list[Heard](), 0
        self.mute = threading.Event()
        self.selected = b""

    def power_up(self) -> None:
        """Forget what a card forgets without power."""
        self.power_ups += 1
        self.selected = b""

    def exchange(self, apdu: bytes) -> bytes:
        """Return what the card says to these bytes, status word included."""
        try:
            command = heard(apdu)
        except WrongLength:
            return WRONG_LENGTH.to_bytes(2, "big")
        self.heard.append(command)
        data, status = self.answer(command)
        return data + status.to_bytes(2, "big")

    def answer(self, command: Heard) -> tuple[bytes, int]:
        """Return data and status word for one command."""
        match command:
            case Heard(cla=cla) if cla & 0xF0:
                return b"", WRONG_CLASS
            case Heard(ins=ins, p1=p1, data=name) if ins == _SELECT and p1 == _BY_NAME:
                return self._select(name)
            case Heard(ins=ins, wanted=wanted) if ins == _GET_CHALLENGE:
                return (secrets.token_bytes(wanted), OK) if 0 < wanted <= _LONGEST_CHALLENGE else (b"", WRONG_LENGTH)
        return b"", WRONG_INSTRUCTION

    def _select(self, name: bytes) -> tuple[bytes, int]:
        if name not in self.applications:
            return b"", NOT_FOUND
        self.selected = name
        return b"", OK


def heard(apdu: bytes) -> Heard:
    """Return the command in these bytes, cases 1 to 4 in short and extended form; raise WrongLength."""
    if len(apdu) < 4:
        raise WrongLength
    cla, ins, p1, p2, *rest = apdu
    data, wanted = _extended(bytes(rest)) if len(rest) > 2 and rest[0] == 0 else _short(bytes(rest))
    return Heard(cla=cla, ins=ins, p1=p1, p2=p2, data=data, wanted=wanted)


def _short(body: bytes) -> tuple[bytes, int]:
    if len(body) <= 1:
        return b"", (body[0] or 256) if body else 0
    data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
    if len(data) != body[0] or not data or len(rest) > 1:
        raise WrongLength
    return data, (rest[0] or 256) if rest else 0


def _extended(body: bytes) -> tuple[bytes, int]:
    count = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return b"", count or 65_536
    data, rest = body[3 : 3 + count], body[3 + count :]
    if len(data) != count or not data or len(rest) not in (0, 2):
        raise WrongLength
    return data, (int.from_bytes(rest, "big") or 65_536) if rest else 0
