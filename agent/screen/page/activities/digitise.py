"""Trạm số hóa: which procedure, which papers of it, how many pages each has and in what condition it is."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.journeys.parts import Kiosk
from agent.journeys.separator_sheets import print_sheets
from agent.journeys.stack import is_scanned
from agent.journeys.values import Declared, Digitise, Wish
from agent.screen.page.activity import Activity, Held
from agent.screen.page.scenes import DIGITISE_STEPS, Step
from agent.screen.page.state import Deed, Tap
from contract.digital import FEEDER, Condition
from contract.dossiers import PROCEDURES, Component, Procedure, procedure
from contract.messages import PrintOutcome

MOST_PAGES = 200
MOST_SEPARATORS, WITHIN = 30, timedelta(hours=1)
"""So many separator sheets are printed at the screen in an hour: the tray's paper is there for certified copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Held):
    """What the citizen has listed; `paper` is the component that is being described, `pages` what they count on it.

    `sheets` is what became of the separator sheets that were asked for, `are_printing` that they are on their way,
    `are_enough` that too many were printed within the hour.
    """

    code: str = ""
    papers: tuple[Declared, ...] = ()
    paper: str = ""
    pages: int = 0
    procedures: tuple[Procedure, ...] = field(default=PROCEDURES)
    conditions: tuple[Condition, ...] = field(default=tuple(Condition))
    are_printing: bool = False
    are_enough: bool = False
    sheets: PrintOutcome | None = None

    @property
    def procedure(self) -> Procedure | None:
        """The procedure that was chosen."""
        return procedure(self.code)

    @property
    def component(self) -> Component | None:
        """The component that is being described."""
        return self.procedure.component(self.paper) if self.procedure else None

    @property
    def lacking(self) -> tuple[Component, ...]:
        """The required components that are not listed; the officer will ask for them, the kiosk does not stop."""
        listed = {each.component for each in self.papers}
        known = self.procedure
        return tuple(each for each in known.components if each.required and each.code not in listed) if known else ()

    @property
    def can_begin(self) -> bool:
        """Whether a listed paper may be scanned here."""
        return any(map(is_scanned, self.papers))

    @property
    def stacked(self) -> tuple[Component, ...]:
        """The components that go through the feeder, so that a separator sheet may lie before each."""
        fed = {each.component for each in self.papers if each.condition in FEEDER}
        return tuple(each for each in self.procedure.components if each.code in fed) if self.procedure else ()

    @property
    def may_print(self) -> bool:
        """Whether separator sheets are of use, and not printed or on their way yet."""
        is_due = self.sheets in (None, PrintOutcome.NOT_PRINTED) and not self.are_enough
        return len(self.stacked) > 1 and not self.are_printing and is_due

    def declared(self, component: str) -> Declared | None:
        """Return what was said of a component."""
        return next((each for each in self.papers if each.component == component), None)

    def without(self, component: str) -> "Listing":
        """Return the list without a component."""
        return replace(self, papers=tuple(each for each in self.papers if each.component != component))


class DigitiseDossier(Activity):
    """The citizen's part before anything is scanned; the journey does the rest."""

    name = "digitise"
    order = 20
    steps = DIGITISE_STEPS

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self._printing: asyncio.Task[PrintOutcome] | None = None
        self._printed: deque[datetime] = deque(maxlen=MOST_SEPARATORS)

    @property
    def is_there(self) -> bool:
        """Whether this kiosk is a digitisation station."""
        return self._kiosk.digitises

    async def begin(self) -> Held:
        """Return the procedures to choose from."""
        return Listing(scene="procedure")

    def step_of(self, held: Held) -> str:
        """All of it is preparation."""
        return Step.PREPARE

    async def touched(self, held: Held, tap: Tap) -> Held | Wish | None:
        """Choose, list, count, look; and begin."""
        assert isinstance(held, Listing)
        if tap.do is Deed.BACK:
            return _back(held)
        verb, _, argument = tap.value.partition(":")
        match held.scene, tap.do, verb:
            case "procedure", Deed.ACT, "procedure" if procedure(argument):
                return replace(held, scene="checklist", code=argument, papers=())
            case "checklist", Deed.ACT, "paper":
                return _opened(held, argument)
            case "checklist", Deed.GO_ON, _ if held.can_begin:
                return replace(held, scene="ready")
            case "count", Deed.ACT, "pages":
                return replace(held, pages=_number(argument, held.pages))
            case "count", Deed.ACT, "leave-out":
                return replace(held.without(held.paper), scene="checklist", paper="")
            case "count", Deed.GO_ON, _ if held.pages:
                return replace(held, scene="condition")
            case "condition", Deed.ACT, "condition" if argument in set(Condition):
                return _described(held, Condition(argument))
            case "ready", Deed.ACT, "separators" if held.may_print and held.procedure:
                return self._begun(held, held.procedure)
            case "ready", Deed.GO_ON, _ if not held.are_printing:
                return Digitise(procedure=held.code, papers=held.papers)
        return held

    def _begun(self, held: Listing, procedure: Procedure) -> Listing:
        since, wanted = self._kiosk.clock.now() - WITHIN, held.stacked
        recent = [at for at in self._printed if at > since]
        if len(recent) + len(wanted) > MOST_SEPARATORS:
            return replace(held, are_enough=True, sheets=None)
        self._printing = asyncio.create_task(print_sheets(self._kiosk, procedure, wanted))
        return replace(held, are_printing=True, sheets=None)

    async def looked(self, held: Held) -> Held:
        """See the end of printing."""
        assert isinstance(held, Listing)
        if held.are_printing and self._printing and self._printing.done():
            sheets = self._printing.result()
            if sheets is not PrintOutcome.NOT_PRINTED:
                self._printed.extend([self._kiosk.clock.now()] * len(held.stacked))
            return replace(held, are_printing=False, sheets=sheets)
        return held

    def may_leave(self, held: Held) -> bool:
        """Not while sheets are being printed."""
        return not (isinstance(held, Listing) and held.are_printing)


def _back(held: Listing) -> Listing | None:
    before = {"checklist": "procedure", "count": "checklist", "condition": "count", "ready": "checklist"}
    scene = before.get(held.scene)
    return replace(held, scene=scene) if scene else None


def _opened(held: Listing, component: str) -> Listing:
    if held.procedure is None or held.procedure.component(component) is None:
        return held
    known = held.declared(component)
    return replace(held, scene="count", paper=component, pages=known.pages if known else 0)


def _described(held: Listing, condition: Condition) -> Listing:
    """Return the list with the paper, in the order of the procedure's components."""
    assert held.procedure is not None
    declared = Declared(component=held.paper, pages=held.pages, condition=condition)
    papers = {each.component: each for each in (*held.without(held.paper).papers, declared)}
    ordered = tuple(papers[each.code] for each in held.procedure.components if each.code in papers)
    return replace(held, scene="checklist", papers=ordered, paper="", pages=0, sheets=None)


def _number(value: str, before: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_PAGES else before


ACTIVITY = DigitiseDossier
