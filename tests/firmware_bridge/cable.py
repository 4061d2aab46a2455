"""A cable between board and host that can be bad: a pty of its own, and what it does to the bytes."""

import asyncio
import os
import random
import tty
from collections.abc import Callable
from dataclasses import dataclass

Deliver = Callable[[bytes], None]


class Manner:
    """What a cable does to bytes; this one is clean."""

    def carry(self, data: bytes, deliver: Deliver) -> None:
        deliver(data)


class OneByteAtATime(Manner):
    """Each byte arrives alone."""

    def carry(self, data: bytes, deliver: Deliver) -> None:
        loop = asyncio.get_running_loop()
        for at in range(len(data)):
            loop.call_soon(deliver, data[at : at + 1])


class Losing(Manner):
    """A fifth of the frames don't arrive; half of those arrive without their first byte."""

    def __init__(self) -> None:
        self._dice = random.Random(7)
        self._partial = b""

    def carry(self, data: bytes, deliver: Deliver) -> None:
        *frames, self._partial = (self._partial + data).split(b"\0")
        for frame in frames:
            thrown = self._dice.random()
            if thrown >= 0.2:
                deliver(frame + b"\0")
            elif thrown >= 0.1:
                deliver(frame[1:] + b"\0")


class Delaying(Manner):
    """Everything arrives 150 ms late: later than the first repetition."""

    def carry(self, data: bytes, deliver: Deliver) -> None:
        asyncio.get_running_loop().call_later(0.15, deliver, data)


@dataclass
class Cable:
    """Joins the board's port with `port`, which the host opens."""

    port: str
    handles: tuple[int, ...]

    @classmethod
    def lay(cls, board_port: str, manner: Callable[[], Manner]) -> "Cable":
        board = os.open(board_port, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        near, far = os.openpty()
        tty.setraw(far)
        os.set_blocking(near, False)
        for source, target in ((board, near), (near, board)):
            cls._join(source, target, manner())
        return cls(os.ttyname(far), (board, near, far))

    @staticmethod
    def _join(source: int, target: int, manner: Manner) -> None:
        def deliver(data: bytes) -> None:
            try:
                os.write(target, data)
            except OSError:
                return

        def readable() -> None:
            try:
                manner.carry(os.read(source, 4096), deliver)
            except OSError:
                return

        asyncio.get_running_loop().add_reader(source, readable)

    def cut(self) -> None:
        for handle in self.handles[:2]:
            asyncio.get_running_loop().remove_reader(handle)
        for handle in self.handles:
            os.close(handle)
