"""What a peripheral still has to tell the master: an event is forgotten when the master acknowledged it."""

from dataclasses import dataclass

from firmware_bridge.board.peripherals.record import Entry, Record
from firmware_bridge.board.peripherals.timers import Timers


@dataclass(slots=True)
class _Event:
    code: bytes
    entry: int | None = None
    said: bool = False


class EventQueue:
    """Events in their order; those that owe money are in the record and outlive a power cut."""

    def __init__(self, record: Record, device: str, timers: Timers) -> None:
        self._record, self._device, self._timers = record, device, timers
        self._events = [_Event(bytes.fromhex(entry.owes), entry.seq) for entry in record.owed(device)]
        self._offered = 0

    def tell(self, *code: int) -> None:
        """Queue what is lost with the power."""
        self._events.append(_Event(bytes(code)))

    def restart(self, just_reset: int) -> None:
        """Begin anew: of all that waits only money is kept, and JUST RESET is told once however often it happens."""
        self._events = [event for event in self._events if event.entry is not None]
        self.tell(just_reset)

    def tell_owed(self, entry: Entry) -> None:
        """Queue what an entry of the record owes."""
        self._events.append(_Event(bytes.fromhex(entry.owes), entry.seq))

    def count(self, base: int, most: int) -> None:
        """Queue one more of what is told as a number (`base` plus how many, at most `most`)."""
        last = self._events[-1] if self._events else None
        # What was said once must be repeated unchanged: a master may compare.
        if last and not last.said and last.code[0] & ~most == base:
            last.code = bytes([min(last.code[0] + 1, base | most)])
        else:
            self.tell(base | 1)

    def offer(self, room: int, most: int | None = None) -> bytes:
        """Return whole events, at most so many, for at most `room` bytes; they stay until `settle`."""
        said, self._offered = b"", 0
        for event in self._events[:most]:
            if len(said) + len(event.code) > room:
                break
            said += event.code
            event.said = True
            self._offered += 1
        return said

    def settle(self) -> None:
        """Forget what was offered last: the master has it."""
        told, self._events = self._events[: self._offered], self._events[self._offered :]
        self._offered = 0
        self._settle_debts(told, "told")

    def withdraw(self) -> None:
        """Take the last offer back: the master did not acknowledge it."""
        self._offered = 0

    def lose_power(self, *, remembers: bool) -> None:
        """Forget what no memory keeps; a device that does not remember forgets money too, and the record says so."""
        self._offered = 0
        kept = [event for event in self._events if event.entry is not None]
        self._events = kept if remembers else []
        if not remembers:
            self._settle_debts(kept, "forgotten without power")

    def _settle_debts(self, events: list[_Event], why: str) -> None:
        settles = tuple(event.entry for event in events if event.entry is not None)
        if settles:
            self._record.write(self._device, why, self._timers.now_us, settles=settles)
