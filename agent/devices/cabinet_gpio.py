"""The kiosk's body on the pins of a Raspberry Pi, where no control board is built in: what gpiozero is good at.

Pins are BCM numbers; one that is not given is a part that the kiosk does not have. Switches close to ground. On a Pi
gpiozero finds the pins through `lgpio`; without it, or off a Pi, the status says so. Unlike the control board's, pins
keep what they were told when the program is killed: bolt, fan and motor are off once it has opened them again.
"""

from collections.abc import Callable
from typing import TypeVar

from gpiozero import RGBLED, Button, DigitalOutputDevice, GPIOZeroError, PWMOutputDevice

from agent.devices.cabinet import BLINK_S, RING, TURN_S, Cabinet, CabinetStatus, Light, Quarter
from agent.devices.errors import CabinetError, CabinetTampered, DispenserJammed, DoorOpen, PinsUnreachable
from agent.devices.presence import LOOK_S
from agent.devices.status import DeviceState
from contract.clock import Clock, Deadline

BOUNCE_S = 0.02
Part = TypeVar("Part")


class GpioCabinet(Cabinet):
    """Lamp ring (three colours, up to four feeds), bolt, fan, dispenser and switches, each on its pins."""

    def __init__(
        self,
        clock: Clock,
        *,
        lamp: tuple[int, int, int] | None = None,
        quarters: dict[str, int] | None = None,
        bolt: int | None = None,
        fan: int | None = None,
        motor: int | None = None,
        home: int | None = None,
        door: int | None = None,
        tamper: int | None = None,
        button: int | None = None,
    ) -> None:
        self._clock, self._light, self._jammed, self._turns = clock, Light.OFF, False, 0
        self._fault: PinsUnreachable | None = None
        red_green_blue = tuple(lamp) if lamp else ()
        self._lamp = self._open(lambda: RGBLED(*red_green_blue)) if lamp else None
        self._feeds = {
            Quarter[name.upper()]: feed
            for name, pin in (quarters or {}).items()
            if (feed := self._output(pin)) is not None
        }
        self._bolt, self._motor = self._output(bolt), self._output(motor)
        self._fan = None if fan is None else self._open(lambda: PWMOutputDevice(fan))
        self._door, self._tamper, self._button = self._switch(door), self._switch(tamper), self._switch(button)
        self._home = self._switch(home)
        if self._home:
            self._home.when_pressed = self._turned

    async def show(self, light: Light) -> None:
        """Let the whole ring shine in this colour."""
        self._light = light
        self._shine(light.value, RING)

    async def shine(self, quarters: Quarter | None) -> None:
        """Feed these quarters alone, white; a ring without feeds of its own shines as a whole."""
        if quarters is None:
            await self.show(self._light)
        else:
            self._shine((255, 255, 255), quarters)

    async def unlock(self, unlocked: bool) -> None:
        """Hold the bolt back, or let it fall."""
        self._ready()
        if self._bolt:
            self._bolt.value = unlocked

    async def blow(self, speed: int) -> None:
        """Run the fan; 255 is its full speed."""
        self._ready()
        if self._fan:
            self._fan.value = speed / 255

    async def give_out(self, pieces: int) -> None:
        """Turn until the home switch has closed once a piece; an open door or TURN_S a piece without it is a jam."""
        self._ready()
        if not self._motor or not self._home:
            raise DispenserJammed("this kiosk has no dispenser")
        self._turns = 0
        deadline = Deadline.after(self._clock, TURN_S * pieces)
        self._motor.on()
        try:
            while self._turns < pieces and not deadline.passed and not self._is_open():
                await self._clock.sleep(min(LOOK_S, deadline.remaining_s))
        finally:
            self._motor.off()
        self._jammed = self._turns < pieces
        if self._jammed:
            raise DispenserJammed

    async def status(self) -> CabinetStatus:
        """Return the switches, and ATTENTION where door, tamper switch or dispenser are not in order."""
        if self._fault:
            return CabinetStatus.down(self._fault)
        tampered = self._tamper is not None and not self._tamper.is_pressed
        found: dict[type[CabinetError], bool] = {
            CabinetTampered: tampered,
            DoorOpen: self._is_open(),
            DispenserJammed: self._jammed,
        }
        faults = [fault() for fault, holds in found.items() if holds]
        return CabinetStatus.of(
            faults,
            state=DeviceState.ATTENTION if faults else DeviceState.READY,
            well="door shut",
            door_open=self._is_open(),
            tampered=tampered,
            button_pressed=bool(self._button and self._button.is_pressed),
            unlocked=bool(self._bolt and self._bolt.value),
        )

    async def self_test(self, deadline: Deadline) -> CabinetStatus:
        """Let the ring show each colour, then what it showed."""
        before = self._light
        if not self._fault:
            for light in (Light.ATTENTION, Light.AT_WORK, Light.FREE, before):
                await self.show(light)
                await self._clock.sleep(BLINK_S)
        return await self.status()

    def _open(self, make: Callable[[], Part]) -> Part | None:
        """Return the part; one whose pins can't be had leaves the fault that each later order raises."""
        try:
            return make()
        except (GPIOZeroError, OSError) as fault:
            self._fault = PinsUnreachable(str(fault) or type(fault).__name__)
            return None

    def _output(self, pin: int | None) -> DigitalOutputDevice | None:
        return None if pin is None else self._open(lambda: DigitalOutputDevice(pin))

    def _switch(self, pin: int | None) -> Button | None:
        return None if pin is None else self._open(lambda: Button(pin, bounce_time=BOUNCE_S))

    def _ready(self) -> None:
        if self._fault:
            raise self._fault.with_traceback(None)  # one that is raised for years must not remember each time

    def _shine(self, colour: tuple[int, int, int], quarters: Quarter) -> None:
        self._ready()
        if self._lamp:
            self._lamp.color = tuple(part / 255 for part in colour)
        for quarter, feed in self._feeds.items():
            feed.value = quarter in quarters

    def _is_open(self) -> bool:
        return self._door is not None and not self._door.is_pressed

    def _turned(self) -> None:
        self._turns += 1
