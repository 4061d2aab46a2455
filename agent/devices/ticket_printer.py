"""The ticket printer: receipts and slips on an 80 mm roll, over ESC/POS."""

import asyncio
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from agent.devices import escpos
from agent.devices.byte_line import LineLost, open_line
from agent.devices.errors import TicketPrinterError, TicketPrinterUnreachable
from agent.devices.job_book import JobBook, JobNote
from agent.devices.proof_sheets import slip_png
from agent.devices.status import DeviceState
from agent.devices.ticket_status import Roll, TicketPrinterStatus
from agent.devices.ticket_talk import Talk
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import PrintOutcome

_CUT_S = 3.0
_PROBE = b"test"
_SILENCE = bytes(128 * escpos.STRIP_ROWS)


class TicketPrinter(ABC):
    """Prints a slip, once per key, across restarts."""

    @abstractmethod
    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        """Print the picture (at most 576 dots wide) and cut; return what is known of the paper at the deadline.

        PRINTED only where the printer said so after the cut. The same key prints again only after NOT_PRINTED
        (no whole slip came out); else it returns what became of it. Raise a TicketPrinterError where nothing was sent.
        """

    @abstractmethod
    async def status(self) -> TicketPrinterStatus:
        """Return what telemetry, doctor and dashboard all show."""

    @abstractmethod
    async def self_test(self, deadline: Deadline, slip: bytes | None = None) -> TicketPrinterStatus:
        """Let the printer confirm a slip of nothing, the way a receipt goes, or print `slip` where one is given."""

    async def print_test(self, deadline: Deadline) -> TicketPrinterStatus:
        """Print one test slip as a receipt is printed."""
        return await self.self_test(deadline, slip_png(deadline.clock.now()))


class EscposTicketPrinter(TicketPrinter):
    """Any ESC/POS printer at `/dev/ttyUSB0`, `/dev/usb/lp0` or `tcp://host:9100`; `book` remembers keys.

    `confirm_by` names how the printer tells that a slip is out: "process-id" (GS ( H, most Epson models) names the
    slip, "status" (GS r) is the next best for printers that don't know it: then a slip that stopped half way is
    UNKNOWN instead of NOT_PRINTED.
    """

    def __init__(
        self,
        address: str,
        *,
        book: Path,
        baud: int = 115_200,
        confirm_by: Literal["process-id", "status"] = "process-id",
    ) -> None:
        self._address, self._baud, self._book = address, baud, JobBook(book)
        self._names_slips = confirm_by == "process-id"
        self._one_user = asyncio.Lock()

    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        """Print once per key; return what is known at the deadline."""
        async with self._one_user:
            known = self._book.find(key)
            if known and known.outcome is not PrintOutcome.NOT_PRINTED:
                return known.outcome
            picture, mark = escpos.raster(png), hashlib.sha256(key.encode()).hexdigest()[:3].encode()
            async with self._talk() as talk:
                await self._make_ready(talk)
                await asyncio.to_thread(self._book.begin, key, JobNote())
                outcome = await self._print(talk, picture, mark, deadline)
            await asyncio.to_thread(self._book.settle, key, outcome)
            return outcome

    async def status(self) -> TicketPrinterStatus:
        """Return state and roll, BUSY while a slip comes out."""
        if self._one_user.locked():
            return TicketPrinterStatus(state=DeviceState.BUSY, detail=f"{self._address} is printing")
        try:
            async with self._one_user, self._talk() as talk:
                return (await talk.look()).status
        except TicketPrinterError as fault:
            return TicketPrinterStatus.down(fault)

    async def self_test(self, deadline: Deadline, slip: bytes | None = None) -> TicketPrinterStatus:
        """Let the printer confirm an empty slip, or print one."""
        try:
            if slip is not None:
                key = f"self-test {new_ulid(deadline.clock.now())}"
                confirmed = await self.print_ticket(key, slip, deadline) is PrintOutcome.PRINTED
            else:
                confirmed = await self._confirms_nothing(deadline)
        except TicketPrinterError as fault:
            return TicketPrinterStatus.down(fault)
        if not confirmed:
            remedy = 'Set confirm_by = "status" for this printer in kiosk.toml' if self._names_slips else "Replace it"
            remedy_vi = 'Đặt confirm_by = "status" cho máy này trong kiosk.toml' if self._names_slips else "Thay máy in"
            return TicketPrinterStatus(
                state=DeviceState.DOWN,
                detail="it does not confirm a slip",
                remedy=remedy,
                vi=f"Máy in biên nhận không xác nhận đã in. {remedy_vi}.",
            )
        return await self.status()

    async def _confirms_nothing(self, deadline: Deadline) -> bool:
        async with self._one_user, self._talk() as talk:
            await self._make_ready(talk)
            if self._names_slips:
                await talk.send(escpos.START + escpos.report(_PROBE), _CUT_S)
                return await talk.said(_PROBE, Deadline.after(deadline.clock, _CUT_S))
            await talk.send(escpos.START + escpos.ASK_WHEN_PROCESSED, _CUT_S)
            return await talk.processed(Deadline.after(deadline.clock, _CUT_S))

    async def _make_ready(self, talk: Talk) -> None:
        """Raise what keeps the printer from printing; drop what an abandoned slip left in its buffer."""
        if fault := (await talk.look()).fault:
            raise fault
        if self._names_slips:
            await talk.clear()
        elif self._book.unsettled:
            await talk.send(_SILENCE, _CUT_S)

    async def _print(self, talk: Talk, picture: bytes, mark: bytes, deadline: Deadline) -> PrintOutcome:
        try:
            if self._names_slips:
                return await self._print_named(talk, picture, mark, deadline)
            whole = escpos.START + picture + escpos.FEED_TO_CUTTER + escpos.CUT + escpos.ASK_WHEN_PROCESSED
            confirmed = await talk.send(whole, deadline.remaining_s) and await talk.processed(deadline)
            return PrintOutcome.PRINTED if confirmed else PrintOutcome.UNKNOWN
        except (LineLost, TicketPrinterUnreachable):
            return PrintOutcome.UNKNOWN

    async def _print_named(self, talk: Talk, picture: bytes, mark: bytes, deadline: Deadline) -> PrintOutcome:
        """Print with two marks: `P` says that the last row is on paper, `C` that the slip is cut.

        Between the two it may hang in a printer that has stopped: whole, so it is not printed again, but not out.
        """
        on_paper, cut = mark + b"P", mark + b"C"
        whole = (
            escpos.START + picture + escpos.report(on_paper) + escpos.FEED_TO_CUTTER + escpos.CUT + escpos.report(cut)
        )
        if await talk.send(whole, deadline.remaining_s) and await talk.said(on_paper, deadline):
            is_cut = await talk.said(cut, Deadline.after(deadline.clock, _CUT_S))
            return PrintOutcome.PRINTED if is_cut else PrintOutcome.UNKNOWN
        nothing_follows = await talk.clear() and not talk.has_said(on_paper)
        return PrintOutcome.NOT_PRINTED if nothing_follows else PrintOutcome.UNKNOWN

    @asynccontextmanager
    async def _talk(self) -> AsyncIterator[Talk]:
        try:
            line = await open_line(self._address, baud=self._baud)
        except LineLost as fault:
            raise TicketPrinterUnreachable(str(fault)) from fault
        try:
            yield Talk(line, self._address)
        except LineLost as fault:
            raise TicketPrinterUnreachable(f"{self._address}: {fault}") from fault
        finally:
            line.close()


class SimulatedTicketPrinter(TicketPrinter):
    """A printer whose slips lie as PNG files in a folder; `fault` is chosen by the test."""

    def __init__(self, folder: Path, *, fault: TicketPrinterError | None = None) -> None:
        self.folder, self.fault = folder, fault
        folder.mkdir(parents=True, exist_ok=True)

    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        """Write the slip once per key; raise the chosen fault."""
        if self.fault:
            raise self.fault
        await asyncio.to_thread(_write_once, self.folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', key)}.png", png)
        return PrintOutcome.PRINTED

    async def status(self) -> TicketPrinterStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return TicketPrinterStatus.down(self.fault)
        return TicketPrinterStatus(state=DeviceState.READY, detail="simulated", roll=Roll.ENOUGH)

    async def self_test(self, deadline: Deadline, slip: bytes | None = None) -> TicketPrinterStatus:
        """Return the status."""
        return await self.status()


def _write_once(path: Path, png: bytes) -> None:
    if path.exists():
        return
    part = path.with_suffix(".part")
    part.write_bytes(png)
    part.replace(path)
