"""What hangs on the board's pins: door, tamper switch, paper sensor, button, dispenser motor, pulse coin acceptor.

Levels are logical, as in LOCKSTEP.md beside this package. The pulse acceptor is a plain one: it takes every coin it
knows while `inhibit_pulse` is off and says its value in pulses, which are lost where nobody counts them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from firmware_bridge.board.peripherals.record import Move, Place, Record
from firmware_bridge.board.peripherals.timers import Timers

PULSE_VND = 1_000
"""What one pulse stands for."""
PULSE_MS, PAUSE_MS = 50, 50
LEAVE_HOME_MS, TURN_MS = 100, 1_000
PULSE_COINS_VND = (1_000, 2_000, 5_000)
AT_REST = {"door": 0, "tamper": 0, "paper": 1, "button": 0, "coin_pulse": 0, "motor_home": 1}
"""The inputs and their levels when nobody touches anything."""


class Cabinet:
    """The kiosk's body; `changed` takes the inputs that have changed since it was last read."""

    name = "cabinet"

    def __init__(self, record: Record) -> None:
        self.timers = Timers(record.last_us)
        self.outputs: dict[str, int] = {"lock": 0, "motor": 0, "inhibit_pulse": 1}
        self.inputs = dict(AT_REST)
        self.dispensed, self.motor_jammed = 0, False
        self._record = record
        self._changed: list[tuple[str, int]] = []
        self._pulse_end_us = 0

    def output(self, pin: str, value: int) -> None:
        """Take an output of the board."""
        self.outputs[pin] = value
        if pin == "motor":
            self._turn(value)

    def changed(self) -> list[tuple[str, int]]:
        """Return the inputs that have changed since the last call, in order."""
        changed, self._changed = self._changed, []
        return changed

    def all_inputs(self) -> list[tuple[str, int]]:
        """Return every input, as a board that has just connected must hear them."""
        self._changed = []
        return list(self.inputs.items())

    def open_door(self, force: bool = False) -> str:
        """Open the door: "open", or "locked" where the bolt holds and nobody forces it."""
        if not self.outputs["lock"] and not force:
            return "locked"
        self._set("door", 1)
        if force:
            self._set("tamper", 1)
        return "open"

    def shut_door(self) -> None:
        """Shut the door and set the tamper switch back."""
        self._set("door", 0)
        self._set("tamper", 0)

    def paper(self, present: bool) -> None:
        """Put paper in or take it out."""
        self._set("paper", int(present))

    def press_button(self, hold_ms: int = 200) -> None:
        """Press the button for so long."""
        self._set("button", 1)
        self.timers.after(hold_ms, lambda: self._set("button", 0))

    def jam_motor(self, jammed: bool = True) -> None:
        """Let the dispenser's motor stick, or free it."""
        self.motor_jammed = jammed

    def insert_pulse_coin(self, value_vnd: int) -> str:
        """Put a coin into the pulse acceptor: "accepted", or "returned" into the tray."""
        good = value_vnd in PULSE_COINS_VND and not self.outputs["inhibit_pulse"]
        target = Place.BOX if good else Place.TRAY
        move = Move(kind="coin", value_vnd=value_vnd, origin=Place.HAND, target=target)
        self._record.write(self.name, "pulse acceptor", self.timers.now_us, move=move)
        if good:
            self._pulse(value_vnd // PULSE_VND)
        return "accepted" if good else "returned"

    def empty_tray(self) -> dict[int, int]:
        """Take the pulse acceptor's returned coins; return them."""
        pieces = self._record.pieces(self.name, Place.TRAY)
        for value_vnd, count in pieces.items():
            move = Move(kind="coin", value_vnd=value_vnd, origin=Place.TRAY, target=Place.TAKEN, count=count)
            self._record.write(self.name, "taken by the customer", self.timers.now_us, move=move)
        return pieces

    def set_input(self, pin: str, level: int) -> None:
        """Set any input by force."""
        self._set(pin, level)

    def look(self) -> Mapping[str, Any]:
        """Return all pins, what the dispenser has given out, and the pulse acceptor's coins."""
        box, tray = (self._record.pieces(self.name, place) for place in (Place.BOX, Place.TRAY))
        return {
            "inputs": self.inputs,
            "outputs": self.outputs,
            "dispensed": self.dispensed,
            "box": box,
            "tray": tray,
        }

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it."""
        own: tuple[Callable[..., Any], ...] = (
            self.open_door, self.shut_door, self.paper, self.press_button, self.jam_motor, self.insert_pulse_coin,
            self.set_input, self.look,
        )  # fmt: skip
        return {each.__name__: each for each in own}

    def _pulse(self, count: int) -> None:
        start_us = max(self._pulse_end_us, self.timers.now_us)
        wait_ms = (start_us - self.timers.now_us) // 1000
        for number in range(count):
            rise_ms = wait_ms + PAUSE_MS + number * (PULSE_MS + PAUSE_MS)
            self.timers.after(rise_ms, lambda: self._set("coin_pulse", 1))
            self.timers.after(rise_ms + PULSE_MS, lambda: self._set("coin_pulse", 0))
        self._pulse_end_us = start_us + count * (PULSE_MS + PAUSE_MS) * 1000

    def _turn(self, running: int) -> None:
        if running and not self.motor_jammed:
            self.timers.after(LEAVE_HOME_MS, self._leave_home)

    def _leave_home(self) -> None:
        if self.outputs["motor"] and not self.motor_jammed:
            self._set("motor_home", 0)
            self.timers.after(TURN_MS, self._come_home)

    def _come_home(self) -> None:
        self.dispensed += 1
        self._set("motor_home", 1)
        self._turn(self.outputs["motor"])

    def _set(self, pin: str, level: int) -> None:
        if self.inputs.get(pin) != level:
            self.inputs[pin] = level
            self._changed.append((pin, level))
