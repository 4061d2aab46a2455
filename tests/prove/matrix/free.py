"""What must hold in every cell of the visits that cost nothing: a number, a report, a check, a dossier."""

from collections.abc import Callable, Iterator
from typing import Final

from agent.devices.errors import ScannerJammed
from agent.journeys.digitise import HAND_BACK
from agent.journeys.endings import Ending
from agent.journeys.slips import collect_code
from agent.journeys.values import Check, CheckIn, Digitise, DrawNumber, Wish
from contract.messages import CheckInOverFact, CheckInRequest, JudgeRequest, TicketRequest
from tests.prove.matrix.cell import END, Played
from tests.prove.matrix.stories import COPY_CODE, DOSSIER

ENDS_WELL: Final = {
    DrawNumber: "TICKET_PRINTED",
    CheckIn: "CHECKED_IN",
    Check: "CHECKED_VALID",
    Digitise: "DIGITISED",
}
"""How the visit ends where nothing is in trouble."""


def broken(played: Played, ending: Ending) -> Iterator[str]:
    """Tell the promises that the cell has broken."""
    wish, balance = type(played.place.story.wish), played.seen.balance
    yield from _last_screen(played, ending)
    if balance is None or balance.received_vnd or played.seen.taken_vnd or played.seen.paid_out_vnd:
        yield f"money was moved in a visit that costs nothing: {balance}"
    if played.kept_files:
        yield f"files were left: {sorted(played.kept_files)}"
    stuck_is_said = ending.paper_en == ScannerJammed.paper_en
    if played.seen.stuck != stuck_is_said:
        yield f"the original {'hangs' if played.seen.stuck else 'does not hang'} in the feeder: {ending.paper_en!r}"
    if "offline" in ending.en and played.place.trouble.device != "network":
        yield f"{played.place.trouble.device} in trouble, and the citizen is told of the network: {ending.en!r}"
    yield from _OF[wish](played, ending)
    if played.next_ending is None or played.next_ending.code != ENDS_WELL[wish]:
        yield f"the next visit ends with {played.next_ending and played.next_ending.code}"
    if played.unsent:
        yield f"{played.unsent} messages never reached the hub"


def _last_screen(played: Played, ending: Ending) -> Iterator[str]:
    html = played.place.screens.get(END, "")
    if ending.vi not in html or ending.paper_vi not in html:
        yield f"the last screen does not say {ending.code}'s sentences"


def _drawn(played: Played, ending: Ending) -> Iterator[str]:
    slips = {"TICKET_PRINTED": (1,), "TICKET_SHOWN": (0,), "TICKET_UNKNOWN": (0, 1)}
    if (came := len(_slips(played))) not in slips.get(ending.code, ()):
        yield f"{came} tickets came out, and the visit ends with {ending.code}"
    shown = played.seen.shown and played.seen.shown.ticket
    given = [(each.id, each.body.number) for each in played.asked if isinstance(each.body, TicketRequest)]
    if not shown or [(shown.follow.rpartition("/")[2], shown.number)] != given:
        yield f"the citizen has {shown and shown.number}, in the line stand {given}"
    elif shown.number not in played.place.screens.get(END, ""):
        yield "the last screen does not show the number"
    following = played.next_shown and played.next_shown.ticket
    if (following and following.number) != "C1-002":
        yield f"the next number is {following and following.number}"


def _reported(played: Played, ending: Ending) -> Iterator[str]:
    taken = {each.id for each in played.asked if isinstance(each.body, CheckInRequest)}
    undone = {each.request for each in played.told(CheckInOverFact)}
    shown = played.seen.shown and played.seen.shown.ticket
    if ending.code == "CHECKED_IN":
        if len(taken - undone) != 1 or not shown or shown.number not in played.place.screens.get(END, ""):
            yield f"the citizen waits for {shown and shown.number}, the hub took {taken} and undid {undone}"
    elif ending.code != "NOT_CHECKED_IN":
        yield f"a report ends with {ending.code}"
    elif taken - undone or not undone or _slips(played):
        yield f"the citizen is told that nobody was asked; the hub took {taken} and undid {undone}"
    if len(_slips(played)) > 1:
        yield "two tickets came out"


def _checked(played: Played, ending: Ending) -> Iterator[str]:
    asked = [each.body.code for each in played.asked if isinstance(each.body, JudgeRequest)]
    if asked not in ([], [COPY_CODE]):
        yield f"the hub was asked about {asked}"
    right = {
        "CHECKED_VALID": bool(asked),
        "NOT_JUDGED": played.place.trouble.device in ("network", "hub"),
        "NOT_SCANNED": played.place.trouble.device == "scanner" and bool(ending.fault and ending.remedy),
    }
    if not right.get(ending.code, False):
        yield f"{played.place.trouble.device} in trouble, and the check ends with {ending.code} ({ending.fault})"
    if played.seen.slips or played.seen.sheets:
        yield "a check printed something"


def _digitised(played: Played, ending: Ending) -> Iterator[str]:
    filed = sorted(body.component for body, _ in played.place.hub.papers[: played.before_next.papers])
    listed = sorted(each.component for each in DOSSIER.papers)
    if filed != (listed if ending.code == "DIGITISED" else []):
        yield f"the hub holds {filed} after {ending.code}"
    came, code = len(_slips(played)) + played.seen.sheets, collect_code(played.visit)
    if played.seen.sheets > 1 or len(_slips(played)) > 1:
        yield f"{came} receipts came out"
    if ending.code == "DIGITISED" and not came and not (code in ending.vi and code in ending.en):
        yield "no receipt came out, and the screen does not give the code"
    if "keep the receipt" in ending.en.lower() and "If none came out" not in ending.en and not came:
        yield f"no receipt came out, and the screen says {ending.en!r}"
    if "No receipt could be printed" in ending.en and came:
        yield f"a receipt came out, and the screen says {ending.en!r}"
    if "No receipt could be printed" in ending.en:
        shown = [step for step in (HAND_BACK, "send 1", "filed 1") if "biên nhận" in played.place.screens.get(step, "")]
        yield from (f"no receipt came out, and the screen of {step} speaks of one" for step in shown)
    if played.after_next.papers - played.before_next.papers != len(listed):
        yield "the next dossier did not reach the hub whole"


def _slips(played: Played) -> list[str]:
    return [name for name in played.seen.slips if played.visit in name]


_OF: Final[dict[type[Wish], Callable[[Played, Ending], Iterator[str]]]] = {
    DrawNumber: _drawn, CheckIn: _reported, Check: _checked, Digitise: _digitised,
}  # fmt: skip
