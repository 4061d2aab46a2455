"""What the steps of a journey hand on; each is a step's recorded result, so none holds what stood on the paper."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from agent.journeys.touches import Touch
from contract.destinations import Channel, Destination, channel_of
from contract.digital import Condition
from contract.messages import MAX_PAGES, BookingCode, Judged, Name, PrintOutcome, Priority, Queued, ServiceCode

Copies = Annotated[int, Meta(ge=0, le=100)]
Pages = Annotated[int, Meta(ge=1, le=MAX_PAGES)]


class Way(StrEnum):
    """How a citizen pays; a voucher is welcome besides."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"


class Order(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the citizen asks for; `declared_pages` is what they count on the paper themselves (R6).

    `deliver_to` says where it is sent, one destination of a kind: files by e-mail, the printed copies by post.
    """

    copies: Copies = 1
    electronic: bool = False
    requester_name: Annotated[Name, Meta(min_length=1)]
    declared_pages: Pages | None = None
    deliver_to: Annotated[tuple[Destination, ...], Meta(max_length=4)] = ()

    def goes_by(self, channel: Channel) -> bool:
        """Return whether something of it is sent this way."""
        return any(channel_of(each) is channel for each in self.deliver_to)

    @property
    def copies_here(self) -> int:
        """How many copies come out of this kiosk: none of those that are posted."""
        return 0 if self.goes_by(Channel.POST) else self.copies


class PickUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the citizen who comes back with a receipt types or scans of it; blank where it lies in the scanner."""

    code: Annotated[str, Meta(max_length=1000)] = ""


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody asks what a certified copy is worth; it lies in the scanner."""


class Declared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper of a dossier as the citizen lists it: which component, how many pages they count, how it looks."""

    component: Annotated[str, Meta(min_length=1, max_length=40)]
    pages: Pages
    condition: Condition


class Digitise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dossier to digitise, by the official code of its procedure."""

    procedure: Annotated[str, Meta(min_length=1, max_length=40)]
    papers: Annotated[tuple[Declared, ...], Meta(min_length=1, max_length=40)]


class DrawNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody wants a number for a service; `here` says that they stand at this screen, `printed` that they get paper.

    A robot in the hall draws for people who do neither.
    """

    service: ServiceCode
    priority: Priority = Priority.NONE
    here: bool = True
    printed: bool = True


class CheckIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody reports who has booked, or was called and not there, with the code on the phone or on the ticket."""

    code: BookingCode
    here: bool = True
    printed: bool = True


Wish = Order | PickUp | Check | DrawNumber | CheckIn | Digitise
"""What begins a visit; each kind has its journey (recovery.py)."""


class Kept(Struct, frozen=True, kw_only=True):
    """What waits for the citizen who left with a receipt only; `request` is the order's id at the hub."""

    request: str
    copies: int
    electronic: bool


class Checked(Struct, frozen=True, kw_only=True):
    """What the hub said of a copy that lay at the kiosk; None where it could not be asked."""

    judged: Judged | None


class Drawn(Struct, frozen=True, kw_only=True):
    """The number that this kiosk gave."""

    service: str
    number: str
    at: datetime


class Placed(Struct, frozen=True, kw_only=True):
    """What the hub said of a number, and when; blank where it has not answered in time. `refused` is its code."""

    queued: Queued | None = None
    refused: str = ""
    at: datetime | None = None


class Scanned(Struct, frozen=True, kw_only=True):
    """Sheets lie in the spool as `sheet-<first>.png` …"""

    sheets: int
    first: int = 1
    at: datetime


class Touched(Struct, frozen=True, kw_only=True):
    """Which button was pressed while the journey waited; None where none was. `vouched_by` is whose PIN pressed it."""

    touch: Touch | None
    vouched_by: str = ""


class Paper(Struct, frozen=True, kw_only=True):
    """The paper as understood, details in the spool; `forbidden` says that it must not be copied (R17)."""

    kind: str
    title: str
    pages: int
    forbidden: bool


class Payment(Struct, frozen=True, kw_only=True):
    """What came in until the sum was reached, the time was over, or the citizen cancelled."""

    received_vnd: int
    complete: bool
    cancelled: bool = False


class Returned(Struct, frozen=True, kw_only=True):
    """What was to be handed out, what was, and of what nobody knows it."""

    owed_vnd: int
    returned_vnd: int
    unknown_vnd: int = 0


class Printed(Struct, frozen=True, kw_only=True):
    """What is known of the paper."""

    outcome: PrintOutcome
    sheets: int


class HandedOver(Struct, frozen=True, kw_only=True):
    """Whether somebody confirmed that the sheets were taken."""

    taken: bool
