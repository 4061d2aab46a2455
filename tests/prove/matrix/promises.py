"""What must hold in every cell: a defined screen, that screen's claims beside the machines' counts, the next visit."""

import re
from collections.abc import Iterator

from agent.devices import manual
from agent.devices.errors import CameraLost, CameraSilent, CameraUnreachable, ScannerJammed
from agent.identity.errors import CardNotShown, ScreenSilent
from agent.journeys import queue_words, sentences
from agent.journeys.endings import CHECKED, DELIVERED, DIGITISED, PARTINGS, SENT_TO, Ending
from agent.journeys.identity import BrokenOff
from agent.journeys.slips import collect_code
from agent.journeys.values import Order
from agent.ledger.money import Balance
from agent.reading.errors import ReadingError
from contract.destinations import Channel, PortalTo
from contract.messages import (
    CertifyRequest,
    HandedOverFact,
    IdentityMethod,
    PrintedFact,
    PrintOutcome,
    SettledFact,
    VoucherFact,
)
from tests.prove.matrix import free
from tests.prove.matrix.cell import BEGIN, END, LAST, Played
from tests.prove.matrix.stories import STAFF_NAME
from tests.prove.matrix.town import NOTES_VND
from tests.prove.matrix.trouble import Moment

FEE_VND, PRINT_VND = 4_000, 2_000
PRICE_VND = FEE_VND + PRINT_VND
COPIES = 2
ON_THE_KIOSK = ("camera", "card reader", "screen")
CAUSES = {
    "camera": {CameraUnreachable.code, CameraLost.code, CameraSilent.code, CardNotShown.code},
    "screen": {ScreenSilent.code},
}
"""What the citizen may be told of a try, by what was in trouble."""
KEPT_VND = {"COLLECTABLE": FEE_VND, "AWAITED": FEE_VND} | dict.fromkeys(("HANDED_OVER", "NOT_TAKEN"), PRICE_VND)
"""What the kiosk may keep, by the ending; nothing after any other."""


def broken(played: Played) -> list[str]:
    """Return the promises that the cell has broken."""
    if played.seen.crashed:
        return [played.seen.crashed]
    ending, balance = played.seen.ending, played.seen.balance
    if ending is None or balance is None:
        return ["the visit does not end when the device is back"]
    if not isinstance(played.place.story.wish, Order):
        return [*_screen(played, ending), *free.broken(played, ending)]
    checks = (
        _screen(played, ending), _money(played, ending, balance), _paper(played, ending), _hub(played, ending),
        _who(played, ending), _account(played, ending),
    )  # fmt: skip
    return [each for check in checks for each in check] + list(_afterwards(played, balance))


def _screen(played: Played, ending: Ending) -> Iterator[str]:
    if 'data-do="done"' not in played.place.screens.get(END, ""):
        yield "the last screen has no way on, or is gone before anybody could read it"
    if played.place.trouble.moment is Moment.START and not set(played.place.screens) - {BEGIN, LAST, END}:
        yield "the screen never showed the visit"
    for step, html in played.place.screens.items():
        if not re.search(r"<h1[^>]*>\s*[^<\s]", html) or "None" in html:
            yield f"the screen leaves a place empty in {step}"
    if not any(ending.code in known for known in (PARTINGS, DELIVERED, DIGITISED, CHECKED, queue_words.ENDINGS)):
        yield f"the screen's code {ending.code} is not defined"
    of_paper = (ending.paper_vi, ending.paper_en) if played.place.story.has_paper else ()
    if not all((ending.vi, ending.en, *of_paper, ending.money_vi, ending.money_en)):
        yield "the last screen leaves a question open"
    if ending.code in ("NOT_READ", "NOT_PAYABLE") or ending.fault:
        if ending.fault not in {row.code for row in map(manual.row, manual.faults())} | _reading_codes():
            yield f"the fault {ending.fault!r} is in no table"
        if not ending.remedy:
            yield "the technician is told no remedy"
    if (waits := played.seen.waits) and (waits.vi, waits.en) == sentences.OTHER:
        yield f"the screen does not say what it waits for in {waits.step}"
    if waits and played.place.trouble.device not in ("network", "hub"):
        yield f"the visit hangs in {waits.step}"


def _reading_codes(kind: type[ReadingError] = ReadingError) -> set[str]:
    return {kind.code}.union(*map(_reading_codes, kind.__subclasses__()))


def _money(played: Played, ending: Ending, balance: Balance) -> Iterator[str]:
    """Compare what is said with what the machine itself has counted."""
    seen = played.seen
    uncounted_vnd = seen.taken_vnd - balance.received_vnd
    said = sentences.money(
        returned_vnd=balance.returned_vnd, voucher_vnd=balance.voucher_vnd, kept_vnd=balance.kept_vnd,
        unknown_vnd=balance.unknown_vnd,
    )  # fmt: skip
    if not (ending.money_vi.startswith(said[0]) and ending.money_en.startswith(said[1])):
        yield f"the screen says {ending.money_en!r}, the books {said[1]!r}"
    if uncounted_vnd < 0:
        yield f"{-uncounted_vnd} đ are booked that no machine has taken"
    if uncounted_vnd > 0 and ending.money_en == said[1]:
        yield f"{uncounted_vnd} đ were taken, and the screen says {ending.money_en!r}"
    if not 0 <= seen.paid_out_vnd - balance.returned_vnd <= balance.unknown_vnd:
        yield f"{seen.paid_out_vnd} đ came out, {balance.returned_vnd} đ are claimed"
    if balance.kept_vnd != KEPT_VND.get(ending.code, 0):
        yield f"{balance.kept_vnd} đ are kept after {ending.code}"
    if balance.escrow_vnd or balance.owed_vnd:
        yield f"money has not come to rest: {balance}"


def _paper(played: Played, ending: Ending) -> Iterator[str]:
    seen, told = played.seen, played.told(PrintedFact)
    stuck_is_said = ending.paper_en == ScannerJammed.paper_en
    if seen.stuck != stuck_is_said:
        yield f"the original {'hangs' if seen.stuck else 'does not hang'} in the feeder: {ending.paper_en!r}"
    if seen.sheets > COPIES:
        yield f"{seen.sheets} sheets came out for {COPIES}"
    right = {PrintOutcome.PRINTED: (COPIES,), PrintOutcome.NOT_PRINTED: (0,), PrintOutcome.UNKNOWN: range(COPIES + 1)}
    if told and seen.sheets not in right[told[0].outcome]:
        yield f"{seen.sheets} sheets came out, and {told[0].outcome} is claimed"
    if ending.code in ("HANDED_OVER", "NOT_TAKEN") and seen.sheets != COPIES:
        yield f"{seen.sheets} sheets came out, and the screen says {ending.code}"
    if ending.code == "COLLECTABLE" and played.kept_files.get("copy.pdf") not in played.place.hub.copies:
        yield "the copy can't be collected"
    if ending.code == "AWAITED" and "draft.pdf" not in played.kept_files:
        yield "the copy can't be put together when it comes"
    kept = (
        ("sheet", "pages", "understanding")
        if ending.code == "AWAITED"
        else ("sheet", "pages", "understanding", "draft")
    )
    if scans := [name for name in played.kept_files if name.startswith(kept)]:
        yield f"scans were left: {scans}"
    yield from _slips(played, ending)


def _who(played: Played, ending: Ending) -> Iterator[str]:
    """Whoever can't be confirmed reaches the same copy, hears the true cause, and no face is left behind."""
    place, seen = played.place, played.seen
    if not place.looks:
        return
    if place.trouble.device in ON_THE_KIOSK and ending.code != "HANDED_OVER":
        yield f"{place.trouble.device} in trouble, and the copy ends with {ending.code}"
    causes = CAUSES.get(place.trouble.device, frozenset()) | {BrokenOff.code}
    for each in seen.tried:
        if each.fault and not (each.fault in causes and each.vi and each.en):
            yield f"{place.trouble.device} in trouble, and the citizen is told {each.fault}"
        if each.fault == ScreenSilent.code and each.counts:
            yield "a screen that showed nothing has cost the citizen a try"
    if seen.check and seen.check.method is IdentityMethod.STAFF:
        if seen.check.vouched_by != STAFF_NAME:
            yield f"the officer is told that {seen.check.vouched_by!r} vouches, not {STAFF_NAME}"
    elif seen.check and seen.check.evidence is None:
        yield f"a {seen.check.method} by a face that matched left the officer nothing to see"
    if evidence := [name for name in played.kept_files if name.startswith("identity")]:
        yield f"evidence was left: {evidence}"


def _account(played: Played, ending: Ending) -> Iterator[str]:
    """The copy goes to the account where the screen says so, and nowhere else."""
    asked = [each.body for each in played.asked if isinstance(each.body, CertifyRequest)]
    goes = any(isinstance(to, PortalTo) for each in asked for to in each.deliver_to)
    said = SENT_TO[Channel.PORTAL][1] in ending.en
    if said and not goes:
        yield f"the copy goes to the account: {goes}, and the screen says {ending.en!r}"
    if goes and played.place.story.accounts == ():
        yield "the copy goes to an account that nobody asked for"


def _slips(played: Played, ending: Ending) -> Iterator[str]:
    due = {"REFUSED": ["refusal"]}.get(ending.code, ["receipt"] if ending.code in DELIVERED else [])
    if played.seen.balance and played.seen.balance.voucher_vnd:
        due.append("voucher")
    out = "".join(name for name in played.seen.slips if played.visit in name)
    code = collect_code(played.visit)
    for each in due:
        if each not in out and not (code in ending.vi and code in ending.en):
            yield f"the {each} did not come out, and the screen does not give its code"


def _hub(played: Played, ending: Ending) -> Iterator[str]:
    certified = played.before_next.copies
    if certified > 1:
        yield "two numbers were used"
    if bool(certified) is not (ending.code in DELIVERED or ending.code == "COPY_NOT_RECEIVED"):
        yield f"{certified} copies are in the register after {ending.code}"
    if bool(played.told(HandedOverFact)) < (ending.code == "HANDED_OVER"):
        yield "the hub was not told of the hand-over"
    settled = [each.received_vnd for each in played.told(SettledFact)]
    if played.seen.balance and played.seen.balance.received_vnd not in settled and ending.code in DELIVERED:
        yield "the hub was not told what became of the money"


def _afterwards(played: Played, balance: Balance) -> Iterator[str]:
    """The device is back: the next citizen is served, and nothing that was taken is unaccounted for."""
    following, before, after = played.next_ending, played.before_next, played.after_next
    if following is None or following.code != "HANDED_OVER":
        yield f"the next visit ends with {following and following.code}"
        return
    gained = tuple(now - then for now, then in zip(after, before, strict=True))
    if gained != (expected := (sum(NOTES_VND), sum(NOTES_VND) - PRICE_VND, COPIES, 1, 1, 0)):
        yield f"đồng in and out, sheets, slips, numbers, papers of the next visit are {gained}, not {expected}"
    held, booked = after.taken_vnd - after.paid_out_vnd, played.totals["box"] + played.totals.get("tube", 0)
    if not -balance.unknown_vnd <= held - booked <= 0:
        yield f"the machine holds {held} đ, the books say {booked}"
    if sum(played.totals.values()):
        yield "the books do not sum up to zero"
    if played.unsent:
        yield f"{played.unsent} messages never reached the hub"
    if balance.voucher_vnd != sum(each.amount_vnd for each in played.told(VoucherFact)):
        yield "the hub does not know of the voucher"
