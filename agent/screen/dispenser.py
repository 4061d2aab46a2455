"""What a robot in the hall has the kiosk hand out on paper for it; a number is `POST /tickets` (queue.py).

    POST /dispense   {procedure}, header Idempotency-Key → {outcome, vi, en}

`procedure` is a code of `GET /guide`; its slip says what to bring, and comes out of the kiosk's slot. A robot that did
not hear the answer asks again with the same key: the printer's own book knows the key, also after a power cut, and
prints again only where no whole slip came out. Water and sweets, which the robot of Cửa Nam gives too, are in the
robot: the kiosk has no part in them.
"""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.devices.errors import TicketPrinterError
from agent.journeys.guide_slips import print_procedure
from agent.journeys.parts import Kiosk
from agent.screen.api import answer
from agent.screen.entrance import OUT_OF_SERVICE, Problem
from contract.catalogue import Code
from contract.messages import PrintOutcome

LONGEST_KEY = 100
NO_KEY = Problem(vi="Thiếu khóa của lần gọi.", en=f"Send an Idempotency-Key of 1 to {LONGEST_KEY} characters.")
NO_PRINTER = Problem(vi="Trạm này không in phiếu.", en="This kiosk has no ticket printer.")
NO_SUCH_PROCEDURE = Problem(vi="Danh mục không có mã này.", en="The catalogue has no such code; GET /guide finds one.")
SAID: dict[PrintOutcome, Problem] = {
    PrintOutcome.PRINTED: Problem(
        vi="Mời bạn lấy phiếu ở khe của trạm.", en="Please take the slip from the kiosk's slot."
    ),
    PrintOutcome.NOT_PRINTED: Problem(
        vi="Trạm chưa in được phiếu. Xin hỏi người ở quầy.", en="The slip did not come out. Please ask at the counter."
    ),
    PrintOutcome.UNKNOWN: Problem(
        vi="Nếu phiếu không ra, xin hỏi người ở quầy. Trạm không in lần thứ hai.",
        en="If no slip came out, please ask at the counter. It is not printed twice.",
    ),
}
"""What the robot says, by what is known of the paper."""


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be handed out."""

    procedure: Code


class Dispensed(Struct, frozen=True, kw_only=True):
    """What became of it, and what the robot says."""

    outcome: PrintOutcome
    vi: str
    en: str


class Dispenser:
    """The route."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    def routes(self) -> list[Route]:
        """Return it for the local API."""
        return [Route("/dispense", self.dispense, methods=["POST"])]

    async def dispense(self, request: Request) -> Response:
        """Return what became of a slip; 404, 409, 422 or 503 where none was begun, with the reason."""
        key = request.headers.get("idempotency-key", "")
        if not 0 < len(key) <= LONGEST_KEY:
            return answer(NO_KEY, 422)
        try:
            wanted = msgspec.json.decode(await request.body(), type=Wanted)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            return answer(Problem(vi="Yêu cầu chưa đúng.", en=f"The request is not understood: {fault}."), 422)
        procedure = self._kiosk.guide.catalogue.find(wanted.procedure)
        if procedure is None:
            return answer(NO_SUCH_PROCEDURE, 404)
        if self._kiosk.tickets is None:
            return answer(NO_PRINTER, 404)
        if not self._kiosk.door.is_open:
            return answer(OUT_OF_SERVICE, 409)
        try:
            outcome = await print_procedure(self._kiosk, f"dispense {wanted.procedure} {key}", procedure)
        except TicketPrinterError as fault:
            return answer(Problem(vi=SAID[PrintOutcome.NOT_PRINTED].vi, en=f"{fault.cause}. {fault.remedy}."), 503)
        return answer(Dispensed(outcome=outcome, vi=SAID[outcome].vi, en=SAID[outcome].en))
