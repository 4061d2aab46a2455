"""One conversation with an ESC/POS printer: ask its state, send, and hear what it says of its own accord."""

from agent.devices import escpos
from agent.devices.byte_line import ByteLine
from agent.devices.errors import TicketPrinterUnreachable
from agent.devices.ticket_status import Answer
from contract.clock import Deadline

_ANSWER_S = 1.0
_LOOK_S = 0.5


class Talk:
    """What was said on one open line; every method raises LineLost."""

    def __init__(self, line: ByteLine, address: str) -> None:
        self._line, self._address, self._answers = line, address, escpos.Answers()
        self._heard: list[bytes] = []

    async def send(self, data: bytes, within_s: float) -> bool:
        """Return whether the printer took all of it in time."""
        return await self._line.write(data, within_s) == len(data)

    async def look(self) -> Answer:
        """Return the printer's real-time state; raise TicketPrinterUnreachable where it does not answer."""
        while said := await self._line.read(0.0):
            self._heard += self._answers.cut(said)
        printer, cause, error, roll = [await self._ask(subject) for subject in (1, 2, 3, 4)]
        return Answer(printer=printer, cause=cause, error=error, roll=roll)

    async def said(self, mark: bytes, deadline: Deadline) -> bool:
        """Return whether the printer says this mark before the deadline or a fault that stops it."""
        while not self.has_said(mark) and not deadline.passed:
            if not await self._listen(min(_LOOK_S, deadline.remaining_s)) and (await self.look()).fault:
                break
        return self.has_said(mark)

    async def processed(self, deadline: Deadline) -> bool:
        """Return whether the printer answers GS r before the deadline or a fault that stops it."""
        while not (done := any(map(escpos.is_processed, self._heard))) and not deadline.passed:
            if not await self._listen(min(_LOOK_S, deadline.remaining_s)) and (await self.look()).fault:
                break
        return done and (await self.look()).fault is None

    def has_said(self, mark: bytes) -> bool:
        """Return whether the printer has said this mark."""
        return escpos.reported(mark) in self._heard

    async def clear(self) -> bool:
        """Empty the printer's buffers; return whether it says that they are empty."""
        self._heard = [each for each in self._heard if each != escpos.CLEARED]
        await self.send(escpos.CLEAR, _ANSWER_S)
        while escpos.CLEARED not in self._heard and await self._listen(_ANSWER_S):
            pass
        return escpos.CLEARED in self._heard

    async def _ask(self, subject: int) -> int:
        await self.send(escpos.ask(subject), _ANSWER_S)
        while said := await self._line.read(_ANSWER_S):
            answers = self._answers.cut(said)
            self._heard += [answer for answer in answers if not escpos.is_status(answer)]
            for answer in filter(escpos.is_status, answers):
                return answer[0]
        raise TicketPrinterUnreachable(f"{self._address} does not answer DLE EOT {subject}")

    async def _listen(self, seconds: float) -> bool:
        said = await self._line.read(seconds)
        self._heard += self._answers.cut(said)
        return bool(said)
