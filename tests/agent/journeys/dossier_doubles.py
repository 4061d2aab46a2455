"""A citizen with a dossier: what is in the scanner and which button is pressed at each turn, power cut or not."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO

import segno
from kiosk_doubles import Power, Town
from PIL import Image

from agent.devices.scanner import SimulatedScanner
from agent.journeys.parts import Kiosk
from agent.journeys.stacks import LAY, SCAN
from agent.journeys.touches import Touch, Touches
from agent.journeys.values import Declared, Digitise
from agent.ledger.ledger import Ledger
from contract.clock import Deadline
from contract.digital import Condition, separator_text

BIRTH = "1.001193"
PX_PER_MM = 300 / 25.4


def page(text: str = "Giấy chứng sinh") -> bytes:
    """What the doubles take for a scanned page: its text."""
    return text.encode()


@cache
def sheet(text: str = "", *, side_mm: float = 70.0, degrees: float = 0.0) -> bytes:
    """A white A4 page at 300 dpi with a QR code of this text, the whole page turned."""
    drawn = BytesIO()
    segno.make(text, error="h", micro=False).save(drawn, kind="png", scale=10, border=4)
    code = Image.open(drawn).convert("L").resize((round(side_mm * PX_PER_MM),) * 2, Image.Resampling.NEAREST)
    paper = Image.new("L", (2480, 3508), 255)
    paper.paste(code, ((2480 - code.width) // 2, 1500))
    out = BytesIO()
    paper.rotate(degrees, fillcolor=255).save(out, "PNG", compress_level=1)
    return out.getvalue()


def separator(component: str = "", procedure: str = BIRTH, *, degrees: float = 0.0) -> bytes:
    return sheet(separator_text(procedure, component), degrees=degrees)


def declared(component: str, pages: int = 1, condition: Condition = Condition.A) -> Declared:
    return Declared(component=component, pages=pages, condition=condition)


ONE_PAPER = Digitise(procedure=BIRTH, papers=(declared("TO_KHAI"),))
TWO_PAPERS = Digitise(procedure=BIRTH, papers=(declared("TO_KHAI"), declared("CHUNG_SINH", 2)))


class _Turns:
    """Which turn of a step the journal has open: the doubles answer by it, so that a restart changes nothing."""

    def __init__(self, ledger: Ledger, step: str) -> None:
        self._ledger, self._step = ledger, step

    async def now(self) -> int:
        (visit,) = await self._ledger.journal.open_visits()
        steps = await self._ledger.journal.steps(visit.id)
        return max(int(found[1]) for each in steps if (found := re.fullmatch(rf"{self._step} (\d+)", each.name)))


class _Buttons(Touches):
    def __init__(self, ledger: Ledger, script: Sequence[Touch]) -> None:
        super().__init__()
        self._turns, self._script = _Turns(ledger, LAY), script

    async def wait_for_one(self, visit: str, touches: Sequence[Touch], deadline: Deadline) -> Touch | None:
        if Touch.TAKEN in touches:
            return Touch.TAKEN
        turn = await self._turns.now()
        if turn <= len(self._script):
            return self._script[turn - 1]
        await deadline.clock.sleep(deadline.remaining_s)
        return None


class _Scanner(SimulatedScanner):
    def __init__(self, ledger: Ledger, batches: Sequence[Sequence[bytes]], power: Power) -> None:
        super().__init__([])
        self._turns, self._batches, self._power, self.by_one = _Turns(ledger, SCAN), batches, power, 0

    async def scan(self, deadline: Deadline) -> list[bytes]:
        self._power.moment()
        self.sheets = list(self._batches[await self._turns.now() - 1])
        return await super().scan(deadline)

    async def scan_one(self, deadline: Deadline) -> bytes:
        self.by_one += 1
        return await super().scan_one(deadline)


@dataclass
class Bearer:
    """Who brings the dossier: `script` is the button at each turn, `batches` what then lies in the scanner.

    `batches` are counted by turn as well: where no scan follows a button, that entry is not looked at.
    """

    town: Town
    script: list[Touch] = field(default_factory=lambda: [Touch.PAGE_IS_IN] * 2)
    batches: list[list[bytes]] = field(default_factory=lambda: [[page("Tờ khai")], [page(), page("trang 2")]])

    @asynccontextmanager
    async def kiosk(self, power: Power | None = None) -> AsyncIterator[Kiosk]:
        power = power or Power()
        async with self.town.kiosk(power) as kiosk:
            scanner = kiosk.scanner
            if not self.town.scanner_fault:
                scanner = _Scanner(kiosk.ledger, self.batches, power)
            yield replace(kiosk, scanner=scanner, touches=_Buttons(kiosk.ledger, self.script))
