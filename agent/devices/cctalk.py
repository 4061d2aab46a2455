"""ccTalk, the host's side: packets with either checksum, and one question at a time on a single-wire line.

A packet is [destination][data bytes][source][header][data][checksum], all bytes adding up to 0 modulo 256; with CRC the
source gives way to the low byte of a CRC-16 (x^16+x^12+x^5+1, from 0) over all but the two CRC bytes, the high byte
ends the packet. Read in copies of the ccTalk Generic Specification 4.7 part 1 (7.1, 7.12) and in makers' manuals
(9600 8N1, 50 ms between bytes, polynomial and start value); the order of the CRC's bytes is that of two independent
implementations, which send 40 0 182 254 33 as a simple poll. On the one wire the host hears its own words first.
"""

import binascii
from typing import Literal

from agent.devices.byte_line import ByteLine
from agent.devices.errors import CoinAcceptorError, CoinAcceptorGarbled, CoinAcceptorSilent
from contract.clock import Clock

Checksum = Literal["simple", "crc"]

HOST = 1
BAUD = 9600
REPLY = 0
_TRIES = 3
_SEND_S, _ANSWER_S, _PAUSE_S = 0.5, 0.25, 0.03
_OVERHEAD = 5


def packet(destination: int, header: int, data: bytes = b"", *, checksum: Checksum = "simple") -> bytes:
    """Return the host's packet for a device."""
    if checksum == "simple":
        body = bytes([destination, len(data), HOST, header]) + data
        return body + bytes([-sum(body) & 0xFF])
    low, high = _crc(bytes([destination, len(data), header]) + data)
    return bytes([destination, len(data), low, header]) + data + bytes([high])


def reply_data(answer: bytes, *, checksum: Checksum = "simple") -> bytes | None:
    """Return the data of a whole, undamaged reply to the host; None for anything else."""
    if len(answer) < _OVERHEAD or len(answer) != _OVERHEAD + answer[1] or answer[0] != HOST or answer[3] != REPLY:
        return None
    if checksum == "simple":
        return answer[4:-1] if sum(answer) & 0xFF == 0 else None
    whole = _crc(answer[:2] + answer[3:-1]) == (answer[2], answer[-1])
    return answer[4:-1] if whole else None


class Talk:
    """Questions to one device on an open line; every question may be asked twice without harm."""

    def __init__(self, line: ByteLine, clock: Clock, *, address: int, checksum: Checksum) -> None:
        self._line, self._clock, self._address, self._checksum = line, clock, address, checksum

    async def ask(self, header: int, data: bytes = b"", *, expects: int = 0) -> bytes:
        """Return the reply's `expects` bytes; raise CoinAcceptorSilent, CoinAcceptorGarbled (three tries) or LineLost.

        A reply does not say which question it answers: one of another length came late and is not taken.
        """
        question = packet(self._address, header, data, checksum=self._checksum)
        fault: type[CoinAcceptorError] = CoinAcceptorSilent
        for _ in range(_TRIES):
            heard = await self._exchange(question)
            answer = reply_data(heard, checksum=self._checksum)
            if answer is not None and len(answer) == expects:
                return answer
            fault = CoinAcceptorGarbled if heard else fault
            await self._clock.sleep(_PAUSE_S)
        raise fault(f"no good answer to ccTalk header {header} from address {self._address} in {_TRIES} tries")

    async def _exchange(self, question: bytes) -> bytes:
        """Send, and return what came behind the echo; nothing for silence."""
        while await self._line.read(0.0):
            continue
        await self._line.write(question, _SEND_S)
        heard = b""
        while not _complete(heard.removeprefix(question)) and (came := await self._line.read(_ANSWER_S)):
            heard += came
        return heard.removeprefix(question) if not question.startswith(heard) else b""


def _complete(answer: bytes) -> bool:
    return len(answer) >= _OVERHEAD and answer[0] == HOST and len(answer) >= _OVERHEAD + answer[1]


def _crc(data: bytes) -> tuple[int, int]:
    """Return low and high byte of the CRC-16: ccTalk's polynomial is CCITT's, most significant bit first, from 0."""
    crc = binascii.crc_hqx(data, 0)
    return crc & 0xFF, crc >> 8
