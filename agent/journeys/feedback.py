"""Góp ý: a face, some words if the citizen likes, and for who wants an answer a code under which it will be read.

Nothing waits for the network: what was said lies in the outbox until the hub has it, and is blanked then.
"""

from typing import Annotated

from msgspec import Meta, Struct

from agent.copies import feedback_slip
from agent.devices.errors import TicketPrinterError
from agent.journeys.delays import SLIP_S
from agent.journeys.parts import Kiosk
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import FeedbackFact, PrintOutcome
from contract.tracking import code_hash, new_code

MOST_LETTERS = 1000

Face = Annotated[int, Meta(ge=1, le=5)]
Words = Annotated[str, Meta(max_length=MOST_LETTERS, pattern=r"^[^\x00]*$")]


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a citizen says; `about` is the certify request that it is about, None for who stays unknown."""

    face: Face
    words: Words = ""
    wants_answer: bool = False
    about: str | None = None


class Given(Struct, frozen=True, kw_only=True):
    """What the citizen gets: the tracking code and the address that shows the answer, blank where none is wanted."""

    code: str = ""
    address: str = ""


async def give(kiosk: Kiosk, said: Said) -> Given:
    """Put feedback on its way to the hub; a code is made anew for each, and is kept nowhere here."""
    now = kiosk.clock.now()
    feedback, code = new_ulid(now), new_code() if said.wants_answer else ""
    fact = FeedbackFact(
        request=feedback,
        face=said.face,
        words=said.words,
        about=said.about,
        code_sha256=code_hash(code) if code else None,
        written_at=now,
    )
    name = f"feedback-{feedback}"
    await kiosk.link.tell(name, name, fact)
    return Given(code=code, address=f"{kiosk.place.public_url}/f/{code}") if code else Given()


async def print_code(kiosk: Kiosk, given: Given) -> PrintOutcome | None:
    """Print the tracking code; return what is known of the slip, None where the kiosk has no ticket printer."""
    if kiosk.tickets is None:
        return None
    now = kiosk.clock.now()
    png = feedback_slip.render(given.code, given.address, kiosk=kiosk.place.kiosk, site=kiosk.place.site, when=now)
    try:
        return await kiosk.tickets.print_ticket(f"feedback-{new_ulid(now)}", png, Deadline.after(kiosk.clock, SLIP_S))
    except TicketPrinterError:
        return PrintOutcome.NOT_PRINTED
