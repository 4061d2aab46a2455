"""The kiosk's body: lamp ring, door lock, fan, dispenser, and the switches of door, tamper and button."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum, IntFlag

from agent.devices.control_board import LOOK_S, ControlBoard
from agent.devices.errors import CabinetError, CabinetTampered, ControlBoardError, DispenserJammed, DoorOpen
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Clock, Deadline
from firmware_bridge.errors import BridgeError
from firmware_bridge.protocol import (
    Notice,
    NoticeKind,
    Report,
    RunMotor,
    Sensors,
    SetFan,
    SetLamp,
    SetLock,
)
from firmware_bridge.session import SessionBegan

__all__ = ["BoardCabinet", "Cabinet", "CabinetStatus", "Light", "Quarter", "SimulatedCabinet"]

TURN_S = 5.0
_WHITE = (255, 255, 255)
BLINK_S = 0.4


class Light(Enum):
    """Colours of the lamp ring (red, green, blue); without the kiosk's lease it turns red by itself."""

    OFF = (0, 0, 0)
    FREE = (0, 160, 60)
    AT_WORK = (40, 80, 200)
    ATTENTION = (220, 120, 0)


class Quarter(IntFlag):
    """Parts of the lamp ring, as it is looked at; the wire's bits (firmware_bridge/protocol.toml, SetLamp)."""

    LEFT = 1
    RIGHT = 2
    ABOVE = 4
    BELOW = 8


RING = Quarter.LEFT | Quarter.RIGHT | Quarter.ABOVE | Quarter.BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class CabinetStatus(DeviceStatus):
    """State with what the switches say; `unlocked` is the bolt's."""

    door_open: bool = False
    tampered: bool = False
    button_pressed: bool = False
    unlocked: bool = False


class Cabinet(ABC):
    """What the kiosk can show, lock and give out; each method raises a DeviceError where it can't."""

    @abstractmethod
    async def show(self, light: Light) -> None:
        """Let the lamp ring shine in this colour from now on."""

    @abstractmethod
    async def shine(self, quarters: Quarter | None) -> None:
        """Let these quarters of the ring shine white and the others be dark; None brings the colour shown back."""

    @abstractmethod
    async def unlock(self, unlocked: bool) -> None:
        """Hold the service door's bolt back, or let it fall."""

    @abstractmethod
    async def blow(self, speed: int) -> None:
        """Run the fan at this speed (0–255)."""

    @abstractmethod
    async def give_out(self, pieces: int) -> None:
        """Turn the dispenser once a piece; return when they lie in the tray, raise DispenserJammed."""

    @abstractmethod
    async def status(self) -> CabinetStatus:
        """Return what telemetry, doctor and dashboard all show."""

    @abstractmethod
    async def self_test(self, deadline: Deadline) -> CabinetStatus:
        """Let the lamp ring show each colour for a moment, then what it showed; the bolt stays where it is."""


class BoardCabinet(Cabinet):
    """The cabinet on the control board's pins."""

    def __init__(self, board: ControlBoard, clock: Clock) -> None:
        self._board, self._clock = board, clock
        self._sensors: Sensors | None = None
        self._done: asyncio.Future[bool] | None = None
        self._jammed, self._light = False, Light.OFF
        board.listen(self._hear)

    async def show(self, light: Light) -> None:
        """Order the lamp's colour; it comes back after a reset of the board."""
        self._light = light
        await self._lamp(light.value, RING)

    async def shine(self, quarters: Quarter | None) -> None:
        """Order white quarters, or the colour again."""
        if quarters is None:
            await self.show(self._light)
        else:
            await self._lamp(_WHITE, quarters)

    async def _lamp(self, colour: tuple[int, int, int], quarters: Quarter) -> None:
        red, green, blue = colour
        await self._board.order(SetLamp(red=red, green=green, blue=blue, quarters=quarters))

    async def unlock(self, unlocked: bool) -> None:
        """Hold the bolt back; it falls when the kiosk falls silent."""
        await self._board.ready()
        await self._board.order(SetLock(unlocked=int(unlocked)))

    async def blow(self, speed: int) -> None:
        """Order the fan's speed."""
        await self._board.order(SetFan(speed=speed))

    async def give_out(self, pieces: int) -> None:
        """Turn the dispenser's motor; the board stops it in time whatever becomes of the kiosk."""
        await self._board.ready()
        limit_s = TURN_S * pieces
        self._done = asyncio.get_running_loop().create_future()
        try:
            await self._board.send(RunMotor(turns=pieces, limit_ms=int(limit_s * 1000)))
        except BridgeError as fault:
            raise DispenserJammed(str(fault).split(". ")[0]) from fault
        deadline = Deadline.after(self._clock, limit_s + TURN_S)
        while not self._done.done() and not deadline.passed:
            await self._clock.sleep(LOOK_S)
        self._jammed = not (self._done.done() and self._done.result())
        if self._jammed:
            raise DispenserJammed

    async def status(self) -> CabinetStatus:
        """Return the switches, and ATTENTION where door, tamper switch or dispenser are not in order."""
        if self._board.is_away:
            return CabinetStatus.down(self._board.fault)
        told = self._sensors or Sensors(door=0, tamper=0, paper=1, button=0, unlocked=0)
        found: dict[type[CabinetError], int] = {
            CabinetTampered: told.tamper,
            DoorOpen: told.door,
            DispenserJammed: self._jammed,
        }
        faults = [fault() for fault, holds in found.items() if holds]
        return CabinetStatus.of(
            faults,
            state=DeviceState.ATTENTION if faults else DeviceState.READY,
            well="door shut",
            door_open=bool(told.door),
            tampered=bool(told.tamper),
            button_pressed=bool(told.button),
            unlocked=bool(told.unlocked),
        )

    async def self_test(self, deadline: Deadline) -> CabinetStatus:
        """Blink; a board that does not take the order says so."""
        before = self._light
        try:
            await self._board.ready()
            for light in (Light.ATTENTION, Light.AT_WORK, Light.FREE, before):
                await self.show(light)
                await self._clock.sleep(BLINK_S)
        except ControlBoardError as fault:
            return CabinetStatus.down(fault)
        return await self.status()

    async def _hear(self, report: Report | SessionBegan) -> None:
        match report:
            case Sensors():
                self._sensors = report
            case Notice(kind=NoticeKind.MOTOR_DONE | NoticeKind.MOTOR_JAMMED):
                if self._done and not self._done.done():
                    self._done.set_result(report.kind is NoticeKind.MOTOR_DONE)


class SimulatedCabinet(Cabinet):
    """A cabinet that remembers what it was told."""

    def __init__(self) -> None:
        self.light, self.unlocked, self.fan, self.given_out, self.jammed = Light.OFF, False, 0, 0, False
        self.quarters = RING

    async def show(self, light: Light) -> None:
        """Remember the colour."""
        self.light, self.quarters = light, RING

    async def shine(self, quarters: Quarter | None) -> None:
        """Remember the quarters."""
        self.quarters = RING if quarters is None else quarters

    async def unlock(self, unlocked: bool) -> None:
        """Remember the bolt."""
        self.unlocked = unlocked

    async def blow(self, speed: int) -> None:
        """Remember the speed."""
        self.fan = speed

    async def give_out(self, pieces: int) -> None:
        """Count the pieces, or jam."""
        if self.jammed:
            raise DispenserJammed
        self.given_out += pieces

    async def status(self) -> CabinetStatus:
        """Return READY with the bolt."""
        return CabinetStatus(state=DeviceState.READY, detail="simulated", unlocked=self.unlocked)

    async def self_test(self, deadline: Deadline) -> CabinetStatus:
        """Return the status."""
        return await self.status()
