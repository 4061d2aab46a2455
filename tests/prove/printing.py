"""`make prove-print`: both printers flap while they print, and the agent is restarted; no sheet, no slip comes twice.

Each round disturbs one job at a random moment, then asks for it again under the same key, as a recovering agent does.
After each answer the paper is counted by the stand-in alone: sheets by its page counter, slips by reading the code that
is printed at the very end of each.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import segno
import zxingcpp
from PIL import Image

from agent.devices.errors import DeviceError
from agent.devices.page_printer import IppPrinter
from agent.devices.ticket_printer import EscposTicketPrinter
from contract.clock import Deadline, SystemClock
from contract.messages import PrintOutcome
from provisioning.onebox.child import free_port
from provisioning.onebox.printer import PrinterStandIn
from provisioning.onebox.ticket_controls import Fault
from provisioning.onebox.ticket_printer import TicketStandIn

PRINTER_WORDS = ("lose-answer", "lose-request", "jam", "refuse", "uncounted", "lazy", "torn", "no-counter")
SHOCKS = ("nothing", "power", "agent", "agent and power")
PAGES = 2
TEXT_ROWS, FEED_MM = 320, 22

Print = Callable[[Deadline], Awaitable[PrintOutcome]]


class PromiseBroken(AssertionError):
    """Paper came out that was denied, or did not come out that was claimed, or came twice."""


async def sheets(printer: PrinterStandIn, folder: Path, rounds: int, chance: random.Random) -> Counter[str]:
    """Disturb so many jobs of the page printer; return how often each outcome came; raise PromiseBroken."""
    seen: Counter[str] = Counter()
    pdf = _pdf()
    for number in range(rounds):
        copies, before = chance.choice((1, 2)), printer.sheets_out
        word, shock = chance.choice(("", "", *PRINTER_WORDS)), chance.choice(SHOCKS)

        def job(key: str = f"round {number}", copies: int = copies) -> Print:
            agent = IppPrinter(printer.uri, book=folder / "jobs.json")
            return lambda deadline: _outcome(agent, key, pdf, copies, deadline)

        printer.set_fault(word)
        first = await _shocked(job(), shock, printer.kill, printer.start, chance.uniform(0.0, 1.0))
        printer.set_fault("")
        await asyncio.sleep(0.4)  # what is in the paper path comes out
        out = printer.sheets_out - before
        _must(first, out, PAGES * copies, f"{number}: {word or 'no fault'}, {shock}")
        last = await job()(Deadline.after(SystemClock(), 20))
        out = printer.sheets_out - before
        _must(last, out, PAGES * copies, f"{number}: {word or 'no fault'}, {shock}, again after {first}")
        seen[f"{first or 'cut off'} → {last}"] += 1
    return seen


async def slips(machine: TicketStandIn, folder: Path, rounds: int, chance: random.Random) -> Counter[str]:
    """Disturb so many slips of the ticket printer; return how often each outcome came; raise PromiseBroken."""
    seen: Counter[str] = Counter()
    for number in range(rounds):
        key = f"SLIP{number:05d}"
        fault, shock = chance.choice((None, *Fault)), chance.choice(SHOCKS)
        text_mm = TEXT_ROWS / 8

        def job(key: str = key) -> Print:
            agent = EscposTicketPrinter(str(machine.port), book=folder / "slips.json")
            return lambda deadline: agent.print_ticket(key, _slip(key), deadline)

        at_mm = chance.choice((chance.uniform(0, text_mm), chance.uniform(80, 80 + FEED_MM)))
        machine.set_faults(*([fault] if fault else []), after_mm=at_mm)
        first = await _shocked(job(), shock, machine.kill, machine.start, chance.uniform(0.0, 0.6))
        machine.set_faults()
        await asyncio.sleep(0.6)  # it notices, and what it still has in its buffer comes out
        last = await job()(Deadline.after(SystemClock(), 20))
        await job("BETWEEN" + key)(Deadline.after(SystemClock(), 20))  # cuts off what hangs out
        found = _codes(machine)[key]
        where = f"{number}: {fault or 'no fault'} at {at_mm:.0f} mm, {shock}"
        if found > 1 or (last is PrintOutcome.PRINTED and not found and "power" not in shock):
            raise PromiseBroken(f"{where}: {first} → {last}, and {found} whole slips came out")
        if first is PrintOutcome.NOT_PRINTED and last is not PrintOutcome.PRINTED:
            raise PromiseBroken(f"{where}: a slip that did not come out was not printed when asked again")
        seen[f"{first or 'cut off'} → {last}"] += 1
        for path in machine.slips()[:-1]:
            path.unlink()
    return seen


async def _shocked(
    print_: Print, shock: str, kill: Callable[[], None], start: Callable[[], None], after_s: float
) -> PrintOutcome | None:
    """Return what the disturbed call said; None where its agent was cut off or nothing was sent."""
    task = asyncio.ensure_future(print_(Deadline.after(SystemClock(), 12)))
    if shock != "nothing":
        await asyncio.sleep(after_s)
    if "agent" in shock:
        task.cancel()
    if "power" in shock:
        await asyncio.to_thread(kill)
        await asyncio.to_thread(start)
    with suppress(DeviceError, asyncio.CancelledError):
        return await task
    return None


async def _outcome(agent: IppPrinter, key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintOutcome:
    return (await agent.print_pdf(key, pdf, copies, deadline)).outcome


def _must(outcome: PrintOutcome | None, out: int, expected: int, where: str) -> None:
    right = {
        PrintOutcome.PRINTED: out == expected,
        PrintOutcome.NOT_PRINTED: out == 0,
        PrintOutcome.UNKNOWN: out <= expected,
        None: out <= expected,
    }
    if not right[outcome]:
        raise PromiseBroken(f"{where}: {outcome}, and {out} of {expected} sheets came out")


def _pdf() -> bytes:
    pdf, out = pikepdf.new(), BytesIO()
    for _ in range(PAGES):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(out)
    return out.getvalue()


def _slip(key: str) -> bytes:
    """Return 40 mm of something with a code under it that ends with the last row."""
    code, out = BytesIO(), BytesIO()
    segno.make(key, micro=False).save(code, kind="png", scale=8, border=2)
    with Image.open(code) as drawn:
        picture = Image.new("1", (576, TEXT_ROWS + drawn.height), 1)
        picture.paste(drawn.convert("1"), (0, TEXT_ROWS))
    picture.save(out, "PNG")
    return out.getvalue()


def _codes(machine: TicketStandIn) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in machine.slips():
        with Image.open(path) as slip:
            found.update(code.text for code in zxingcpp.read_barcodes(slip))
    return found


async def prove(folder: Path, rounds: int, seed: int) -> None:
    """Run both; print what came of them; raise PromiseBroken."""
    chance, began_s = random.Random(seed), time.monotonic()
    with PrinterStandIn(folder / "printer", free_port()) as printer:
        print(f"{rounds} jobs of the A4 printer: {dict(await sheets(printer, folder, rounds, chance))}", flush=True)
        print(f"  {printer.sheets_out} sheets came out, none twice; {time.monotonic() - began_s:.0f} s", flush=True)
    began_s = time.monotonic()
    with TicketStandIn(folder / "tickets") as machine:
        print(f"{rounds} slips: {dict(await slips(machine, folder, rounds, chance))}", flush=True)
        print(f"  no slip came out twice; {time.monotonic() - began_s:.0f} s", flush=True)


def main() -> None:
    """Run the proof; exit 1 where a promise breaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=Path("build/prove-print"))
    args = parser.parse_args()
    folder = args.out.resolve() / f"{SystemClock().now():%H%M%S}"
    folder.mkdir(parents=True)
    try:
        asyncio.run(prove(folder, args.rounds, args.seed))
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: round {broken}")


if __name__ == "__main__":
    main()
