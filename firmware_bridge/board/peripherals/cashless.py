"""An MDB cashless reader of level 3 with a bank behind it (address 10h; MDB/ICP 4.2 section 7).

Read in section 7.1–7.2 of a copy of version 3.0, in Wireshark's packet-mdb.c and in an issue that quotes page 169 of
4.2: the seven states, SETUP's two halves, the answers 00–0F and the sub-commands' lengths with 16-bit amounts, COMMAND
OUT OF SEQUENCE at the next poll, END SESSION at the poll after SESSION COMPLETE, options off until enabled.
General knowledge, to be checked: the option bits (1 = 32-bit amounts, 3 = negative vend, 5 = always idle), the lengths
with 32-bit amounts, BEGIN SESSION's fields behind the funds. One answer per poll: several would be lawful.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, ClassVar, Literal

from firmware_bridge.board.peripherals.bank import Bank, Verdict
from firmware_bridge.board.peripherals.bill_validator import identification
from firmware_bridge.board.peripherals.card_payment import CardPayment
from firmware_bridge.board.peripherals.peripheral import VND, Peripheral
from firmware_bridge.board.peripherals.record import Record

RESET, SETUP, POLL, VEND, READER, REVALUE, _, EXPANSION = range(8)
(
    JUST_RESET, CONFIG, DISPLAY, BEGIN_SESSION, CANCEL_REQUEST, VEND_APPROVED, VEND_DENIED, END_SESSION, CANCELLED,
    PERIPHERAL_ID, MALFUNCTION, OUT_OF_SEQUENCE, _, REVALUE_APPROVED, REVALUE_DENIED, REVALUE_LIMIT,
) = range(16)  # fmt: skip
WIDE_AMOUNTS, NEGATIVE_VEND, ALWAYS_IDLE = 1 << 1, 1 << 3, 1 << 5
OPTIONS = WIDE_AMOUNTS | NEGATIVE_VEND | ALWAYS_IDLE
SCALE_VND = 100
"""The scale of all amounts: sixteen bits of it reach 6.5 million đồng."""
LEVEL, RESPONSE_S, CAN_REFUND, HAS_DISPLAY = 3, 30, 0x01, 0x04
_POLL_ROOM, REFUND_ERROR = 36, 0x0C


class State(IntEnum):
    """The states of 7.2, numbered as COMMAND OUT OF SEQUENCE tells them."""

    INACTIVE = 1
    DISABLED = 2
    ENABLED = 3
    SESSION_IDLE = 4
    VEND = 5
    REVALUE = 6
    NEGATIVE_VEND = 7


class CashlessReader(Peripheral):
    """Takes cards: opens sessions, asks the bank, captures on success, reverses on failure."""

    name = "cashless"
    address = 0x10
    SIZES: ClassVar[Mapping[tuple[int, ...], int]] = {
        (RESET,): 0, (POLL,): 0, (SETUP, 0x00): 5, (SETUP, 0x01): 5,
        (VEND, 0x00): 5, (VEND, 0x01): 1, (VEND, 0x02): 3, (VEND, 0x03): 1, (VEND, 0x04): 1, (VEND, 0x05): 5,
        (VEND, 0x06): 5, (READER, 0x00): 1, (READER, 0x01): 1, (READER, 0x02): 1,
        (REVALUE, 0x00): 3, (REVALUE, 0x01): 1, (EXPANSION, 0x00): 30, (EXPANSION, 0x04): 5,
    }  # fmt: skip
    _WIDER: ClassVar[Mapping[tuple[int, int], int]] = {
        (SETUP, 0x01): 11, (VEND, 0x00): 7, (VEND, 0x05): 9, (VEND, 0x06): 7, (REVALUE, 0x00): 5,
    }  # fmt: skip

    def __init__(self, record: Record, *, at_power_up: Literal["reverse", "capture"] = "reverse") -> None:
        super().__init__(record)
        self.bank, self._capture_at_power_up = Bank(self), at_power_up == "capture"
        self.state, self._options, self._vmc_level = State.INACTIVE, 0, 1
        self._card_vnd: int | None = None
        self._negative_vnd = 0
        self._can_refund, self._refunds_fail = True, False
        self._end_ms = self._out_of_turn = 0
        self._payment = CardPayment(self.bank, self.timers, approved=self._approve, denied=self._deny)
        self._handlers: dict[tuple[int, ...], Callable[[bytes], bytes]] = {
            (RESET,): self._reset, (POLL,): self._poll, (SETUP, 0): self._setup, (SETUP, 1): self._prices,
            (VEND, 0): self._vend_request, (VEND, 1): self._vend_cancel, (VEND, 2): self._vend_success,
            (VEND, 3): self._vend_failure, (VEND, 4): self._session_complete, (VEND, 5): self._cash_sale,
            (VEND, 6): self._negative_vend, (READER, 0): self._disable, (READER, 1): self._enable,
            (READER, 2): self._cancel, (REVALUE, 0): self._revalue, (REVALUE, 1): self._revalue_limit,
            (EXPANSION, 0): self._identify, (EXPANSION, 4): self._enable_options,
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        """Come up inactive; what the bank still holds is reversed, or captured where the reader does so."""
        self._default()
        self._payment.wake(capture=self._capture_at_power_up)

    def size(self, block: bytes) -> int | None:
        """Return the bytes of this command; amounts are wider once the option is on."""
        wider = self._WIDER.get((block[0] & 0x07, block[1])) if len(block) > 1 else None
        return 1 + wider if wider and self._options & WIDE_AMOUNTS else super().size(block)

    def answer(self, block: bytes) -> bytes | None:
        """Return the data for a command."""
        command = block[0] & 0x07
        if (command,) in self._handlers:
            return self._handlers[(command,)](b"")
        return self._handlers[(command, block[1])](block[2:])

    def look(self) -> dict[str, Any]:
        """Return what the reader and its bank know."""
        return {
            "powered": self.powered,
            "state": self.state.name.lower(),
            "card_vnd": self._card_vnd,
            "held_vnd": self.bank.held_vnd,
            "captured_vnd": self.bank.captured_vnd,
            "out_of_sequence": self._out_of_turn,
        }

    def present_card(self, funds_vnd: int) -> str:
        """Hold a card with these funds to the reader: "read" or "ignored"."""
        if not self.powered or self.state not in (State.ENABLED, State.VEND) or self._card_vnd is not None:
            return "ignored"
        self._card_vnd = funds_vnd
        if self.state is State.VEND:
            self._payment.ask(self._payment.amount_vnd, funds_vnd)
        else:
            self.state = State.SESSION_IDLE
            self.events.tell(*self._begin_session(funds_vnd))
        return "read"

    def take_card(self) -> None:
        """Take the card away: an idle session asks to be ended."""
        self._card_vnd = None
        if self.state is State.SESSION_IDLE:
            self.events.tell(CANCEL_REQUEST)

    def bank_says(self, verdict: Verdict, answer_ms: int = 1_500) -> None:
        """Choose what the bank does with the next request, and how long it takes."""
        self.bank.verdict, self.bank.answer_ms = verdict, answer_ms

    def break_down(self, code: int = 0) -> None:
        """Report a malfunction (7.4, error code in the upper half of the byte)."""
        self.events.tell(MALFUNCTION, code << 4)

    def set_refunds(self, able: bool) -> None:
        """Let it be configured to restore funds to cards, or not; it begins anew."""
        self._can_refund = able
        self.power_cycle()

    def fail_refunds(self, failing: bool) -> None:
        """Let it lose what it is to restore (malfunction Ch, 7.4.4), or be in order again."""
        self._refunds_fail = failing

    def end_slowly(self, end_ms: int) -> None:
        """Let it take so long to say that a session is over."""
        self._end_ms = end_ms

    def show(self, text: str, seconds: int = 5) -> None:
        """Ask the master to show 32 characters."""
        shown = text.encode("ascii", "replace")[:32].ljust(32)
        self.events.tell(DISPLAY, seconds * 10, *shown)

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it."""
        own = (
            self.present_card,
            self.take_card,
            self.bank_says,
            self.break_down,
            self.set_refunds,
            self.fail_refunds,
            self.end_slowly,
            self.show,
        )
        return super().verbs() | {each.__name__: each for each in own}

    def _default(self) -> None:
        self.state, self._options, self._card_vnd = State.INACTIVE, 0, None
        self.events.restart(JUST_RESET)

    def _amount(self, value_vnd: int) -> bytes:
        return (value_vnd // SCALE_VND).to_bytes(self._width, "big")

    @property
    def _width(self) -> int:
        return 4 if self._options & WIDE_AMOUNTS else 2

    def _amount_in(self, data: bytes) -> int:
        return int.from_bytes(data[: self._width], "big") * SCALE_VND

    def _begin_session(self, funds_vnd: int) -> bytes:
        said = bytes([BEGIN_SESSION]) + self._amount(funds_vnd)
        if self._vmc_level > 1:
            said += b"\x00\x00\x00\x01" + b"\x00" + b"\x00\x00"
        return said + (b"vi" + VND + b"\x00" if self._width == 4 else b"")

    def _reset(self, _: bytes) -> bytes:
        self._default()
        self._payment.withdraw()
        return b""

    def _poll(self, _: bytes) -> bytes:
        return self.events.offer(_POLL_ROOM, most=1)

    def _setup(self, data: bytes) -> bytes:
        self._vmc_level = min(data[0], LEVEL)
        return bytes([CONFIG, LEVEL, *VND, SCALE_VND, 0, RESPONSE_S, self._can_refund * CAN_REFUND | HAS_DISPLAY])

    def _prices(self, _: bytes) -> bytes:
        if self.state is State.INACTIVE:
            self.state = State.DISABLED
        return b""

    def _enable(self, _: bytes) -> bytes:
        return self._go(State.DISABLED, State.ENABLED)

    def _disable(self, _: bytes) -> bytes:
        return self._go(State.ENABLED, State.DISABLED)

    def _cancel(self, _: bytes) -> bytes:
        if self.state is not State.ENABLED:
            return self._out_of_sequence()
        self.events.tell(CANCELLED)
        return b""

    def _vend_request(self, data: bytes) -> bytes:
        idle = self.state is State.ENABLED and bool(self._options & ALWAYS_IDLE)
        if self.state is not State.SESSION_IDLE and not idle:
            return self._out_of_sequence()
        self.state, self._payment.amount_vnd = State.VEND, self._amount_in(data)
        if self._card_vnd is not None:
            self._payment.ask(self._payment.amount_vnd, self._card_vnd)
        return b""

    def _negative_vend(self, data: bytes) -> bytes:
        if self.state is not State.SESSION_IDLE or not self._options & NEGATIVE_VEND:
            return self._out_of_sequence()
        self._negative_vnd = self._amount_in(data)
        if self._negative_vnd <= self.bank.captured_vnd:
            self.state = State.NEGATIVE_VEND
            self.events.tell(VEND_APPROVED, *self._amount(self._negative_vnd))
        else:
            self._deny()
        return b""

    def _approve(self) -> None:
        self.events.tell(VEND_APPROVED, *self._amount(self._payment.amount_vnd))

    def _deny(self) -> None:
        self.state = State.SESSION_IDLE
        self.events.tell(VEND_DENIED)

    def _vend_cancel(self, _: bytes) -> bytes:
        if self.state is not State.VEND:
            return self._out_of_sequence()
        self._payment.withdraw()
        self._deny()
        return b""

    def _vend_success(self, _: bytes) -> bytes:
        return self._end_vend(self._payment.confirm, lambda: self.bank.refund(self._negative_vnd))

    def _vend_failure(self, _: bytes) -> bytes:
        if self._refunds_fail and self._payment.approved:
            self.break_down(REFUND_ERROR)
            return self._end_vend(lambda: None, lambda: None)
        return self._end_vend(self._payment.withdraw, lambda: None)

    def _end_vend(self, vend: Callable[[], None], negative: Callable[[], object]) -> bytes:
        if self.state is State.VEND and self._payment.approved:
            vend()
        elif self.state is State.NEGATIVE_VEND:
            negative()
        else:
            return self._out_of_sequence()
        self.state = State.SESSION_IDLE
        return b""

    def _session_complete(self, _: bytes) -> bytes:
        self._card_vnd = None
        if self.state is not State.SESSION_IDLE:
            return self._out_of_sequence()
        self.state = State.ENABLED
        self.timers.after(self._end_ms, lambda: self.events.tell(END_SESSION))
        return b""

    def _cash_sale(self, _: bytes) -> bytes:
        return b""

    def _revalue(self, data: bytes) -> bytes:
        if self.state is not State.SESSION_IDLE:
            return self._out_of_sequence()
        self.events.tell(REVALUE_APPROVED if self.bank.refund(self._amount_in(data)) else REVALUE_DENIED)
        return b""

    def _revalue_limit(self, _: bytes) -> bytes:
        if self.state is not State.SESSION_IDLE:
            return self._out_of_sequence()
        return bytes([REVALUE_LIMIT]) + self._amount(self.bank.captured_vnd)

    def _identify(self, _: bytes) -> bytes:
        return bytes([PERIPHERAL_ID]) + identification(b"CARDSIM") + OPTIONS.to_bytes(4, "big")

    def _enable_options(self, data: bytes) -> bytes:
        self._options = int.from_bytes(data, "big") & OPTIONS
        return b""

    def _go(self, origin: State, target: State) -> bytes:
        if self.state is not origin:
            return self._out_of_sequence()
        self.state = target
        return b""

    def _out_of_sequence(self) -> bytes:
        self._out_of_turn += 1
        self.events.tell(OUT_OF_SEQUENCE, *([self.state] if self._vmc_level > 1 else []))
        return b""
