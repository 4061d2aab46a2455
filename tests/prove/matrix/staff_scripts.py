"""What staff do at the screen behind their PIN, and what must be true of it: lines, lamp, books."""

from collections.abc import Iterator, Mapping

from agent.screen.page.activities.staff import Desk
from agent.screen.page.state import Deed
from agent.screen.status import StaffLine
from contract.messages import ClosingFact, PrintOutcome
from tests.prove.matrix.acted import Acted, Judge, Script
from tests.prove.matrix.stories import STAFF_PIN
from tests.prove.matrix.trouble import Mode

IN = ((Deed.OPEN, "staff"), *((Deed.KEY, key) for key in STAFF_PIN), (Deed.GO_ON, ""))
CASH, BEGIN, FINISH = (Deed.ACT, "cash"), (Deed.ACT, "begin"), (Deed.ACT, "finish")
NAMES = {
    "scanner": ("scanner",), "page printer": ("printer",), "ticket printer": ("ticket printer",), "cash": ("cash",),
    "cabinet": ("cabinet",), "control board": ("cash", "cabinet"),
}  # fmt: skip
"""The devices' lines by what is in trouble; the change machine hangs on the board."""


def _tested(held: Desk) -> str:
    if held.is_busy:
        return ""
    bad = [each.name for each in _bad(held.lines)]
    return f"TESTED: {' and '.join(bad)} not ready" if bad else "TESTED"


def _bad(lines: tuple[StaffLine, ...]) -> list[StaffLine]:
    return [each for each in lines if each.state not in ("READY", "BUSY")]


def _lines_are_true(acted: Acted) -> Iterator[str]:
    """What is in trouble is said not to be ready, with a remedy; everything else is ready."""
    if acted.said == "CUT":
        return
    bad = _bad(acted.held.lines)
    expected = NAMES.get(acted.place.trouble.device, ()) if acted.place.trouble.reached else ()
    if sorted(each.name for each in bad) != sorted(expected):
        yield f"not ready are {[each.name for each in bad]}, in trouble is {acted.place.trouble.device}"
    for each in bad:
        cause, dash, remedy = each.said[1].partition(" – ")
        if not (each.said[0] and cause and dash and remedy):
            yield f"{each.name}: cause and remedy are {each.said}"


def _paper_is_true(acted: Acted) -> Iterator[str]:
    """Who is said to be ready has printed its page."""
    yield from _lines_are_true(acted)
    if acted.said == "CUT":
        return
    ready = {each.name for each in acted.held.lines} - {each.name for each in _bad(acted.held.lines)}
    if acted.came < len(ready & {"printer", "ticket printer"}):
        yield f"{acted.came} test pages came out, and {sorted(ready)} are said to be ready"


def _switched(held: Desk) -> str:
    return "OPEN" if held.is_open else "SHUT"


def _stays_shut(acted: Acted) -> Iterator[str]:
    """A kiosk that was shut is shut until somebody opens it, whatever befalls it meanwhile."""
    right = {"SHUT": ("OPEN",), "CUT": ("SHUT", "OPEN")}
    if acted.said_next not in right.get(acted.said, ()):
        yield f"after {acted.said} the next touch makes it {acted.said_next}"
    if acted.said != "CUT" and acted.place.trouble.mode is Mode.CUT and acted.place.trouble.reached:
        yield "the power cut was not seen"


def _counted(held: Desk) -> str:
    if held.is_busy:
        return ""
    if held.refused[0]:
        return "REFUSED"
    if held.scene == "taken":
        return "IN_THE_BOOKS" if held.slip is PrintOutcome.PRINTED else f"IN_THE_BOOKS (slip {held.slip})"
    return {"cash": "COUNTED", "taking": "TAKING"}.get(held.scene, "")


def _books_are_true(acted: Acted) -> Iterator[str]:
    """What is said to lie in the machine lies in it; only a machine that can't be asked is refused, in words."""
    report = acted.held and acted.held.report
    if report and report.held.total_vnd != acted.in_machine_vnd:
        yield f"{report.held.total_vnd} đ are said to be in the machine, which holds {acted.in_machine_vnd}"
    may_refuse = acted.place.trouble.device in ("cash", "control board")
    if acted.said == "REFUSED" and not may_refuse:
        yield f"{acted.place.trouble.device} in trouble, and the cash is not counted: {acted.held.refused}"
    if acted.said == "REFUSED" and not all(acted.held.refused):
        yield "staff are not told why"
    told = [each.number for each in acted.place.hub.facts.values() if isinstance(each, ClosingFact)]
    if sorted(told) != list(range(1, len(told) + 1)):
        yield f"the hub was told of the collections {told}"
    done = acted.said.startswith("IN_THE_BOOKS") + acted.said_next.startswith("IN_THE_BOOKS")
    if not done <= len(told) <= done + (acted.said == "CUT"):
        yield f"{done} collections are in the books, the hub knows {told}"


def _slip_is_true(acted: Acted) -> Iterator[str]:
    """The slip of a collection came out where the screen says so, and did not where it says that."""
    yield from _books_are_true(acted)
    slip = acted.held.slip if acted.said.startswith("IN_THE_BOOKS") else PrintOutcome.UNKNOWN
    right = {PrintOutcome.PRINTED: (1,), PrintOutcome.NOT_PRINTED: (0,)}.get(slip, (0, 1))
    if acted.came not in right:
        yield f"{acted.came} slips came out, and it is said that the slip is {slip}"
    if acted.said == f"IN_THE_BOOKS (slip {PrintOutcome.UNKNOWN})" and "chưa in được" in acted.html:
        yield "nobody knows of the slip, and the screen says that it was not printed"


def _of_cash(
    *before: tuple[Deed, str], touch: tuple[Deed, str], well: str, papers: int = 0, judge: Judge = _books_are_true
) -> Script:
    return Script(
        before=(*IN, *before), touch=touch, outcome=_counted, way_on="<button", well=(well,), papers=papers,
        judge=judge,
    )  # fmt: skip


SCRIPTS: Mapping[str, Script] = {
    "staff: test": Script(
        before=IN, touch=(Deed.ACT, "test"), outcome=_tested, way_on='data-value="test"', well=("TESTED",), papers=0,
        judge=_lines_are_true,
    ),
    "staff: print": Script(
        before=IN, touch=(Deed.ACT, "print"), outcome=_tested, way_on='data-value="test"', well=("TESTED",), papers=2,
        judge=_paper_is_true,
    ),
    "staff: shut": Script(
        before=IN, touch=(Deed.ACT, "switch"), outcome=_switched, way_on='data-value="switch"', well=("OPEN", "SHUT"),
        papers=0, judge=_stays_shut,
    ),
    "staff: count": _of_cash(touch=CASH, well="COUNTED"),
    "staff: begin": _of_cash(CASH, touch=BEGIN, well="TAKING"),
    "staff: finish": _of_cash(CASH, BEGIN, touch=FINISH, well="IN_THE_BOOKS", papers=1, judge=_slip_is_true),
}  # fmt: skip
