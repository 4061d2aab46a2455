"""The bus itself: words of the master become blocks, each for the peripheral whose address it bears."""

from collections.abc import Iterable

from firmware_bridge.board.peripherals.line import Line
from firmware_bridge.board.peripherals.mdb import INTERBYTE_US, LONGEST_BLOCK, MODE, WORD_US, Burst
from firmware_bridge.board.peripherals.peripheral import Peripheral

_TOLERANCE_US = 250


class Bus:
    """All peripherals on their lines; time is the board's, and goes on where a restarted board begins anew."""

    def __init__(self, peripherals: Iterable[Peripheral]) -> None:
        self.lines = {each.address: Line(each) for each in peripherals}
        self.now_us = max((line.peripheral.timers.now_us for line in self.lines.values()), default=0)
        self._block = bytearray()
        self._addressed: Line | None = None
        self._spoke: Line | None = None
        self._last_word_us = 0

    def advance(self, to_us: int) -> None:
        """Let the machines work until this moment."""
        self.now_us = max(self.now_us, to_us)
        for line in self.lines.values():
            line.peripheral.timers.advance(self.now_us)

    def word(self, word: int) -> Burst | None:
        """Take a word that the master has just finished sending; return what a peripheral answers."""
        gap_us, self._last_word_us = self.now_us - self._last_word_us, self.now_us
        if word & MODE:
            self._begin(word & 0xFF)
            return None
        if self._addressed and gap_us > WORD_US + INTERBYTE_US + _TOLERANCE_US:
            self._addressed = None
            return None
        return self._continue(word) if self._addressed else self._judged(word)

    def reset(self) -> None:
        """Forget a half-sent block and an answer that was not acknowledged, as when the board dies."""
        self._drop_answer()
        self._addressed = None

    def _drop_answer(self) -> None:
        if self._spoke:
            self._spoke.drop()
        self._spoke = None

    def _begin(self, address: int) -> None:
        self._drop_answer()
        self._addressed = self.lines.get(address & 0xF8)
        self._block = bytearray([address])

    def _continue(self, word: int) -> Burst | None:
        line = self._addressed
        assert line is not None
        size = line.peripheral.size(bytes(self._block))
        self._block.append(word)
        if size is None:
            return None
        if size == 0 or len(self._block) > min(size + 1, LONGEST_BLOCK):
            self._addressed = None
            return None
        if len(self._block) <= size:
            return None
        self._addressed = None
        answer = line.block(bytes(self._block))
        self._spoke = line if line.awaiting else None
        return answer

    def _judged(self, word: int) -> Burst | None:
        line = self._spoke
        if line is None or not line.awaiting:
            return None
        return line.verdict(word)
