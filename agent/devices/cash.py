"""Cash: notes come in, change goes out; what the device holds and has done outlives the agent."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.devices.cash_box import CashBox, Credit
from agent.devices.errors import CashUnavailable, ChangeEmpty
from agent.devices.status import DeviceState, DeviceStatus

__all__ = ["Cash", "CashStatus", "Credit", "NoCash", "SimulatedCash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CashStatus(DeviceStatus):
    """State with the change that can be paid out, what lies in the cassette, and whether notes are let in.

    `welcome_vnd` are the pieces that are let in now; a device that never `gives_change` wants the exact sum.

    `tubes` are the coins for change by value; None where the device can't count them now.
    """

    tubes: Mapping[int, int] | None = None
    change_vnd: int = 0
    cassette_vnd: int = 0
    accepting: bool = False
    welcome_vnd: tuple[int, ...] = ()
    gives_change: bool = True


class Cash(ABC):
    """A note and coin device behind one counter of events.

    Every piece that was taken for good is a Credit with a serial number; serials rise within an epoch and are kept by
    the device until confirmed, so no crash of the agent loses or doubles a note. Each method raises a DeviceError where
    the device does not answer.
    """

    @abstractmethod
    async def accept(self, due_vnd: int) -> None:
        """Let money in until `due_vnd` has come since this call, and no piece whose change could not be given."""

    @abstractmethod
    async def stop_accepting(self) -> None:
        """Push every further piece back; return when none is on its way in any more."""

    @abstractmethod
    async def credits(self, after: int) -> list[Credit]:
        """Return the unconfirmed credits whose serial is above `after`, rising."""

    @abstractmethod
    async def confirm(self, serial: int) -> None:
        """Tell the device that the credits up to `serial` are recorded; it may forget them."""

    @abstractmethod
    async def dispense(self, key: str, amount_vnd: int) -> int:
        """Pay out as much of `amount_vnd` as the tubes allow, once per key; return the sum that came out.

        Raises PayoutUnknown where nobody can know it; after any other DeviceError nothing has moved under this key.
        """

    @abstractmethod
    async def epoch(self) -> int:
        """Return the number of this counter of events; a new one means that serials begin anew."""

    @abstractmethod
    async def status(self) -> CashStatus:
        """Return what telemetry, doctor and dashboard all show."""


class NoCash(Cash):
    """A kiosk without slots: nothing comes in, nothing goes out."""

    async def accept(self, due_vnd: int) -> None:
        """Let nothing in."""

    async def stop_accepting(self) -> None:
        """Let nothing in."""

    async def credits(self, after: int) -> list[Credit]:
        """Return nothing."""
        return []

    async def confirm(self, serial: int) -> None:
        """Forget nothing."""

    async def dispense(self, key: str, amount_vnd: int) -> int:
        """Return 0: nothing can come out."""
        return 0

    async def epoch(self) -> int:
        """Return 0, an epoch without events."""
        return 0

    async def status(self) -> CashStatus:
        """Return that there is none."""
        return CashStatus(state=DeviceState.READY, detail="this kiosk takes no cash", gives_change=False)


class SimulatedCash(Cash):
    """A cash device whose physical state lies in a file, where a dock in another process drives it too."""

    def __init__(self, path: Path) -> None:
        self.box = CashBox(path)

    async def accept(self, due_vnd: int) -> None:
        """Let notes in until this sum has come."""
        await asyncio.to_thread(self.box.accept, due_vnd)

    async def stop_accepting(self) -> None:
        """Push every further note back."""
        await asyncio.to_thread(self.box.accept, 0)

    async def credits(self, after: int) -> list[Credit]:
        """Return the unconfirmed credits above `after`."""
        return await asyncio.to_thread(self.box.credits, after)

    async def confirm(self, serial: int) -> None:
        """Forget the credits up to `serial`."""
        await asyncio.to_thread(self.box.confirm, serial)

    async def dispense(self, key: str, amount_vnd: int) -> int:
        """Pay out once per key; return the sum that came out."""
        return await asyncio.to_thread(self.box.dispense, key, amount_vnd)

    async def epoch(self) -> int:
        """Return the number of this counter of events."""
        return (await asyncio.to_thread(self.box.look)).epoch

    async def status(self) -> CashStatus:
        """Return state and sums, DOWN while the box is offline."""
        try:
            held = await asyncio.to_thread(self.box.look)
        except CashUnavailable as fault:
            return CashStatus.down(fault)
        empty = not held.change_vnd
        return CashStatus.of(
            [ChangeEmpty("no change left")] if empty else [],
            state=DeviceState.ATTENTION if empty else DeviceState.READY,
            well="simulated",
            tubes=held.tubes,
            change_vnd=held.change_vnd,
            cassette_vnd=held.cassette_vnd,
            accepting=held.due_vnd > 0,
            welcome_vnd=held.welcome_vnd,
        )
