"""The hands on a set of stand-ins: what a person, the demo and the fault tests do to it, each deed one method.

A deed returns what could be seen of it, or nothing; it raises DeedFailed where it can't be done.
"""

import itertools
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from agent.devices.scanner import Hands
from agent.reading.errors import UnreadableFile
from contract.vietqr import VietQrError
from firmware_bridge.board.peripherals.hand import DeedRefused
from models import specimens
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox
from provisioning.onebox.child import ChildFailed
from provisioning.onebox.ticket_controls import Fault

TRAY_SHEETS: Final = 250
PAPERS: Final = {
    "QUYET_DINH": ("Quyết định, 1 trang", "a decision, 1 page", "QUYET_DINH", frozenset[specimens.Flaw]()),
    "BHXH": ("Sổ bảo hiểm xã hội, 3 trang", "a booklet, 3 pages", "BHXH", frozenset[specimens.Flaw]()),
    "SAO_Y": ("Bản sao (không phải bản chính)", "a copy of a copy", "QUYET_DINH", frozenset({specimens.Flaw.BAN_SAO})),
    "MAT": ("Văn bản có dấu MẬT", "a paper marked secret", "QUYET_DINH", frozenset({specimens.Flaw.SECRET})),
}
"""Specimens to lay in: key → name in Vietnamese and English, kind, flaws. None of them is a real paper."""


class DeedFailed(Exception):
    """It can't be done now; the text says why."""


class Controls:
    """All the stand-ins of one running set."""

    def __init__(self, box: OneBox) -> None:
        self.box = box
        self._papers = itertools.count(1)
        self._hands = Hands()
        self._code = ""

    # --- paper in the scanner ---------------------------------------------------------------------------------------

    def lay_specimen(self, name: str) -> str:
        """Put a specimen into the scanner's feeder."""
        _, _, kind, flaws = PAPERS[name]
        folder = self._new_folder()
        sheets = []
        for number, page in enumerate(specimens.make(kind, glass.SPECIMEN_SEED, flaws=flaws).pages, 1):
            sheets.append(folder / f"sheet-{number:03d}.ppm")
            specimens.degrade(page, glass.SPECIMEN_SEED, strength="office").save(sheets[-1])
        return self.lay_sheets(sheets)

    def lay_files(self, files: Sequence[tuple[str, bytes]]) -> str:
        """Put a person's own pages (png, jpg, webp, tif, pdf) into the feeder."""
        folder = self._new_folder()
        paths = []
        for number, (name, content) in enumerate(files, 1):
            paths.append(folder / f"upload-{number:03d}{Path(name).suffix.lower()}")
            paths[-1].write_bytes(content)
        try:
            return self.lay_sheets(glass.lay(paths, folder))
        except UnreadableFile as fault:
            raise DeedFailed(str(fault)) from fault

    def lay_sheets(self, sheets: Sequence[Path]) -> str:
        """Put these sheets (PNM files, 300 dpi) into the feeder, or one on the glass."""
        self._hold(Hands(pages=tuple(map(str, sheets)), fault=self._hands.fault))
        return f"{len(sheets)} ×"

    def take_paper(self) -> None:
        """Take the paper out of the feeder."""
        self._hold(Hands(pages=()))

    def disturb_scanner(self, fault: str) -> None:
        """Let the next scans meet `jammed`, `coveropen` or `ioerror`; an empty word puts it in order."""
        self._hold(Hands(pages=self._hands.pages, fault=fault))  # type: ignore[arg-type]

    # --- money ------------------------------------------------------------------------------------------------------

    def insert_coin(self, value_vnd: int) -> str:
        """Put a coin in: "accepted", "returned" or "stuck"."""
        return str(self._machines("insert_coin", value_vnd=value_vnd))

    def insert_note(self, value_vnd: int) -> str:
        """Hold a note out: "drawn in" or "pushed back"."""
        return str(self._machines("insert_note", value_vnd=value_vnd))

    def hold_card(self, funds_vnd: int = 500_000) -> str:
        """Hold a card with these funds to the reader: "read", or "ignored" where it does not wait for one."""
        return str(self._machines("present_card", funds_vnd=funds_vnd))

    def card_bank(self, verdict: str) -> None:
        """Let the card's bank `decline`, be `silent` or hold `approve_unheard` at the next sale."""
        self._machines("bank_says", verdict=verdict)

    def pay_code(self, *, more_vnd: int = 0, memo: str = "", keep_silent: bool = False) -> str:
        """Scan the code on the kiosk's screen, or the last one that was there, and transfer its sum (and more)."""
        try:
            self._code = self._shown_code() or self._code
            done = self.box.bank.transfer(self._code, more_vnd=more_vnd, memo=memo, keep_silent=keep_silent)
        except VietQrError as fault:
            raise DeedFailed(f"no code was shown yet ({fault})") from fault
        except httpx.HTTPError as fault:
            raise DeedFailed(f"the bank keeps it to tell later, the hub did not take its word: {fault}") from fault
        return f"{done.amount_vnd:,} đ, {done.transaction}"

    def bank_tells(self, *, again: bool = False) -> str:
        """Let the bank tell what it has kept to itself, or its last transfer `again`."""
        bank = self.box.bank
        try:
            if again:
                return bank.tell(bank.statement[-1]) if bank.statement else "nothing"
            return f"{bank.tell_untold()} ×"
        except httpx.HTTPError as fault:
            raise DeedFailed(f"the hub did not take the bank's word: {fault}") from fault

    def _shown_code(self) -> str:
        try:
            visits = httpx.get(f"{self.box.kiosk_url}/status", timeout=2.0).json()["open_visits"]
            screens = [httpx.get(f"{self.box.kiosk_url}/visits/{each}", timeout=2.0).json() for each in visits]
        except (httpx.HTTPError, ValueError):
            return ""
        return next((each["pay"]["code"]["payload"] for each in screens if each["pay"] and each["pay"]["code"]), "")

    def take_tray(self) -> str:
        """Take everything out of the trays."""
        taken = self._machines("take_tray")
        return ", ".join(f"{count} × {int(value):,} đ" for value, count in taken.items()) or "nothing"

    def jam_note(self) -> None:
        """Let the next note get stuck on its way into the cassette."""
        self._machines("jam_note", where="stacking")

    def clear_note(self) -> str:
        """Take the stuck note out, as a technician."""
        return self._pieces(self._machines("clear_note_jam", to="collected"))

    def cassette(self, is_in: bool) -> str:
        """Take the cassette out with what lies in it, or put an empty one in."""
        return self._pieces(self._machines("put_cassette" if is_in else "remove_cassette"))

    def fish(self) -> None:
        """Pull at a note that was taken."""
        self._machines("fish_note")

    def jam_tube(self, jammed: bool) -> None:
        """Jam the coin payout, or free it."""
        self._machines("jam_tube", jammed=jammed)

    def tubes(self, filled: bool) -> str:
        """Fill the change tubes, or empty them."""
        coins = self._machines("look")["coin_changer"]["tubes"]
        for value in coins:
            arguments = {"count": 60} if filled else {}
            self._machines("fill_tube" if filled else "empty_tube", value_vnd=int(value), **arguments)
        return self._pieces(self._machines("look")["coin_changer"]["tubes"])

    def plug(self, machine: str, plugged: bool) -> None:
        """Put in or pull the plug of `bill_validator`, `coin_changer` or `cashless`."""
        self._machines("power", device=machine, action="on" if plugged else "off")

    # --- board and cabinet ------------------------------------------------------------------------------------------

    def reset_board(self) -> None:
        """Press the control board's reset button."""
        self.box.cash.reset_board()

    def plug_board(self, plugged: bool) -> None:
        """Put in or pull the control board's USB cable, which powers it."""
        if plugged and not self.box.cash.board_is_plugged:
            self.box.cash.plug_board()
        elif not plugged and self.box.cash.board_is_plugged:
            self.box.cash.unplug_board()

    def open_door(self, force: bool) -> str:
        """Open the service door: "open" or "locked"."""
        return str(self._machines("open_door", force=force))

    def shut_door(self) -> None:
        """Shut the door and set the tamper switch back."""
        self._machines("shut_door")

    def press_button(self) -> None:
        """Press the button on the cabinet."""
        self._machines("press_button")

    # --- printers ---------------------------------------------------------------------------------------------------

    def printer_paper(self, sheets: int = TRAY_SHEETS) -> None:
        """Put so many sheets into the page printer's tray, in place of what lay there."""
        self.box.printer.set_paper(sheets)

    def stop_printer(self, *reasons: str) -> None:
        """Stop it for these reasons (`media-jam`, `cover-open`); none lets it go on."""
        self.box.printer.set_stopped(*reasons)

    def break_print(self, fault: str) -> None:
        """Let the next jobs meet one of the printer's faults; an empty word puts it in order."""
        self.box.printer.set_fault(fault)

    def ticket_faults(self, *faults: Fault) -> None:
        """Let the ticket printer have these faults and no others."""
        self.box.tickets.set_faults(*faults)

    def ticket_roll(self, mm: float) -> None:
        """Put a roll of this length in."""
        self.box.tickets.load_roll(mm)

    # --- power and network ------------------------------------------------------------------------------------------

    def cut_power(self, part: str) -> None:
        """Pull the plug of `kiosk`, `hub`, `broker`, `printer` or `ticket printer` at this very moment."""
        self.box.kill_part(part)

    def give_power(self, part: str) -> str:
        """Switch the part on again and wait until it answers."""
        began_s = time.monotonic()
        try:
            self.box.start_part(part)
        except ChildFailed as fault:
            raise DeedFailed(str(fault)) from fault
        return f"answers after {time.monotonic() - began_s:.1f} s"

    def _machines(self, verb: str, **arguments: object) -> dict[str, dict[str, dict[str, int]]]:
        try:
            done: dict[str, dict[str, dict[str, int]]] = self.box.cash.do(verb, **arguments)
        except (DeedRefused, OSError) as fault:
            raise DeedFailed(f"the machines can't do that: {fault}") from fault
        return done

    def _pieces(self, pieces: object) -> str:
        if not isinstance(pieces, dict):
            return ""
        return ", ".join(f"{count} × {int(value):,} đ" for value, count in pieces.items() if count) or "nothing"

    def _new_folder(self) -> Path:
        folder = self.box.folder / "glass" / f"paper-{next(self._papers)}-{time.monotonic_ns()}"
        folder.mkdir(parents=True)
        return folder

    def _hold(self, hands: Hands) -> None:
        self._hands = hands
        glass.hold(self.box.folder / "scanner-hands.json", hands)
