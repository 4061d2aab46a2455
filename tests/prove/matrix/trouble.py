"""What is the matter with which device, from which step on; and the steps, devices and modes of the matrix."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from contract.clock import Deadline
from tests.agent.kiosk_doubles import Power, PowerCut


class Mode(StrEnum):
    """What befalls a device. Afterwards it stays like that until the visit has ended, or waits."""

    LOST = "lost"
    JAMMED = "jammed"
    SLOW = "slow"
    CUT = "power cut"
    """The kiosk loses its power, and the device does not come back with it."""


class Moment(StrEnum):
    """When in a step: before anything has happened in it, or when the device has done it and nobody knows yet."""

    START = "at the start"
    MIDST = "in the midst"


DEVICES = (
    "scanner", "reading", "page printer", "ticket printer", "cash", "control board", "cabinet", "network", "hub",
    "kiosk",
)  # fmt: skip
"""`kiosk` is the agent's own power with every device in order."""
LOOKING = ("camera", "card reader", "screen", "network", "hub", "kiosk")
"""What takes part in finding out who is there; `screen` is the browser that shows the challenge."""
ALL_DEVICES = (*DEVICES, *LOOKING[:3])
WITHOUT_MONEY = ("scanner", "reading", "page printer", "ticket printer", "network", "hub", "screen", "kiosk")
"""What may take part in what costs nothing; `screen` is the browser, through which no touch comes."""

BEHIND_THE_PIN = tuple(each for each in DEVICES if each != "reading")

HANGS_ON_THE_BOARD = ("cash", "cabinet")


@dataclass(frozen=True, slots=True)
class Row:
    """A step of a visit: its name in the table, the story in which it comes, the journal's step, and whether the kiosk
    finds out who is there."""

    name: str
    story: str
    step: str
    looks: bool = False

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that may be in trouble in it."""
        if self in (*OTHER_ROWS, *SCREEN_ROWS):
            return WITHOUT_MONEY
        if self in STAFF_ROWS:
            return BEHIND_THE_PIN
        return LOOKING if self.looks else DEVICES


COPY_ROWS = (
    Row("scan", "certified", "scan 1"),
    Row("read", "certified", "read 1"),
    Row("consent", "certified", "identity consent", looks=True),
    Row("face", "certified", "identity try 1", looks=True),
    Row("evidence", "certified", "evidence 1", looks=True),
    Row("way", "photographed", "identity way 1", looks=True),
    Row("photograph", "photographed", "identity photo 1", looks=True),
    Row("staff's PIN", "vouched", "identity way 1", looks=True),
    Row("staff's word", "vouched", "identity staff", looks=True),
    Row("account", "to an account", "account", looks=True),
    Row("quote", "certified", "quote"),
    Row("open till", "certified", "open till"),
    Row("pay", "certified", "pay"),
    Row("change", "certified", "change"),
    Row("draft", "certified", "draft 1"),
    Row("request", "certified", "ask 1"),
    Row("officer", "certified", "officer 1"),
    Row("scan again", "rescan", "scan 2"),
    Row("tail", "certified", "collect"),
    Row("print", "certified", "print 1"),
    Row("receipt", "certified", "receipt slip"),
    Row("hand over", "certified", "hand over"),
    Row("refund", "refused", "return"),
    Row("refusal", "refused", "refusal slip"),
    Row("purge", "certified", "purge"),
)
OTHER_ROWS = (
    Row("number: draw", "number", "queue number"),
    Row("number: tell", "number", "queue ticket"),
    Row("number: answer", "number", "queue answer"),
    Row("number: slip", "number", "queue slip"),
    Row("check in: tell", "check in", "queue ticket"),
    Row("check in: answer", "check in", "queue answer"),
    Row("check in: slip", "check in", "queue slip"),
    Row("check: scan", "check", "copy code"),
    Row("check: ask", "check", "ask judge"),
    Row("check: answer", "check", "judged"),
    Row("dossier: lay", "dossier", "lay paper 1"),
    Row("dossier: scan", "dossier", "scan paper 1"),
    Row("dossier: read", "dossier", "paper read 1"),
    Row("dossier: lay again", "dossier", "lay paper 2"),
    Row("dossier: glass", "dossier", "scan paper 2"),
    Row("dossier: draw up", "dossier", "draw up 1"),
    Row("dossier: receipt", "dossier", "receipt slip"),
    Row("dossier: receipt page", "dossier, no tickets", "receipt page"),
    Row("dossier: hand back", "dossier", "hand back"),
    Row("dossier: send", "dossier", "send 1"),
    Row("dossier: filed", "dossier", "filed 1"),
    Row("dossier: purge", "dossier", "purge"),
)
"""The steps of numbers, checks and dossiers."""
SCREEN_ROWS = (
    Row("guide: slip", "guide", "guide slip"),
    Row("feedback: send", "feedback", "feedback"),
    Row("feedback: code", "feedback code", "feedback slip"),
    Row("dossier: separators", "separators", "separator sheets"),
    Row("VNeID: ask", "vneid", "VNeID"),
    Row("genuine: sign", "genuine", "genuine"),
)
"""What is done at the screen without a visit; its steps are in no journal."""
STAFF_ROWS = tuple(
    Row(f"staff: {deed}", f"staff: {deed}", f"staff {deed}")
    for deed in ("test", "print", "shut", "count", "begin", "finish")
)
"""What staff do behind their PIN: the cash is counted, its taking out begun, and finished."""
ROWS = (*COPY_ROWS, *OTHER_ROWS, *SCREEN_ROWS, *STAFF_ROWS)


def modes(device: str) -> tuple[Mode, ...]:
    """Return what can befall a device."""
    return (Mode.CUT,) if device == "kiosk" else tuple(Mode)


@dataclass(slots=True)
class Trouble:
    """One cell's disturbance; the doubles ask it how they are, and tell it what they have done."""

    device: str
    mode: Mode
    step: str
    moment: Moment
    active: bool = False
    sprung: bool = False
    reached: bool = False
    now: str = ""
    acted: set[tuple[str, str]] = field(default_factory=set)
    power: Power = field(default_factory=Power)
    power_is_out: asyncio.Event = field(default_factory=asyncio.Event)
    on_spring: list[Callable[[], None]] = field(default_factory=list)

    def began(self, step: str) -> None:
        """Be told that a step begins."""
        self.now = step
        if step == self.step and self.moment is Moment.START:
            self._spring()

    def ends(self, step: str) -> None:
        """Be told that a step's result is about to be written down."""
        if step == self.step and self.device == "kiosk":
            self.done_by("kiosk")

    def done_by(self, device: str) -> None:
        """Be told that a device has done its part in the step that runs."""
        self.acted.add((self.now, device))
        if self.is_near(device):
            self._spring()

    def is_near(self, device: str) -> bool:
        """Return whether what a device does now is what the trouble comes in the midst of."""
        here = self.now == self.step and self.moment is Moment.MIDST
        return here and not self.sprung and self._concerns(device)

    def mode_of(self, device: str) -> Mode | None:
        """Return what is the matter with a device now."""
        return self.mode if self.active and self._concerns(device) else None

    def mend(self) -> None:
        """Put everything in order."""
        self.active, self.sprung = False, True

    def switch_on(self) -> None:
        """Give the kiosk its power again."""
        self.power, self.power_is_out = Power(), asyncio.Event()

    def _concerns(self, device: str) -> bool:
        return self.device == device or (self.device == "control board" and device in HANGS_ON_THE_BOARD)

    def _spring(self) -> None:
        if self.sprung:
            return
        self.active = self.sprung = self.reached = True
        for told in self.on_spring:
            told()
        if self.mode is Mode.CUT:
            self.power.off = True
            self.power_is_out.set()
            raise PowerCut


async def until_the_deadline(deadline: Deadline) -> None:
    """Be slow: answer when nobody may wait any more."""
    await deadline.clock.sleep(deadline.remaining_s)
