"""The lockstep wire (LOCKSTEP.md beside this package): the board's questions in, the peripherals' answers out."""

import asyncio
import re
from collections.abc import Iterable

from firmware_bridge.board.peripherals.bus import Bus
from firmware_bridge.board.peripherals.cabinet import Cabinet
from firmware_bridge.board.peripherals.mdb import Burst

NOTHING = "-"
_QUESTION = re.compile(
    r"T (?P<t>\d+)|M (?P<m>\d+) (?P<word>[01]?[0-9a-fA-F]{1,2})|P (?P<p>\d+) (?P<pin>\w+) (?P<value>\d+)"
)


class Wire:
    """Answers questions, one line each; time goes on from where it was when a board connects anew."""

    def __init__(self, bus: Bus, cabinet: Cabinet) -> None:
        self._bus, self._cabinet = bus, cabinet
        self._offset_us: int | None = None

    def connected(self) -> None:
        """A board has connected: its time starts a stream of its own."""
        self._offset_us = None
        self._bus.reset()

    def answer(self, question: str) -> str:
        """Return the answer to one question; a malformed or unknown one is answered with nothing."""
        asked = _QUESTION.fullmatch(question.strip())
        if asked is None:
            return NOTHING
        fresh = self._move_time(int(asked["t"] or asked["m"] or asked["p"]))
        burst = self._bus.word(int(asked["word"], 16)) if asked["m"] else None
        if asked["p"]:
            self._cabinet.output(asked["pin"], int(asked["value"]))
        inputs = self._cabinet.all_inputs() if fresh else self._cabinet.changed()
        return ";".join(_items(burst, inputs)) or NOTHING

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one board until it hangs up."""
        self.connected()
        try:
            while line := await reader.readline():
                writer.write(self.answer(line.decode("ascii", "replace")).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _move_time(self, t_us: int) -> bool:
        """Move all machines on to the board's time; return whether this is a new board's first question."""
        fresh = self._offset_us is None
        if self._offset_us is None:
            self._offset_us = self._bus.now_us - t_us
        self._bus.advance(t_us + self._offset_us)
        self._cabinet.timers.advance(self._bus.now_us)
        return fresh


def _items(burst: Burst | None, inputs: Iterable[tuple[str, int]]) -> list[str]:
    said = [f"I {pin} {level}" for pin, level in inputs]
    if burst:
        said.append(f"R {burst.delay_us} " + " ".join(f"{word:x}" for word in burst.words))
    return said
