"""A stack of sheets on its way to papers: which sheet belongs to which paper, folded from what was scanned so far.

Separator sheets name the component that follows them, or merely say that the next paper begins. Sheets behind a
separator of something that the citizen did not list belong nowhere: they are left out and said so, never filed under
another paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from msgspec import Struct

from agent.journeys.touches import Touch
from agent.journeys.values import Declared, Digitise
from contract.digital import FEEDER, GLASS


class Run(Struct, frozen=True, kw_only=True):
    """Sheets between two separators, by their numbers in the spool; `component` is None before the first separator."""

    component: str | None = None
    sheets: tuple[int, ...]


class Batch(Struct, frozen=True, kw_only=True):
    """What one scan brought: so many sheets, separators among them, in runs."""

    sheets: int
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A paper of the dossier and the sheets that belong to it; `is_settled` once the citizen said that these are all.

    One sheet in the spool is one page: a scanner gives each side as a picture of its own.
    """

    declared: Declared
    sheets: tuple[int, ...] = ()
    is_settled: bool = False

    @property
    def is_fragile(self) -> bool:
        """Whether each page is laid on the glass, and none goes through the feeder."""
        return self.declared.condition in GLASS

    @property
    def is_complete(self) -> bool:
        """Whether as many pages were scanned as counted, or the citizen said that the machine's count is right."""
        return self.is_settled or len(self.sheets) == self.declared.pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The dossier's papers in the order in which they are asked for; `strange` sheets belong to none of them."""

    papers: tuple[Held, ...]
    strange: tuple[int, ...] = ()

    @classmethod
    def of(cls, wish: Digitise) -> Self:
        """Return the empty stack of what the citizen listed and the kiosk may scan (contract.digital)."""
        return cls(papers=tuple(Held(declared=each) for each in wish.papers if is_scanned(each)))

    @property
    def wanted(self) -> int | None:
        """The paper that is asked for now, None where all are complete."""
        return next((at for at, each in enumerate(self.papers) if not each.is_complete), None)

    def placed(self, at: int, batch: Batch) -> "Stack":
        """Return the stack with a batch that was put in while paper `at` was asked for."""
        stack, place = self, at
        for run in batch.runs:
            target = stack._target(run.component, place)
            if target is None:
                stack = replace(stack, strange=(*stack.strange, *run.sheets))
                continue
            place = target
            stack = stack._with(target, run.sheets)
        return stack

    def answered(self, at: int, touched: Touch) -> "Stack":
        """Return the stack after the citizen's word on paper `at`: scan it anew, or these are all its pages.

        A paper of no page is not all in.
        """
        if touched is Touch.AGAIN:
            return self._replaced(at, Held(declared=self.papers[at].declared))
        return self._replaced(at, replace(self.papers[at], is_settled=bool(self.papers[at].sheets)))

    def changed(self, before: "Stack") -> Iterable[int]:
        """Return the papers that have other sheets than `before`."""
        return [at for at, (new, old) in enumerate(zip(self.papers, before.papers, strict=True)) if new != old]

    def _target(self, component: str | None, place: int) -> int | None:
        """Return the paper that a run belongs to, None where none does."""
        if component is None:
            return place
        if not component:  # a separator without a name: the next paper that has nothing yet
            return next((at for at in range(place + 1, len(self.papers)) if not self.papers[at].sheets), None)
        named = [at for at, each in enumerate(self.papers) if each.declared.component == component]
        return next((at for at in named if not self.papers[at].is_complete), None)

    def _with(self, at: int, sheets: tuple[int, ...]) -> "Stack":
        held = self.papers[at]
        return self._replaced(at, replace(held, sheets=(*held.sheets, *sheets)))

    def _replaced(self, at: int, held: Held) -> "Stack":
        return replace(self, papers=(*self.papers[:at], held, *self.papers[at + 1 :]))


def is_scanned(declared: Declared) -> bool:
    """Return whether a kiosk may scan a paper in this condition."""
    return declared.condition in (*FEEDER, *GLASS)
