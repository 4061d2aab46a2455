"""Which screen with which data: worked out from the state and from what the journey's view says of the visit."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

import segno

from agent.journeys.endings import DELIVERED, DIGITISED, NOT_FETCHED, POSTED, WAITING
from agent.journeys.parts import Place
from agent.journeys.recovery import CHECK, CHECK_IN, DIGITISE, DRAW_NUMBER
from agent.journeys.touches import Touch
from agent.screen.calling import Call
from agent.screen.page.state import Deed, Held, Said, State, Tap, Where
from agent.screen.view import VisitView
from contract.destinations import Channel
from contract.messages import QuoteLine, Service
from contract.postage import Postage


class Step(StrEnum):
    """The parts of the way that every screen shows; the citizen sees which one is on."""

    PREPARE = "prepare"
    PAPER = "paper"
    PAY = "pay"
    OFFICER = "officer"
    RECEIPT = "receipt"
    TAKE = "take"
    SEND = "send"


CERTIFY_STEPS: Final = (Step.PREPARE, Step.PAPER, Step.PAY, Step.OFFICER, Step.TAKE)
DIGITISE_STEPS: Final = (Step.PREPARE, Step.PAPER, Step.TAKE, Step.SEND)
COLLECT_STEPS: Final = (Step.RECEIPT, Step.TAKE)

_SCENES: Final = {
    **dict.fromkeys(("identity consent", "identity try", "identity photo", "identity way", "identity staff"), "who"),
    "account": "account", "receipt code": "reading", "copy code": "reading", "ask judge": "judging",
    **dict.fromkeys(("queue number", "queue ticket", "queue answer", "queue picture", "queue slip"), "ticket-drawn"),
    "judged": "judging", "scan": "reading", "read": "reading", "scan sheet": "reading", "read sheet": "reading",
    "next sheet": "next-page", "quote": "reading", "open till": "reading", "pay": "pay", "change": "change",
    "draft": "officer", "ask": "officer", "officer": "officer", "rescan": "rescan",
    "find": "printing", "fetch": "printing", "claim": "printing", "collect": "printing", "assemble": "printing",
    "print": "printing", "await paper": "printing", "receipt": "printing", "receipt slip": "printing",
    "lay paper": "paper-in", "scan paper": "reading", "paper read": "reading", "hand back": "papers-back",
    "secret": "moment", "draw up": "moment", "receipt page": "printing", "send": "sending", "filed": "sending",
    "come back": "officer", "greet": "printing", "draw link": "printing",
    "hand over": "take", "part": "settling", "return": "settling", "count": "settling", "slip": "settling",
    "refusal slip": "settling", "draw voucher": "settling", "voucher slip": "settling", "end": "end",
}  # fmt: skip
"""A journey's step, without its number, and the scene that shows it; any other one keeps the scene before."""

_STEP_OF: Final = {
    "name": Step.PREPARE, "need": Step.PREPARE, "consent": Step.PREPARE, "pages": Step.PREPARE,
    "copies": Step.PREPARE, "choose": Step.PREPARE, "lay": Step.PAPER, "reading": Step.PAPER,
    "send": Step.PREPARE, "mail": Step.PREPARE, "mail-check": Step.PREPARE, "phone": Step.PREPARE,
    "address": Step.PREPARE, "post-check": Step.PREPARE,
    "paper-in": Step.PAPER, "papers-back": Step.TAKE, "sending": Step.SEND, "digitised": Step.SEND,
    "next-page": Step.PAPER, "who": Step.PAPER, "account": Step.PAPER,
    "rescan": Step.OFFICER, "pay": Step.PAY, "change": Step.PAY,
    "officer": Step.OFFICER, "away": Step.OFFICER,
    "printing": Step.TAKE, "take": Step.TAKE, "end": Step.TAKE, "receipt": Step.RECEIPT, "code": Step.RECEIPT,
    "settling": Step.TAKE, "moment": Step.PAPER,
}  # fmt: skip

OFFERS: Final = {
    "next-page": (Deed.PRESS, Deed.ASK_CANCEL, Deed.CANCEL),
    "who": (Deed.PRESS, Deed.ASK_CANCEL, Deed.CANCEL),
    "account": (Deed.PRESS, Deed.ASK_CANCEL, Deed.CANCEL),
    "rescan": (Deed.PRESS,),
    "take": (Deed.PRESS,),
    "pay": (Deed.PAY, Deed.VOUCHER, Deed.ASK_CANCEL, Deed.CANCEL),
    "reading": (Deed.ASK_CANCEL, Deed.CANCEL),
    "officer": (Deed.ASIDE, Deed.ASK_LEAVE, Deed.PRESS, Deed.ANOTHER),
    "away": (Deed.ASIDE,),
    "paper-in": (Deed.PRESS, Deed.ASK_CANCEL, Deed.CANCEL),
    "papers-back": (Deed.PRESS,),
    "sending": (Deed.ASIDE,),
    "digitised": (Deed.DONE,),
    "end": (Deed.DONE, Deed.ANOTHER),
    "judged": (Deed.DONE,),
    "ticket": (Deed.DONE,),
}
"""What of a visit's own deeds each scene offers; before payment the citizen may cancel, later not (certify.py)."""

ENDS: Final = {CHECK: "judged", DRAW_NUMBER: "ticket", CHECK_IN: "ticket"}
"""The last scene of a journey that is not a certified copy's; such a journey has no way with steps."""

PRESSES: Final = {
    "next-page": (Touch.PAGE_IS_IN, Touch.ALL_IN),
    "who": (Touch.AGREE, Touch.NOT_MY_FACE, Touch.PHOTO, Touch.WITHOUT),
    "account": (Touch.TO_PORTAL, Touch.TO_IHANOI, Touch.NO_ACCOUNT),
    "rescan": (Touch.PAGE_IS_IN,),
    "officer": (Touch.LEAVE,),
    "take": (Touch.TAKEN,),
    "paper-in": (Touch.PAGE_IS_IN, Touch.ALL_IN, Touch.AGAIN),
    "papers-back": (Touch.TAKEN,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A visit whose citizen waits away from the screen: known by its slip's code, never by a name."""

    visit: str
    code: str
    said: Said
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """An activity that is open: its name, what it holds, and the way it shows at the top, if any."""

    name: str
    held: Held
    steps: tuple[str, ...] = ()
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the kiosk says beside the visit: its place, the price of what is chosen so far, who waits aside.

    `tiles` are the names of the activities that may be chosen, `doing` the one that is open, `call` the call for a
    person that stands. `channels` are the ways in which copies may be sent today, `postage` what the post costs.
    `has_staff` says that somebody may come in by the staff's door, `speaks` that there is a loudspeaker, `asks_vneid`
    that VNeID can be asked now whether a copy is needed, `accounts` where a file can go besides.
    `is_shut_out`: the hub treats this kiosk no more, or not for now.
    """

    place: Place
    service: Service
    price: QuoteLine
    waiting: tuple[Waiting, ...] = ()
    tiles: tuple[str, ...] = ()
    doing: Doing | None = None
    call: Call | None = None
    channels: tuple[Channel, ...] = ()
    postage: Postage | None = None
    speaks: bool = False
    has_staff: bool = False
    asks_vneid: bool = False
    accounts: tuple[Channel, ...] = ()
    is_shut_out: bool = False
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One screen; `name` is its template's, for an activity's scene `activity/scene`."""

    name: str
    state: State
    facts: Facts
    view: VisitView | None = None

    @property
    def collects(self) -> bool:
        """Whether this is the way of who collects with a receipt."""
        return self.state.collects

    @property
    def doing(self) -> Doing | None:
        """The activity whose scene this is."""
        return self.facts.doing

    @property
    def template(self) -> str:
        """Where the scene's template lies."""
        return f"{'activities' if self.doing else 'scenes'}/{self.name}.html"

    @property
    def steps(self) -> tuple[str, ...]:
        """The way that the citizen is on; empty where none is chosen yet."""
        if self.doing:
            return self.doing.steps
        if self.view and self.view.journey in ENDS:
            return ()
        if self.name in ("attract", "choose"):
            return ()
        if self.view and self.view.journey == DIGITISE:
            return DIGITISE_STEPS
        return COLLECT_STEPS if self.collects else CERTIFY_STEPS

    @property
    def step(self) -> str | None:
        """Where on that way."""
        if not self.steps:
            return None
        if self.doing:
            return self.doing.step
        if self.collects and self.name in ("reading", "moment"):
            return Step.RECEIPT
        if self.name == "moment" and self.view and self.view.quote:
            return Step.PAY
        at = _STEP_OF[self.name]
        return at if at in self.steps else self.steps[-1]

    @property
    def next_step(self) -> str | None:
        """What comes next, None at the end."""
        if self.step is None or self.name in ("end", "settling", "digitised"):
            return None
        at = self.steps.index(self.step) + 1
        return self.steps[at] if at < len(self.steps) else None

    @property
    def paper(self) -> str:
        """Where the citizen's paper is: the key of a sentence."""
        if self.name in ("take", "end", "settling", "papers-back", "away"):
            return "take-it"
        if self.name in ("sending", "digitised"):
            return "with-you"
        if self.name == "paper-in" and self.view and self.view.dossier and not self.view.dossier.is_begun:
            return "with-you"
        return "in-the-scanner" if self.view else "with-you"

    @property
    def price(self) -> QuoteLine | None:
        """What it costs: as quoted, else for what is chosen so far; None where nothing is charged, or nothing was."""
        if self.collects or self.doing or (self.view and self.view.journey == DIGITISE):
            return None
        if self.view and self.view.ending and not self.view.balance.kept_vnd:
            return None
        return self.view.quote if self.view and self.view.quote else self.facts.price

    @property
    def cost_is_open(self) -> bool:
        """Whether the visit is over and a person has yet to find out what it cost."""
        balance = self.view.balance if self.view and self.view.ending else None
        return balance is not None and balance.unknown_vnd > 0 and not balance.kept_vnd

    @property
    def outcome(self) -> str:
        """How an ending is to be taken: `delivered`, `waits` or `stopped`."""
        code = self.view.ending.code if self.view and self.view.ending else ""
        if code in (*WAITING, POSTED, "NOT_TAKEN", "PRINT_UNKNOWN"):
            return "waits"
        return "delivered" if code in DELIVERED and code != NOT_FETCHED else "stopped"

    def offers(self, tap: Tap) -> bool:
        """Whether this scene has what was touched; a touch on another scene comes too late."""
        if tap.scene != self.name:
            return False
        if self.view is None or tap.do not in _VISITS_OWN:
            return True
        if tap.do is Deed.PRESS and tap.value not in PRESSES.get(self.name, ()):
            return False
        return tap.do in OFFERS.get(self.name, ())

    def has(self, deed: str) -> bool:
        """Whether the scene offers this deed of a visit; in practice there is nothing to cancel."""
        return self.state.practice is None and deed in OFFERS.get(self.name, ())


_VISITS_OWN: Final = frozenset(deed for deeds in OFFERS.values() for deed in deeds)


def scene(state: State, facts: Facts, view: VisitView | None, before: str = "") -> Scene:
    """Return the screen of this moment; `before` is the scene until now, kept between two steps of a journey.

    An activity that was opened during a visit lies over it.
    """
    if facts.doing:
        view, name = None, f"{facts.doing.name}/{facts.doing.held.scene}"
    elif view is not None:
        name = _SCENES.get(re.sub(r"[ :]*\d*(:.*)?$", "", view.step)) or before or "moment"
        if name == "pay" and view.pay is None:  # paid just now, or parted from in the middle of it
            name = "moment"
        if view.is_away:
            name = "away"
        if name == "end":
            name = ENDS.get(view.journey, name)
        if name == "end" and view.ending and view.ending.code in DIGITISED:
            name = "digitised"
    elif facts.service is not Service.IN_SERVICE and state.where is not Where.ATTRACT:
        name = "attract"
    else:
        name = state.where.value
    return Scene(name=name, state=state, facts=facts, view=view)


@lru_cache(maxsize=4)
def qr(text: str) -> str:
    """Return a QR code as SVG, error correction M, for a phone held before the screen."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, border=4, omitsize=True, light="#fff")
    return out.getvalue().decode()
