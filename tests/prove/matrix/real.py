"""`--real`: some of the same cells on the hardware classes, their stand-ins, the real hub and broker, in real time.

Each must end with the code that the simulated devices end with, and what its last screen says must agree with what the
stand-ins have counted.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import psutil

from agent.journeys import sentences
from agent.journeys.endings import WAITING
from agent.journeys.slips import collect_code
from contract.clock import VIETNAM, SystemClock
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.controls import Controls
from provisioning.onebox.play import Play, Visit
from provisioning.onebox.players import DemoStopped
from provisioning.onebox.ticket_controls import Fault
from tests.prove.matrix.cell import play
from tests.prove.matrix.trouble import ROWS, Mode, Moment

COPIES: Final = 2
VISIT_S, WELL_S, AWAY_S = 500.0, 90.0, 10.0
MONEY: Final = ("kept_vnd", "returned_vnd", "voucher_vnd", "unknown_vnd")

Deed = Callable[[], object]


@dataclass(slots=True)
class RealCell:
    """What a hand does when a step is seen, and how it puts things in order; `line` is the device's in /status.

    With `away_s` the device is back after so long, and the visit that waited goes on.
    `ends_with` is given where the real kiosk ends otherwise than the simulated one, which takes cash only.
    """

    row: str
    device: str
    mode: Mode
    at: str
    spoil: Deed
    mend: Deed
    line: str = ""
    away_s: float | None = None
    ends_with: str = ""
    spoiled_at_s: float | None = None
    is_back: bool = False

    def __call__(self, step: str) -> None:
        """Be told at every look which step runs."""
        now_s = time.monotonic()
        if self.spoiled_at_s is None and step.startswith(self.at):
            self.spoil()
            self.spoiled_at_s = now_s
        elif self.away_s is not None and self.spoiled_at_s and now_s - self.spoiled_at_s > self.away_s:
            self.put_back()

    def put_back(self) -> None:
        """Put things in order, once."""
        if not self.is_back:
            self.mend()
            self.is_back = True

    def codes(self) -> set[str]:
        """Return how the same cell ends on simulated devices, or should here."""
        if self.ends_with:
            return {self.ends_with}
        row = next(each for each in ROWS if each.name == self.row)
        endings = [play(row, self.device, self.mode, moment).seen.ending for moment in Moment]
        return {ending.code for ending in endings if ending}


def cells(box: OneBox) -> list[RealCell]:
    """Return the choice, quick ones first."""
    hands = Controls(box)

    def part(name: str) -> tuple[Deed, Deed]:
        return partial(hands.cut_power, name), partial(hands.give_power, name)

    lost, jammed = Mode.LOST, Mode.JAMMED
    scan, scans = hands.disturb_scanner, partial(hands.disturb_scanner, "")
    slip, plug, board = hands.ticket_faults, partial(hands.plug, "coin_changer"), hands.plug_board
    printer, jam = hands.stop_printer, partial(hands.stop_printer, "media-jam")
    return [
        RealCell("scan", "scanner", lost, "", partial(scan, "ioerror"), scans),
        RealCell("scan", "scanner", jammed, "", partial(scan, "jammed"), scans),
        RealCell("read", "reading", lost, "read", partial(_kill_the_desk, box), lambda: None),
        RealCell("print", "kiosk", Mode.CUT, "print", partial(_cut_and_give, hands, "kiosk"), lambda: None),
        RealCell("officer", "ticket printer", lost, "officer", partial(slip, Fault.UNPLUGGED), slip, "ticket printer"),
        RealCell("officer", "ticket printer", jammed, "officer", partial(slip, Fault.CUTTER_JAM), slip),
        RealCell("officer", "network", lost, "officer", *part("broker"), away_s=AWAY_S),
        RealCell("officer", "hub", lost, "officer", *part("hub"), away_s=AWAY_S),
        RealCell("pay", "cabinet", jammed, "pay", partial(hands.open_door, True), hands.shut_door, "cabinet"),
        RealCell("officer", "page printer", lost, "officer", *part("printer"), line="printer"),
        RealCell("officer", "page printer", jammed, "officer", jam, printer, "printer"),
        RealCell("change", "cash", lost, "change", partial(plug, False), partial(plug, True), "cash"),
        # Cards are away with the board, transfers are not: it waits for one until the time to pay is over.
        RealCell(
            "pay",
            "control board",
            lost,
            "pay",
            partial(board, False),
            partial(board, True),
            "cash",
            ends_with="NOT_PAID",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the stand-ins have counted so far."""

    sheets: int
    slips: int
    gained_vnd: int
    numbers: int

    @classmethod
    def of(cls, box: OneBox) -> "Counted":
        """Return it as it is now."""
        officer = Play(box, lambda _: None).officer
        officer.log_in()
        numbers = len(officer.register(SystemClock().now().astimezone(VIETNAM).year))
        return cls(box.printer.sheets_out, len(box.tickets.slips()), box.cash.gained_vnd(), numbers)


def prove(out: Path) -> str | int:
    """Play the cells one after the other; return what broke, or 0."""
    box = OneBox(out / f"real-{SystemClock().now():%H%M%S}", glass.lay((), out / "glass"), Ports.free())
    box.start(lambda _: None)
    settings = box.folder / "kiosk.toml"
    patience = "[desk]\npage_timeout_s = 120.0\nstart_timeout_s = 120.0\n"  # a loaded computer is slow, not wrong
    settings.write_text(re.sub(r"^\[desk\]\n(?:\w.*\n)*", patience, settings.read_text("utf-8"), flags=re.M), "utf-8")
    wrong: list[str] = []
    try:
        _cut_and_give(Controls(box), "kiosk")
        Controls(box).tubes(filled=True)
        for cell in cells(box):
            wrong += list(_one(box, cell))
    finally:
        box.stop()
    return "BROKEN:\n" + "\n".join(wrong) if wrong else 0


def _one(box: OneBox, cell: RealCell) -> Iterator[str]:
    before, began_s = Counted.of(box), time.monotonic()
    name = f"{cell.row} · {cell.device} · {cell.mode}"
    if not cell.at:  # from before the visit on
        cell("")
    try:
        visit = Play(box, lambda _: None, at_step=cell).one_visit(copies=COPIES, within_s=VISIT_S)
        lamp = _state(box, cell.line) if cell.line else ""
        cell.put_back()
        _until_well(box)
        after = Counted.of(box)
        broken = list(_broken(cell, visit, before, after, lamp))
        if visit.ending["code"] in WAITING:
            broken += _collected(box, visit.visit)
            after = Counted.of(box)
        broken += _next_visit(box, after)
    except DemoStopped as fault:
        cell.put_back()
        broken, visit = [str(fault)], None
    said = f"{visit.ending['code']} ({visit.ending['fault'] or '-'}) {visit.ending['money_en']}" if visit else "no end"
    print(f"{name:<34} {said} [{time.monotonic() - began_s:.0f} s] {'; '.join(broken) or 'as simulated'}", flush=True)
    yield from (f"{name}: {each}" for each in broken)


def _broken(cell: RealCell, visit: Visit, before: Counted, after: Counted, lamp: str) -> Iterator[str]:
    code, balance = str(visit.ending["code"]), visit.balance
    if cell.spoiled_at_s is None:
        yield f"step {cell.at} was never seen"
    if code not in (codes := cell.codes()):
        yield f"it ends with {code}, simulated devices with {codes}"
    said = sentences.money(**{name: int(balance[name]) for name in MONEY})[1]
    if not str(visit.ending["money_en"]).startswith(said):
        yield f"the screen says {visit.ending['money_en']!r}, the books {said!r}"
    booked_vnd = int(balance["received_vnd"]) - int(balance["returned_vnd"])
    gained_vnd = after.gained_vnd - before.gained_vnd
    is_open = sentences.NOT_COUNTED[1] in str(visit.ending["money_en"])
    if not is_open and not -int(balance["unknown_vnd"]) <= gained_vnd - booked_vnd <= 0:
        yield f"the machines hold {gained_vnd} đ more, the books {booked_vnd}"
    sheets = after.sheets - before.sheets
    if {"HANDED_OVER": sheets != COPIES, "PRINT_UNKNOWN": sheets > COPIES}.get(code, sheets > 0):
        yield f"{sheets} sheets came out, and it ends with {code}"
    if after.numbers - before.numbers != visit.certified:
        yield f"{after.numbers - before.numbers} numbers were used"
    if lamp == "READY":
        yield f"/status says {cell.line} is READY while it is not"


def _collected(box: OneBox, ordered: str) -> Iterator[str]:
    """Come back with the receipt, twice: its copies come out once."""
    for code, sheets in ("HANDED_OVER", COPIES), ("COLLECTED", 0):
        before = box.printer.sheets_out
        wish = {"code": collect_code(ordered)}
        visit = httpx.post(f"{box.kiosk_url}/pick-ups", json=wish, timeout=30).raise_for_status().json()["visit"]
        httpx.post(f"{box.kiosk_url}/visits/{visit}/taken", timeout=30)
        until_s = time.monotonic() + VISIT_S
        while not (ending := httpx.get(f"{box.kiosk_url}/visits/{visit}", timeout=30).json()["ending"]):
            if time.monotonic() > until_s:
                raise DemoStopped(f"the copy of {ordered} is not collected within {VISIT_S:.0f} s")
            time.sleep(0.2)
        if (ending["code"], box.printer.sheets_out - before) != (code, sheets):
            yield f"its receipt: {ending['code']}, {box.printer.sheets_out - before} sheets"


def _next_visit(box: OneBox, before: Counted) -> Iterator[str]:
    visit = Play(box, lambda _: None).one_visit(copies=COPIES, within_s=VISIT_S)
    after = Counted.of(box)
    gained = (after.sheets - before.sheets, after.numbers - before.numbers, after.slips - before.slips)
    is_right = after.gained_vnd - before.gained_vnd == int(visit.balance["kept_vnd"])
    if visit.ending["code"] != "HANDED_OVER" or gained != (COPIES, 1, 1) or not is_right:
        yield f"the next visit: {visit.ending['code']}, sheets, numbers, slips {gained}, {visit.balance}"


def _state(box: OneBox, line: str) -> str:
    status = httpx.get(f"{box.kiosk_url}/status", timeout=30).json()
    return next(str(each["state"]) for each in status["devices"] if each["name"] == line)


def _until_well(box: OneBox) -> None:
    """Wait until every device says that it can be used."""
    until_s = time.monotonic() + WELL_S
    while time.monotonic() < until_s:
        status = httpx.get(f"{box.kiosk_url}/status", timeout=30).json()
        if status["link"]["online"] and all(each["state"] in ("READY", "ATTENTION") for each in status["devices"]):
            return
        time.sleep(0.5)


def _kill_the_desk(box: OneBox) -> None:
    """Kill the reading process (and no other child of the kiosk's)."""
    for child in psutil.Process(box.children["kiosk"].pid).children(recursive=True):
        if "spawn_main" in " ".join(child.cmdline()):
            child.kill()


def _cut_and_give(hands: Controls, part: str) -> None:
    hands.cut_power(part)
    hands.give_power(part)
