"""One peripheral's end of the bus: checks blocks, answers, repeats on request, and can be disturbed."""

from collections import Counter
from typing import Literal

from firmware_bridge.board.peripherals.mdb import ACK, MODE, NAK, RET, Burst, block_words, checksum
from firmware_bridge.board.peripherals.peripheral import Peripheral

ANSWER_US = 1_200
"""How long a device in good health thinks before it answers."""

Disturbance = Literal["deaf", "mute", "garbage", "nak", "slow", "lost_ack"]
"""What may go wrong with the next commands.

deaf: the command is not heard; mute: it is obeyed and the answer is lost; garbage: it is obeyed and the answer's
checksum is wrong; nak: it is refused as damaged; slow: the answer begins after t-response; lost_ack: the master's ACK
is not heard, so the device repeats at the next poll what the master already has.
"""

_SLOW_US = 9_000


class Line:
    """The link between the bus and one peripheral."""

    def __init__(self, peripheral: Peripheral) -> None:
        self.peripheral = peripheral
        self.awaiting = False
        self._last: Burst | None = None
        self._disturbed: Counter[Disturbance] = Counter()

    def disturb(self, kind: Disturbance, commands: int = 1) -> None:
        """Disturb the next `commands` commands or answers in this way."""
        self._disturbed[kind] = commands

    def block(self, block: bytes) -> Burst | None:
        """Take a whole block (with checksum) that the master addressed to this peripheral; return the answer."""
        self.drop()
        if not self.peripheral.powered or self._strikes("deaf"):
            return None
        if checksum(block[:-1]) != block[-1] or self._strikes("nak"):
            return Burst(delay_us=ANSWER_US, words=(MODE | NAK,))
        return self._said(self.peripheral.answer(block[:-1]))

    def verdict(self, word: int) -> Burst | None:
        """Take the master's word on the last answer: ACK settles, RET repeats, anything else keeps it for later."""
        if word == RET:
            return self._last
        if word == ACK and not self._strikes("lost_ack"):
            self.awaiting = False
            self.peripheral.acknowledged()
        else:
            self.drop()
        return None

    def drop(self) -> None:
        """The master went on without a word: what was told is not acknowledged."""
        if self.awaiting:
            self.awaiting = False
            self.peripheral.unacknowledged()

    def _said(self, data: bytes | None) -> Burst | None:
        if data is None:
            return None
        self.awaiting = bool(data)
        delay_us = _SLOW_US if self._strikes("slow") else ANSWER_US
        words = block_words(data) if data else (MODE | ACK,)
        self._last = Burst(delay_us=delay_us, words=words)
        if self._strikes("mute"):
            self.drop()
            return None
        if self._strikes("garbage"):
            return Burst(delay_us=delay_us, words=(*words[:-1], words[-1] ^ 0x5A))
        return self._last

    def _strikes(self, kind: Disturbance) -> bool:
        self._disturbed[kind] -= 1
        return self._disturbed[kind] >= 0
