"""What a visit of the matrix is for: who comes with what, what lies in the scanner, and what the officer decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import segno
from PIL import Image

from agent.journeys import account
from agent.journeys.pins import hashed
from agent.journeys.touches import Touch
from agent.journeys.values import Check, CheckIn, Declared, Digitise, DrawNumber, Order, Wish
from contract.destinations import Channel
from contract.digital import Condition
from tests.agent.kiosk_doubles import BOOKED

TITLE = "Quyết định mẫu"
ORDER = Order(copies=2, requester_name="Nguyễn Văn Mẫu")
DOSSIER = Digitise(
    procedure="1.001193",
    papers=(
        Declared(component="TO_KHAI", pages=1, condition=Condition.A),
        Declared(component="CHUNG_SINH", pages=1, condition=Condition.B),
    ),
)
"""One paper goes through the feeder, the other, which asks for care, lies on the glass."""
STAFF_NAME, STAFF_PIN = "Trần Thị Mẫu", "472913"
STAFF = {STAFF_NAME: hashed(STAFF_PIN)}
"""Who may test, shut and open the kiosk, take its cash and vouch for a citizen."""
COPY_CODE = "HTTPS://TRAM.EXAMPLE.VN/V/GEZDGNBVGY3TQOJQ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a visit is for. A kiosk without a ticket printer gives the receipt of a dossier as a page.

    `buttons` are pressed when a step of this name asks for one; `accounts` are what a copy can be sent to besides.
    """

    wish: Wish = ORDER
    buttons: Mapping[str, Touch] = field(default_factory=dict)
    accounts: tuple[Channel, ...] = ()
    verdicts: tuple[str, ...] = ()
    has_tickets: bool = True

    @property
    def has_paper(self) -> bool:
        """Whether the citizen has put a paper of theirs in."""
        return not isinstance(self.wish, DrawNumber | CheckIn)

    def sheets(self) -> list[bytes]:
        """Return what lies in the scanner: for the desk's double a page is its text."""
        return [_with_code(COPY_CODE)] if isinstance(self.wish, Check) else [TITLE.encode()]


STORIES: Mapping[str, Story] = {
    "certified": Story(verdicts=("certified",)),
    "rescan": Story(verdicts=("rescan", "certified")),
    "refused": Story(verdicts=("refused",)),
    "photographed": Story(
        verdicts=("certified",), buttons={"identity consent": Touch.NOT_MY_FACE, "identity way": Touch.PHOTO}
    ),
    "vouched": Story(
        verdicts=("certified",), buttons={"identity consent": Touch.NOT_MY_FACE, "identity way": Touch.STAFF}
    ),
    "to an account": Story(
        verdicts=("certified",),
        buttons={"identity consent": Touch.AGREE, account.STEP: Touch.TO_PORTAL},
        accounts=(Channel.PORTAL,),
    ),
    "number": Story(wish=DrawNumber(service="CT")),
    "check in": Story(wish=CheckIn(code=BOOKED)),
    "check": Story(wish=Check()),
    "dossier": Story(wish=DOSSIER),
    "dossier, no tickets": Story(wish=DOSSIER, has_tickets=False),
}


@cache
def _with_code(text: str) -> bytes:
    drawn, out = BytesIO(), BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=5)
    page = Image.new("L", (827, 1169), 255)
    page.paste(Image.open(drawn).convert("L"), (60, 700))
    page.save(out, "PNG")
    return out.getvalue()
