"""What the screen shows of a dossier that is being digitised: its papers, which one is asked for, what is counted."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from agent.journeys.digitised_receipt import PAGE
from agent.journeys.filing import FILED
from agent.journeys.slips import RECEIPT_SLIP
from agent.journeys.stack import Batch, Held, Stack
from agent.journeys.stacks import LAY, SCAN
from agent.journeys.touches import Touch
from agent.journeys.values import Declared, Digitise, Touched
from agent.ledger.journal import StepRecord, VisitRecord
from contract.dossiers import procedure
from contract.messages import Filed, PrintOutcome, ReplyEnvelope

Said = tuple[str, str]


class PaperView(Struct, frozen=True, kw_only=True):
    """One paper: its name in both languages, the citizen's count and the kiosk's, whether they agree or it is settled.

    `code` is the hub's, once it holds the paper.
    """

    name: Said
    counted: int
    scanned: int
    is_complete: bool
    is_fragile: bool
    code: str = ""


class DossierView(Struct, frozen=True, kw_only=True):
    """The dossier; `wanted` is the place of the paper that is asked for, None where none is.

    `strange` counts sheets behind a separator of something that is not in the list. `has_receipt` is False once it is
    known that none has come out.
    """

    procedure: Said
    papers: tuple[PaperView, ...]
    wanted: int | None
    strange: int
    has_receipt: bool

    @property
    def done(self) -> int:
        """How many papers are complete."""
        return sum(each.is_complete for each in self.papers)

    @property
    def is_begun(self) -> bool:
        """Whether a page of any paper was scanned, so that something may lie in the scanner."""
        return any(each.scanned for each in self.papers)

    @property
    def asked(self) -> PaperView | None:
        """The paper that is asked for."""
        return None if self.wanted is None else self.papers[self.wanted]


def dossier_view(record: VisitRecord, steps: Sequence[StepRecord]) -> DossierView | None:
    """Return the dossier as far as it has come; None once what the citizen listed is forgotten."""
    if not record.wish:
        return None
    wish = msgspec.json.decode(record.wish, type=Digitise)
    results = {step.name: step.result for step in steps if step.result is not None}
    stack = _stack(wish, results)
    known = procedure(wish.procedure)
    return DossierView(
        procedure=(known.vi, known.en) if known else (wish.procedure, wish.procedure),
        papers=tuple(_paper(wish, held, results.get(f"{FILED} {at}")) for at, held in enumerate(stack.papers, start=1)),
        wanted=stack.wanted,
        strange=len(stack.strange),
        has_receipt=not _is_without_receipt(results),
    )


def name_of(wish: Digitise, declared: Declared) -> Said:
    """Return a paper's name in both languages."""
    known = procedure(wish.procedure)
    component = known.component(declared.component) if known else None
    return (component.vi, component.en) if component else (declared.component, declared.component)


def _stack(wish: Digitise, results: dict[str, bytes]) -> Stack:
    """Return the stack as the journal's turns have filled it."""
    stack, turn = Stack.of(wish), 1
    while (at := stack.wanted) is not None and (said := results.get(f"{LAY} {turn}")):
        touched = msgspec.json.decode(said, type=Touched).touch
        if touched is Touch.PAGE_IS_IN:
            if (batch := results.get(f"{SCAN} {turn}")) is None:
                break
            stack = stack.placed(at, msgspec.json.decode(batch, type=Batch))
        elif touched:
            stack = stack.answered(at, touched)
        turn += 1
    return stack


def _is_without_receipt(results: dict[str, bytes]) -> bool:
    """Whether neither a slip nor the page that is printed in its place can have come out."""
    page, slip = (results.get(step, b"") for step in (PAGE, RECEIPT_SLIP))
    not_printed = msgspec.json.encode(PrintOutcome.NOT_PRINTED)
    return page == not_printed and slip in (b"", not_printed)


def _paper(wish: Digitise, held: Held, reply: bytes | None) -> PaperView:
    body = msgspec.json.decode(reply, type=ReplyEnvelope).body if reply else None
    return PaperView(
        name=name_of(wish, held.declared),
        counted=held.declared.pages,
        scanned=len(held.sheets),
        is_complete=held.is_complete,
        is_fragile=held.is_fragile,
        code=body.doc_code if isinstance(body, Filed) else "",
    )
