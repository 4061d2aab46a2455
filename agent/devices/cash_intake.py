"""Letting notes and coins in over the board: which are welcome, what becomes of a note in escrow, when all is quiet."""

from collections.abc import Mapping
from typing import Final

from agent.devices.cash_change import Welcome, sum_of
from agent.devices.cash_faults import FRAUD, fault_of, is_usable
from agent.devices.control_board import LOOK_S, PATIENCE_S, ControlBoard
from agent.devices.errors import CashError, ChangeEmpty, NoteFraud
from contract.clock import Clock, Deadline
from firmware_bridge.errors import BridgeError, PartBusy
from firmware_bridge.protocol import (
    AcceptCoins,
    AcceptNotes,
    AskDenominations,
    AskTubes,
    DecideNote,
    Denominations,
    Device,
    DeviceReport,
    DeviceState,
    Escrow,
    NoteReport,
    NoteState,
    Notice,
    NoticeKind,
    Report,
    Tubes,
)
from firmware_bridge.session import SessionBegan

QUIET_S: Final = 1.2
"""So long after the acceptors are shut a coin may still be falling."""
FRAUD_SHOWN_S: Final = 900.0

_MOVING = (NoteState.ESCROW, NoteState.STACKING)
_SETTING_UP = (None, DeviceState.STARTING)


class Intake:
    """The slots of one validator and one changer."""

    def __init__(self, board: ControlBoard, clock: Clock) -> None:
        self._board, self._clock = board, clock
        self.welcome = Welcome()
        self._values: dict[Device, Mapping[int, int]] = {Device.VALIDATOR: {}, Device.CHANGER: {}}
        self._reports: dict[Device, DeviceReport] = {}
        self._note, self._is_counted = NoteState.NONE, False
        self._moved_at_s, self._fraud_at_s = clock.monotonic(), clock.monotonic() - FRAUD_SHOWN_S
        board.listen(self._hear)

    @property
    def usable(self) -> bool:
        """Whether notes or coins can be taken."""
        return any(is_usable(self._reports.get(part)) for part in self._values)

    @property
    def is_setting_up(self) -> bool:
        """Whether a part is being set up, as after a reset of the board."""
        return any(self._state_of(part) in _SETTING_UP for part in self._values)

    @property
    def counted_tubes(self) -> Mapping[int, int] | None:
        """The coins by value as counted last; None where the changer did not tell."""
        return dict(self.welcome.tubes) if self._is_counted else None

    @property
    def change_vnd(self) -> int:
        """What the tubes held when they were counted last."""
        return sum_of(self.welcome.tubes)

    @property
    def welcome_vnd(self) -> tuple[int, ...]:
        """The notes and coins that are let in now."""
        values = {value for kinds in self._values.values() for value in kinds.values()}
        return tuple(value for value in sorted(values) if self.welcome.takes(value))

    def faults(self) -> list[CashError]:
        """Return what is the matter with slots and tubes."""
        found = [fault_of(part, self._reports.get(part)) for part in self._values]
        if self._clock.monotonic() - self._fraud_at_s < FRAUD_SHOWN_S:
            found.append(NoteFraud())
        if is_usable(self._reports.get(Device.CHANGER)) and not self.change_vnd:
            found.append(ChangeEmpty())
        return [fault for fault in found if fault]

    async def open(self, due_vnd: int) -> None:
        """Let in what is welcome until `due_vnd` has come; raise ControlBoardError."""
        await self._board.ready()
        deadline = Deadline.after(self._clock, PATIENCE_S)
        while self.is_setting_up and not deadline.passed:
            await self._clock.sleep(LOOK_S)
        await self.count_tubes()
        self.welcome.due_vnd, self.welcome.coming_vnd = due_vnd, 0
        await self._let_in()

    async def shut(self) -> None:
        """Let nothing more in; return when no piece is on its way, raise ControlBoardError where nobody knows."""
        self.welcome.due_vnd = 0
        await self._let_in()
        deadline = Deadline.after(self._clock, PATIENCE_S)
        while not self._is_quiet() and not deadline.passed:
            await self._clock.sleep(LOOK_S)
        await self._board.ready()

    async def ask_kinds(self) -> Mapping[Device, int]:
        """Ask the board which notes and coins it knows, and what lies in the tubes; return how many kinds of each.

        Raise ControlBoardError; a part that is away has none.
        """
        await self._board.ready()
        kinds = {part: len(await self._ask_values(part)) for part in self._values}
        await self.count_tubes()
        return kinds

    async def came(self, value_vnd: int) -> None:
        """Count a piece that was taken for good."""
        self.welcome.due_vnd -= min(value_vnd, self.welcome.due_vnd)
        await self._let_in()

    def moved(self) -> None:
        """Remember that something has just moved."""
        self._moved_at_s = self._clock.monotonic()

    async def count_tubes(self) -> None:
        """Ask what lies in the tubes; a changer that is away can't pay."""
        try:
            table = await self._board.send(AskTubes())
        except BridgeError:
            table = None
        self._is_counted = isinstance(table, Tubes) and bool(self._values[Device.CHANGER])
        counts = table.counts if isinstance(table, Tubes) else ()
        self.welcome.tubes = {
            value: counts[kind] for kind, value in self._values[Device.CHANGER].items() if kind < len(counts)
        }

    async def _hear(self, report: Report | SessionBegan) -> None:
        match report:
            case SessionBegan():
                self._values = {part: {} for part in self._values}
                await self._let_in()
            case DeviceReport() if report.device in self._values:
                await self._hear_part(report)
            case NoteReport():
                await self._hear_note(report)
            case Notice(kind=NoticeKind.NOTE_REJECTED, detail=code) if code == FRAUD:
                self._fraud_at_s = self._clock.monotonic()

    async def _hear_part(self, report: DeviceReport) -> None:
        part = report.device
        if self._state_of(part) is DeviceState.ACCEPTING:
            self.moved()
        self._reports[part] = report
        if not is_usable(report):
            self._values[part] = {}
        elif not self._values[part]:
            self._values[part] = await self._ask_values(part)
            await self.count_tubes()  # while it was away they counted as empty
            await self._let_in()

    async def _hear_note(self, report: NoteReport) -> None:
        self.moved()
        self._note = report.state
        if report.state is NoteState.ESCROW:
            await self._decide(report.value)

    async def _ask_values(self, part: Device) -> Mapping[int, int]:
        try:
            table = await self._board.send(AskDenominations(device=part))
        except BridgeError:
            return {}
        values = table.values if isinstance(table, Denominations) else ()
        return {kind: value for kind, value in enumerate(values) if value}

    async def _let_in(self) -> None:
        notes, coins = (self.welcome.mask(self._values[part]) for part in (Device.VALIDATOR, Device.CHANGER))
        await self._board.order(AcceptNotes(types=notes))
        await self._board.order(AcceptCoins(types=coins, pulse_value=0))

    async def _decide(self, value_vnd: int) -> None:
        """Take the note in escrow for good, or give it back; the board gives back by itself what nobody decides on."""
        takes = self.welcome.takes(value_vnd)
        deadline = Deadline.after(self._clock, PATIENCE_S)
        while not deadline.passed:
            try:
                await self._board.send(DecideNote(decision=Escrow.STACK if takes else Escrow.RETURN))
            except PartBusy:
                await self._clock.sleep(LOOK_S)
                continue
            except BridgeError:
                return
            self.welcome.coming_vnd = value_vnd if takes else 0
            await self._let_in()
            return

    def _is_quiet(self) -> bool:
        shut = all(self._state_of(part) is not DeviceState.ACCEPTING for part in self._values)
        still_s = self._clock.monotonic() - self._moved_at_s
        return self._board.is_told_out and shut and self._note not in _MOVING and still_s >= QUIET_S

    def _state_of(self, part: Device) -> DeviceState | None:
        report = self._reports.get(part)
        return report.state if report else None
