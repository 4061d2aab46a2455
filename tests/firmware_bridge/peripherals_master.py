"""A master on the lockstep wire, as a board would be: sends words, reads answers, checks them as MDB demands."""

from dataclasses import dataclass, field

from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.mdb import ACK, MODE, NAK, RESPONSE_US, RET, WORD_US, checksum, command_words

NOTHING_HEARD = None
ACK_HEARD = b""


class Damaged(Exception):
    """An answer whose checksum or mode bit is wrong."""


class Refused(Exception):
    """The peripheral said NAK."""


@dataclass
class Master:
    """Talks to machines word by word; `t_us` is the board's time."""

    machines: Machines
    t_us: int = 0
    said: list[str] = field(default_factory=list)

    def command(self, *data: int, ack: bool = True) -> bytes | None:
        """Send a command; return its data (acknowledged unless `ack` is off), b"" for ACK, None for silence."""
        words = list[int]()
        for word in command_words(bytes(data)):
            words = self.send(word)
        answer = self.read(words)
        if answer and ack:
            self.send(ACK)
        return answer

    def send(self, word: int, *, pause_us: int = 0) -> list[int]:
        """Put one word on the bus; return the words that come back in time."""
        self.t_us += WORD_US + pause_us
        return self._words(self.ask(f"M {self.t_us} {word:x}"))

    def read(self, words: list[int]) -> bytes | None:
        """Judge the words of an answer."""
        if not words:
            return NOTHING_HEARD
        if words == [MODE | ACK]:
            return ACK_HEARD
        if words == [MODE | NAK]:
            raise Refused
        *data, last = words
        if any(word & MODE for word in data) or last != MODE | checksum(bytes(data)):
            raise Damaged(words)
        return bytes(data)

    def repeat(self) -> bytes | None:
        """Ask for the last answer again."""
        return self.read(self.send(RET))

    def wait(self, ms: int) -> None:
        """Let time go on in ticks of 5 ms."""
        for _ in range(0, ms, 5):
            self.t_us += 5_000
            self.ask(f"T {self.t_us}")

    def ask(self, question: str) -> str:
        """Ask and remember what was answered."""
        answer = self.machines.wire.answer(question)
        self.said.append(answer)
        return answer

    def _words(self, answer: str) -> list[int]:
        for item in answer.split(";"):
            kind, *fields = item.split()
            if kind == "R":
                delay_us, *words = fields
                self.t_us += int(delay_us) + WORD_US * len(words)
                return [int(word, 16) for word in words] if int(delay_us) <= RESPONSE_US else []
        return []

    def enable_notes(self, *, escrow: bool = True) -> None:
        """Let every note in."""
        assert self.command(0x34, 0xFF, 0xFF, *((0xFF, 0xFF) if escrow else (0, 0))) == ACK_HEARD

    def enable_coins(self) -> None:
        """Let every coin in."""
        assert self.command(0x0C, 0xFF, 0xFF, 0xFF, 0xFF) == ACK_HEARD

    def drain(self, poll: int) -> bytes:
        """Poll until the machine tells nothing new; return all codes without the states that last."""
        codes, last = b"", b""
        while said := self.command(poll):
            if said == last:
                return codes[: -len(said)] if codes != said else codes
            codes, last = codes + said, said
        return codes
