"""What is done at the screen without a visit: papers that are printed, words that are sent, and two questions.

The questions are whether VNeID has the paper already, and whether the kiosk is genuine.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.screen.page.state import Deed
from contract import genuine, seal
from contract.messages import Held
from tests.agent.kiosk_doubles import DEVICE, PLACE
from tests.prove.matrix.acted import Acted, Script, Touch
from tests.prove.matrix.stories import DOSSIER

DIGITS, VNEID_CODE = "482913", "VNEID-SHOWS-THIS-CODE"
_GUIDE = {"": "", "coming": "", "out": "PRINTED", "unknown": "UNKNOWN", "failed": "NOT_PRINTED"}
_FEEDBACK = ((Deed.WAKE, ""), (Deed.OPEN, "feedback"), (Deed.ACT, "2"), (Deed.ACT, "answer"))


def _listed(component: str) -> tuple[Touch, ...]:
    return (
        (Deed.ACT, f"paper:{component}"), (Deed.ACT, "pages:1"), (Deed.GO_ON, ""), (Deed.ACT, "condition:A"),
    )  # fmt: skip


def _asked(held: Any) -> str:
    return f"ANSWERED_{held.on_vneid}" if held.scene == "answer" else ""


def _on_vneid(acted: Acted) -> Iterator[str]:
    """The answer is VNeID's or none, and the code that the citizen held out stays nowhere."""
    may_fail = acted.place.trouble.device in ("network", "hub")
    if acted.said == f"ANSWERED_{Held.UNKNOWN}" and not may_fail:
        yield f"{acted.place.trouble.device} in trouble, and VNeID is said not to answer"
    if acted.code_left:
        yield "the code of the citizen's VNeID was left in the ledger"


def _is_genuine(acted: Acted) -> Iterator[str]:
    """The answer is this kiosk's, to these digits, signed with its key."""
    for held in (acted.held, acted.held_next):
        if held is not None and held.address:
            said, signed = genuine.decode(seal.from_qr_text(held.address))
            if (said.kiosk, said.challenge, signed.header.cert_ref) != (PLACE.kiosk, DIGITS, DEVICE.cert_ref):
                yield f"the answer is not this kiosk's to these digits: {said}"


SCRIPTS: Mapping[str, Script] = {
    "guide": Script(
        before=((Deed.WAKE, ""), (Deed.OPEN, "guide"), (Deed.ACT, f"open:{DOSSIER.procedure}")),
        touch=(Deed.ACT, "print"),
        outcome=lambda held: _GUIDE[held.slip],
        way_on='class="qr"',
    ),
    "feedback": Script(
        before=_FEEDBACK,
        touch=(Deed.GO_ON, ""),
        outcome=lambda held: "SENT" if held.scene == "thanks" else "",
        way_on='data-do="go-on"',
        well=("SENT",), papers=0, says=1,
    ),
    "feedback code": Script(
        before=(*_FEEDBACK, (Deed.GO_ON, "")),
        touch=(Deed.ACT, "print"),
        outcome=lambda held: held.slip or "",
        way_on='class="qr"',
        says=1,
    ),
    "separators": Script(
        before=(
            (Deed.WAKE, ""), (Deed.OPEN, "digitise"), (Deed.ACT, f"procedure:{DOSSIER.procedure}"),
            *(touch for each in DOSSIER.papers for touch in _listed(each.component)), (Deed.GO_ON, ""),
        ),
        touch=(Deed.ACT, "separators"),
        outcome=lambda held: held.sheets or "",
        way_on='id="go-on"',
    ),
    "vneid": Script(
        before=((Deed.WAKE, ""), (Deed.COPY, ""), (Deed.OPEN, "vneid"), (Deed.ACT, "paper:LICENCE")),
        touch=(Deed.VOUCHER, VNEID_CODE),
        outcome=_asked,
        way_on='data-do="go-on"',
        well=(f"ANSWERED_{Held.THERE}",), papers=0, judge=_on_vneid,
    ),
    "genuine": Script(
        before=((Deed.WAKE, ""), (Deed.OPEN, "check"), (Deed.OPEN, "genuine"), *((Deed.KEY, key) for key in DIGITS)),
        touch=(Deed.GO_ON, ""),
        outcome=lambda held: "ANSWERED" if held.address else "",
        way_on='data-do="go-on"',
        well=("ANSWERED",), papers=0, judge=_is_genuine,
    ),
}  # fmt: skip
