"""Hỏi thủ tục: a citizen asks in ordinary words, or leafs through, and learns what a procedure needs.

What is shown comes from the catalogue alone; the machine says that it is one (R19), when it is not sure, and when it
does not know. It decides nothing and keeps no question.
"""

import asyncio
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, Literal

from agent.devices.errors import TicketPrinterError
from agent.journeys.guide_slips import address, print_procedure
from agent.journeys.parts import Kiosk
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import Deed, Tap
from agent.screen.page.telex import letter_typed
from contract.catalogue import Catalogue, Category, Elsewhere, Procedure
from contract.ids import new_ulid
from contract.messages import PrintOutcome

MOST_COMMON: Final = 6
SHOWN: Final = 5
MOST_LETTERS: Final = 80
Slip = Literal["", "coming", "out", "unknown", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Held):
    """What a citizen has asked and sees: `found` in the order of its fitness, or all of a category.

    `more` shows the legal basis instead of what to bring. `slip` is what became of the printed slip, `prints` whether
    there is a printer for it.
    """

    common: tuple[Procedure, ...] = ()
    categories: tuple[Category, ...] = ()
    question: str = ""
    category: Category | None = None
    found: tuple[Procedure, ...] = ()
    is_sure: bool = True
    elsewhere: Elsewhere | None = None
    page: int = 0
    procedure: Procedure | None = None
    url: str = ""
    source: str = ""
    more: bool = False
    prints: bool = False
    slip: Slip = ""

    @property
    def shown(self) -> tuple[Procedure, ...]:
        """The cards of this page."""
        return self.found[self.page * SHOWN : (self.page + 1) * SHOWN]

    @property
    def pages(self) -> int:
        """How many pages of cards there are."""
        return -(-len(self.found) // SHOWN)


class Guide(Activity):
    """The catalogue on the screen."""

    name = "guide"
    order = 20

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self._printing: asyncio.Task[Slip] | None = None

    async def begin(self) -> Held:
        """Return the scene with the common questions."""
        catalogue = self._kiosk.guide.catalogue
        return Asking(
            scene="start",
            common=common(catalogue),
            categories=catalogue.category,
            source=f"{catalogue.source} (bản số {catalogue.version}, {catalogue.made_on:%d/%m/%Y})",
            prints=self._kiosk.tickets is not None,
        )

    async def touched(self, held: Held, tap: Tap) -> Held | None:
        """Return the next scene of asking."""
        assert isinstance(held, Asking)
        verb, _, value = tap.value.partition(":")
        match tap.do, verb:
            case Deed.BACK, _:
                return _back(held)
            case Deed.KEY, _ if held.scene == "type":
                return replace(held, question=_typed(held.question, tap.value)[:MOST_LETTERS])
            case Deed.GO_ON, _ if held.scene == "type" and held.question.strip():
                return self._asked(held)
            case Deed.ACT, "type":
                return replace(held, scene="type", question="", category=None, found=(), procedure=None)
            case Deed.ACT, "list" if held.found:
                return replace(held, scene="list")
            case Deed.ACT, "category":
                return self._leafed(held, value)
            case Deed.ACT, "page" if value.isdecimal() and int(value) < held.pages:
                return replace(held, page=int(value))
            case Deed.ACT, "open":
                return self._opened(held, value)
            case Deed.ACT, "more":
                return replace(held, more=not held.more)
            case Deed.ACT, "print" if held.procedure and held.prints and held.slip in ("", "failed"):
                return self._printed(held, held.procedure)
        return held

    async def looked(self, held: Held) -> Held:
        """Return what became of the slip."""
        assert isinstance(held, Asking)
        if held.slip == "coming" and self._printing and self._printing.done():
            return replace(held, slip=self._printing.result())
        return held

    def _asked(self, held: Asking) -> Asking:
        found = self._kiosk.guide.ask(held.question)
        is_known = bool(found.procedures) and not found.elsewhere
        return replace(
            held, scene="list" if is_known else "unknown", category=None, page=0,
            found=found.procedures, is_sure=found.is_sure, elsewhere=found.elsewhere,
        )  # fmt: skip

    def _leafed(self, held: Asking, name: str) -> Asking:
        category = next((each for each in held.categories if each.id == name), None)
        found = tuple(each for each in self._kiosk.guide.catalogue.procedure if each.category == name)
        if not category or not found:
            return held
        return replace(held, scene="list", category=category, question="", page=0, found=found, is_sure=True)

    def _opened(self, held: Asking, code: str) -> Asking:
        procedure = self._kiosk.guide.catalogue.find(code)
        if procedure is None:
            return held
        url = address(self._kiosk, procedure)
        return replace(held, scene="procedure", procedure=procedure, url=url, more=False, slip="")

    def _printed(self, held: Asking, procedure: Procedure) -> Asking:
        self._printing = asyncio.ensure_future(self._put_out(procedure))
        return replace(held, slip="coming")

    async def _put_out(self, procedure: Procedure) -> Slip:
        try:
            outcome = await print_procedure(self._kiosk, f"guide {new_ulid(self._kiosk.clock.now())}", procedure)
        except TicketPrinterError:
            return "failed"
        return _SAID[outcome]


def common(catalogue: Catalogue) -> tuple[Procedure, ...]:
    """Return what many people come for, of each category in turn."""
    often = [
        [each for each in catalogue.procedure if each.often and each.category == one.id] for one in catalogue.category
    ]
    return tuple(each for row in zip_longest(*often) for each in row if each)[:MOST_COMMON]


_SAID: Final[dict[PrintOutcome, Slip]] = {
    PrintOutcome.PRINTED: "out",
    PrintOutcome.NOT_PRINTED: "failed",
    PrintOutcome.UNKNOWN: "unknown",
}


def _typed(question: str, value: str) -> str:
    """Return a question after a key; forms are named with digits, which a keyboard that is plugged in has."""
    return question + value if len(value) == 1 and value.isdecimal() else letter_typed(question, value)


def _back(held: Asking) -> Asking | None:
    match held.scene:
        case "start":
            return None
        case "procedure" if held.found:
            return replace(held, scene="list", procedure=None)
        case "list" | "unknown" if held.question:
            return replace(held, scene="type", found=())
    return replace(held, scene="start", question="", category=None, found=(), procedure=None)


ACTIVITY = Guide
