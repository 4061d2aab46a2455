"""Hỏi VNeID: is the paper on the citizen's own VNeID already, so that no copy is needed (DOMAIN F32)?

They choose the paper, let VNeID show its QR code and hold it before the reader. Holding it out is their consent: who
they are is said to VNeID alone. Whatever comes back, and also when nothing does, a copy can be made all the same.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agent.journeys import need
from agent.journeys.values import Wish
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import Deed, Tap
from contract.ids import new_ulid
from contract.messages import Held as OnVneid
from contract.messages import NeedAnswered, NeedRequest, ReplyEnvelope, WalletPaper, decode

PAPERS, HOLD, ASKING, ANSWER = "papers", "hold", "asking", "answer"
ANSWER_S: Final = 15.0
SHORTEST_CODE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Held):
    """Which paper, the question that is on its way since `asked_at_s`, and what came of it."""

    paper: WalletPaper | None = None
    request: str = ""
    asked_at_s: float = 0.0
    on_vneid: OnVneid | None = None
    until: date | None = None

    @property
    def papers(self) -> tuple[WalletPaper, ...]:
        """What can be asked about."""
        return tuple(WalletPaper)


class AskVneid(Activity):
    """The scenes behind the question whether a copy is needed."""

    name = "vneid"
    order = 90
    is_tile = False
    opens_from = ("need",)

    @property
    def is_there(self) -> bool:
        """Whether VNeID can be asked now."""
        return self._kiosk.asks_vneid and self._kiosk.link.status.online

    async def begin(self) -> Asked:
        """Return the choice of papers; a question that a power cut left open is given up."""
        await need.forget(self._kiosk)
        return Asked(scene=PAPERS)

    async def touched(self, held: Held, tap: Tap) -> Held | Wish | None:
        """Go on to the answer."""
        assert isinstance(held, Asked)
        verb, _, value = tap.value.partition(":")
        match held.scene, tap.do, verb:
            case "papers", Deed.ACT, "paper" if value in set(WalletPaper):
                return replace(held, scene=HOLD, paper=WalletPaper(value))
            case "hold", Deed.VOUCHER, _ if held.paper and len(tap.value) >= SHORTEST_CODE:
                return await self._asked(held, held.paper, tap.value)
            case "answer", Deed.ACT, "again":
                return Asked(scene=HOLD, paper=held.paper)
            case "hold" | "answer", Deed.BACK, _:
                return Asked(scene=PAPERS)
            case ("answer", Deed.GO_ON, _) | ("papers", Deed.BACK, _):
                return None
        return held

    async def looked(self, held: Held) -> Held:
        """See whether the answer has come, or will not come any more."""
        assert isinstance(held, Asked)
        if held.scene != ASKING:
            return held
        reply, is_final = await self._kiosk.ledger.outbox.reply(held.request)
        is_late = self._kiosk.clock.monotonic() - held.asked_at_s > ANSWER_S
        if not is_final and not is_late:
            return held
        await need.forget(self._kiosk)
        body = decode(ReplyEnvelope, reply).body if reply else None
        said = body if isinstance(body, NeedAnswered) else NeedAnswered(held=OnVneid.UNKNOWN)
        return replace(held, scene=ANSWER, on_vneid=said.held, until=said.until)

    async def left(self) -> None:
        """Ask no longer: whoever left has taken their code with them."""
        await need.forget(self._kiosk)

    async def _asked(self, held: Asked, paper: WalletPaper, code: str) -> Asked:
        key = f"{need.QUESTIONS}/{new_ulid(self._kiosk.clock.now())}"
        request = await self._kiosk.link.request(key, need.QUESTIONS, NeedRequest(paper=paper, code=code))
        return replace(held, scene=ASKING, request=request, asked_at_s=self._kiosk.clock.monotonic())


ACTIVITY = AskVneid
