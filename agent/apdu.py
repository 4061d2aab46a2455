"""Commands to a chip card and their answers as bytes (ISO/IEC 7816-4, 5.1 to 5.3)."""

from dataclasses import dataclass

SHORT_DATA = 255
SHORT_ANSWER = 256
EXTENDED_ANSWER = 65_536
OK = 0x9000


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command APDU; `answer` is how many bytes are wanted at most (Le), 0 for none.

    `cla`, `ins`, `p1`, `p2` are bytes. Lengths are written in their extended form where data or answer need it.
    """

    cla: int = 0x00
    ins: int
    p1: int = 0x00
    p2: int = 0x00
    data: bytes = b""
    answer: int = 0

    def __bytes__(self) -> bytes:
        """Return the APDU; raise ValueError where a part is out of range."""
        if len(self.data) >= EXTENDED_ANSWER or not 0 <= self.answer <= EXTENDED_ANSWER:
            raise ValueError("an APDU carries at most 65,535 bytes and asks for at most 65,536")
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        extended = len(self.data) > SHORT_DATA or self.answer > SHORT_ANSWER
        return head + (self._extended() if extended else self._short())

    def _short(self) -> bytes:
        data = bytes((len(self.data),)) + self.data if self.data else b""
        return data + (bytes((self.answer % SHORT_ANSWER,)) if self.answer else b"")

    def _extended(self) -> bytes:
        data = b"\x00" + len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        if not self.answer:
            return data
        return data + (b"" if self.data else b"\x00") + (self.answer % EXTENDED_ANSWER).to_bytes(2, "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the card said: its data and its status word (0x9000 = done)."""

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        """Whether the card did it."""
        return self.status == OK


def select(application: bytes) -> Command:
    """Return SELECT by the application's name (AID), without asking for its file control information."""
    return Command(ins=0xA4, p1=0x04, p2=0x0C, data=application)


def get_challenge(count: int = 8) -> Command:
    """Return GET CHALLENGE for so many random bytes."""
    return Command(ins=0x84, answer=count)


def get_response(count: int) -> Command:
    """Return GET RESPONSE, by which a card hands over what it announced with 61xx; 0 stands for 256."""
    return Command(ins=0xC0, answer=count or SHORT_ANSWER)
