"""The simulated cash device itself: tubes, cassette and counters in one file that survives a power cut.

Each change is written to a new file, synced and renamed under a lock, so that a reader in any process and after any
kill sees the state before it or after it, never between.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from agent.devices.cash_change import Welcome, payout, sum_of
from agent.devices.errors import CashUnavailable
from agent.whole_file import write_whole

NOTES_VND = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
"""The notes in circulation that machines take (the State Bank's polymer and small cotton notes)."""

FIRST_TUBES = {1_000: 40, 2_000: 40, 5_000: 20, 10_000: 20, 20_000: 10}
_TUBE_ROOM = 80

Count = Annotated[int, Meta(ge=0)]


class Credit(Struct, frozen=True, kw_only=True):
    """A note or coin taken for good; serials rise within an epoch. Where it is not `certain`, a person must look."""

    serial: int
    value_vnd: int
    certain: bool = True


class Held(Struct, frozen=True, kw_only=True):
    """The physical state: counts by denomination, the counter of events, and what was paid out under which key."""

    epoch: int = 1
    due_vnd: Count = 0
    last_serial: Count = 0
    credits: tuple[Credit, ...] = ()
    tubes: dict[int, Count] = {}
    cassette: dict[int, Count] = {}
    dispensed_vnd: dict[str, Count] = {}
    offline: bool = False

    @property
    def change_vnd(self) -> int:
        """What the tubes hold."""
        return sum(value * count for value, count in self.tubes.items())

    @property
    def welcome_vnd(self) -> tuple[int, ...]:
        """The notes that are let in now."""
        welcome = Welcome(due_vnd=self.due_vnd, tubes=self.tubes)
        return tuple(note for note in NOTES_VND if welcome.takes(note))

    @property
    def cassette_vnd(self) -> int:
        """What lies in the cassette."""
        return sum(value * count for value, count in self.cassette.items())


class CashBox:
    """A cash device in a file; a missing file is a new box whose tubes are filled."""

    def __init__(self, path: Path, *, tubes: dict[int, int] | None = None) -> None:
        self._path, self._lock = path, path.with_suffix(".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fresh = Held(tubes=dict(FIRST_TUBES if tubes is None else tubes))

    def insert(self, value_vnd: int) -> bool:
        """Put a note in, as a citizen does; return False where the device pushes it back."""
        with self._locked():
            held = self._answering()
            if value_vnd not in NOTES_VND or not Welcome(due_vnd=held.due_vnd, tubes=held.tubes).takes(value_vnd):
                return False
            self._write(_with_note(held, value_vnd))
        return True

    def accept(self, due_vnd: int) -> None:
        """Let notes in until this sum has come, and none whose change can't be given; 0 lets none in."""
        with self._locked():
            self._write(msgspec.structs.replace(self._answering(), due_vnd=due_vnd))

    def credits(self, after: int) -> list[Credit]:
        """Return the unconfirmed credits above `after`."""
        return [credit for credit in self.look().credits if credit.serial > after]

    def confirm(self, serial: int) -> None:
        """Forget the credits up to `serial`."""
        with self._locked():
            held = self._answering()
            kept = tuple(credit for credit in held.credits if credit.serial > serial)
            self._write(msgspec.structs.replace(held, credits=kept))

    def dispense(self, key: str, amount_vnd: int) -> int:
        """Pay out greedily, once per key; return the sum that came out."""
        with self._locked():
            held = self._answering()
            if key not in held.dispensed_vnd:
                held = _with_payout(held, key, amount_vnd)
                self._write(held)
        return held.dispensed_vnd[key]

    def look(self) -> Held:
        """Return the physical state; raise CashUnavailable while the box is offline."""
        with self._locked():
            return self._answering()

    def take_cassette(self) -> int:
        """Take everything out of the cassette, as a collector does; return how much it was."""
        with self._locked():
            held = self._read()
            self._write(msgspec.structs.replace(held, cassette={}))
        return held.cassette_vnd

    def set_offline(self, offline: bool) -> None:
        """Pull or plug its cable, as a test or a dock does; what it holds stays as it is."""
        with self._locked():
            self._write(msgspec.structs.replace(self._read(), offline=offline))

    def _answering(self) -> Held:
        held = self._read()
        if held.offline:
            raise CashUnavailable("the cash device does not answer")
        return held

    def _read(self) -> Held:
        return msgspec.json.decode(self._path.read_bytes(), type=Held) if self._path.exists() else self._fresh

    def _write(self, held: Held) -> None:
        write_whole(self._path, msgspec.json.encode(held))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _with_note(held: Held, value_vnd: int) -> Held:
    """Return the state with this note taken: into its tube while there is room, else into the cassette."""
    tubes, cassette = dict(held.tubes), dict(held.cassette)
    store = tubes if tubes.get(value_vnd, _TUBE_ROOM) < _TUBE_ROOM else cassette
    store[value_vnd] = store.get(value_vnd, 0) + 1
    serial = held.last_serial + 1
    return msgspec.structs.replace(
        held,
        due_vnd=max(0, held.due_vnd - value_vnd),
        last_serial=serial,
        credits=(*held.credits, Credit(serial=serial, value_vnd=value_vnd)),
        tubes=tubes,
        cassette=cassette,
    )


def _with_payout(held: Held, key: str, amount_vnd: int) -> Held:
    coins = payout(held.tubes, amount_vnd)
    tubes = {value: count - coins.get(value, 0) for value, count in held.tubes.items()}
    return msgspec.structs.replace(held, tubes=tubes, dispensed_vnd={**held.dispensed_vnd, key: sum_of(coins)})
