"""Where the citizen is, as the agent remembers it: a browser that is reloaded or crashes goes on there."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

Language = Literal["vi", "en"]
Said = tuple[str, str]
"""A sentence in Vietnamese and in English."""

MOST_ZOOM = 2
MOST_VOLUME = 4
MOST_LETTERS = 60
CODE_LETTERS = 8


class Where(StrEnum):
    """The scenes before a visit; during one its journey says where it stands."""

    ATTRACT = "attract"
    CHOOSE = "choose"
    NEED = "need"
    CONSENT = "consent"
    NAME = "name"
    PAGES = "pages"
    COPIES = "copies"
    SEND = "send"
    MAIL = "mail"
    MAIL_CHECK = "mail-check"
    PHONE = "phone"
    ADDRESS = "address"
    POST_CHECK = "post-check"
    LAY = "lay"
    RECEIPT = "receipt"
    CODE = "code"


CERTIFY = (Where.CHOOSE, Where.NEED, Where.CONSENT, Where.NAME, Where.PAGES, Where.COPIES, Where.LAY)
"""The way to a certified copy; `back` walks it backwards."""

BY_MAIL = (Where.COPIES, Where.SEND, Where.MAIL, Where.MAIL_CHECK)
BY_POST = (Where.COPIES, Where.SEND, Where.PHONE, Where.ADDRESS, Where.POST_CHECK)
"""The side ways on which it is said where a copy is sent (sending.py)."""

COLLECT = (Where.CHOOSE, Where.RECEIPT, Where.CODE)
"""The way to a copy that waits under a receipt."""


class Form(StrEnum):
    """What the citizen orders; a file that comes along with prints costs nothing more."""

    PAPER = "paper"
    BOTH = "both"
    FILE = "file"


class Over(StrEnum):
    """What lies over the scene."""

    VEIL = "veil"
    CALL = "call"
    CANCEL = "cancel"
    LEAVE = "leave"
    IDLE = "idle"


class Deed(StrEnum):
    """What can be touched; each scene offers some of them. The last ones the browser tells by itself: `painted` and
    `played` of the challenge that `value` names, `drawn` every few seconds."""

    WAKE = "wake"
    BACK = "back"
    HOME = "home"
    COPY = "copy"
    COLLECT = "collect"
    OPEN = "open"
    ACT = "act"
    GO_ON = "go-on"
    KEY = "key"
    PAGES = "pages"
    COPIES = "copies"
    FORM = "form"
    BEGIN = "begin"
    TYPE_CODE = "type-code"
    LANGUAGE = "language"
    ZOOM = "zoom"
    CONTRAST = "contrast"
    REACH = "reach"
    VOICE = "voice"
    AGAIN = "again"
    QUIETER = "quieter"
    LOUDER = "louder"
    VEIL = "veil"
    CALL = "call"
    CALL_NOW = "call-now"
    CALL_OFF = "call-off"
    PRACTISE = "practise"
    ASK_CANCEL = "ask-cancel"
    CANCEL = "cancel"
    CLOSE = "close"
    PRESS = "press"
    PAY = "pay"
    VOUCHER = "voucher"
    ASIDE = "aside"
    ASK_LEAVE = "ask-leave"
    ANOTHER = "another"
    LOOK = "look"
    DONE = "done"
    PAINTED = "painted"
    PLAYED = "played"
    DRAWN = "drawn"


class Tap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A touch as the browser sends it; `scene` is the one that was touched, so that a late touch hits no other."""

    scene: Annotated[str, Meta(max_length=40)]
    do: Deed
    value: Annotated[str, Meta(max_length=1000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """How the citizen likes the screen; the next one begins with the house's.

    `voice` reads it aloud, at a `volume` of 1 to MOST_VOLUME; `asked_again` counts the wishes to hear a scene again.
    """

    language: Language = "vi"
    zoom: int = 0
    contrast: bool = False
    low_reach: bool = False
    voice: bool = False
    volume: int = MOST_VOLUME - 1
    asked_again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an activity remembers of the citizen (activity.py); `scene` is the template that it shows."""

    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The screen of one kiosk.

    `pages` is what the citizen counts on the paper, 0 as long as nobody said. `mail`, `phone` and `address` are typed,
    `sends_mail` and `posts` say that they were found right. `visit` the one that is shown; `aside`
    are visits whose citizens wait for the officer away from the screen; `problem` why the last touch was not done.
    `doing` is the activity that is open instead, with what it holds. `follows` is the visit of the same citizen before,
    who goes on with another original and need not give their name again: it is held here until they leave.
    `practice` is how far somebody is who only tries the way: None for who is in earnest, 0 before the paper is in, then
    the place of the made-up moment that is shown.
    """

    comfort: Comfort = field(default_factory=Comfort)
    where: Where = Where.ATTRACT
    collects: bool = False
    name: str = ""
    pages: int = 0
    copies: int = 1
    form: Form = Form.PAPER
    mail: str = ""
    sends_mail: bool = False
    phone: str = ""
    address: str = ""
    posts: bool = False
    code: str = ""
    follows: str = ""
    doing: str = ""
    held: Held | None = None
    practice: int | None = None
    visit: str = ""
    aside: tuple[str, ...] = ()
    over: Over | None = None
    problem: Said | None = None

    @property
    def is_at_rest(self) -> bool:
        """Whether nobody is there: nothing personal is kept in it."""
        return self.where is Where.ATTRACT and not self.visit and self.held is None

    def left(self) -> "State":
        """Return the screen for the next citizen: nothing of the last one is kept but who waits aside."""
        return State(aside=self.aside)
