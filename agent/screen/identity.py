"""What the screen shows while it is found out who is there, and the door through which staff vouch."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.journeys import consent
from agent.journeys.identity import MOST_TRIES, Tried, ways_of
from agent.journeys.identity_desk import IdentityDesk, Scene, Stage
from agent.journeys.parts import Kiosk
from agent.journeys.pins import PinRefused, Pins
from agent.journeys.touches import Touch
from agent.ledger.journal import StepRecord
from contract.messages import CardSource


class LightView(Struct, frozen=True, kw_only=True):
    """One colour of the whole screen (linear red, green, blue, 0..1) from `start_s` after the challenge began."""

    start_s: float
    colour: tuple[float, float, float]


class PromptView(Struct, frozen=True, kw_only=True):
    """The challenge to be shown now; `turn` (left, right as the citizen sees it) is asked for at `turn_at_s`.

    The page tells by its socket when the first light is painted, and when `length_s` is over.
    """

    challenge: str
    lights: list[LightView]
    turn: str
    turn_at_s: float
    length_s: float


class CardView(Struct, frozen=True, kw_only=True):
    """Which source is believed, and the name to be confirmed by its holder."""

    source: CardSource
    verified: bool
    name: str


class IdentityView(Struct, frozen=True, kw_only=True):
    """The step of the check: `asks` is consent, card, look, photo or way; `touches` are the buttons to offer.

    `text` is what is agreed to and `version` its name; `notice` says why the try before did not succeed.
    """

    asks: str
    touches: list[Touch]
    tries_left: int
    text: tuple[str, str] | None = None
    version: str = ""
    card: CardView | None = None
    prompt: PromptView | None = None
    notice: tuple[str, str] | None = None


def identity_view(desk: IdentityDesk | None, visit: str, steps: list[StepRecord]) -> IdentityView | None:
    """Return it while the check runs, else None."""
    running = next((step.name for step in reversed(steps) if step.ended_at is None), "")
    if desk is None or not running.startswith("identity "):
        return None
    left = MOST_TRIES - sum(each.counts for each in _tried(steps, "identity try "))
    notice = _notice(steps)
    if running == "identity consent":
        return IdentityView(
            asks="consent",
            touches=[Touch.AGREE, Touch.NOT_MY_FACE],
            tries_left=left,
            text=desk.text,
            version=consent.version_of(desk.text),
        )
    if running.startswith("identity way "):
        has_failed = any(step.name.startswith("identity photo ") for step in steps)
        ways = [way for way in ways_of(desk) if not (has_failed and way is Touch.PHOTO)]
        text = None if has_failed else consent.PHOTO
        return IdentityView(
            asks="way", touches=ways, tries_left=left, text=text, version=consent.version_of(consent.PHOTO),
            notice=notice,
        )  # fmt: skip
    scene = desk.scene if desk.scene and desk.scene.visit == visit else Scene(visit=visit)
    return IdentityView(
        asks=scene.stage.value,
        touches=[Touch.NOT_MY_FACE],
        tries_left=left,
        card=_card(scene),
        prompt=_prompt(scene),
        notice=notice if scene.stage is Stage.CARD else None,
    )


def _notice(steps: list[StepRecord]) -> tuple[str, str] | None:
    last = (_tried(steps, "identity try ", "identity photo ") or [Tried()])[-1]
    return (last.vi, last.en) if last.fault else None


def _tried(steps: list[StepRecord], *names: str) -> list[Tried]:
    return [
        msgspec.json.decode(step.result, type=Tried) for step in steps if step.name.startswith(names) and step.result
    ]


def _card(scene: Scene) -> CardView | None:
    card = scene.card
    return CardView(source=card.source, verified=card.verified, name=card.name) if card else None


def _prompt(scene: Scene) -> PromptView | None:
    if scene.prompt is None:
        return None
    prompt = scene.prompt
    lights = [LightView(start_s=each.start_s, colour=each.colour) for each in prompt.lights]
    return PromptView(
        challenge=prompt.challenge, lights=lights, turn=prompt.turn, turn_at_s=prompt.turn_at_s,
        length_s=prompt.length_s,
    )  # fmt: skip


class Voucher(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member of staff and their PIN."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    pin: Annotated[str, Meta(min_length=1, max_length=100)]


class Refusal(Struct, frozen=True, kw_only=True):
    """Why nobody has vouched, and what to do."""

    vi: str
    en: str


_WRONG = "Tên hoặc mã PIN chưa đúng, hoặc đã nhập sai quá nhiều lần."
_NOT_NOW = Refusal(vi="Lúc này không cần nhân viên xác nhận.", en="Nobody has to vouch now.")


class StaffDoor:
    """The route by which staff vouch for who stands beside them, with name and PIN."""

    def __init__(self, kiosk: Kiosk, staff: Pins) -> None:
        self._kiosk, self._staff = kiosk, staff

    def routes(self) -> list[Route]:
        """Return it for the local API."""
        return [Route("/visits/{visit}/staff", self.vouch, methods=["POST"])]

    async def vouch(self, request: Request) -> Response:
        """Vouch for the citizen of a visit that asks for another way: {name, pin}."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        desk = self._kiosk.identity
        try:
            body = msgspec.json.decode(await request.body(), type=Voucher)
            await asyncio.to_thread(self._staff.check, body.name, body.pin)
        except msgspec.DecodeError as fault:
            return _json(Refusal(vi="Yêu cầu chưa đúng.", en=f"The call is not understood: {fault}."), 422)
        except PinRefused as refusal:
            return _json(Refusal(vi=_WRONG, en=f"{refusal}. {refusal.remedy}"), 409)
        shown = identity_view(desk, record.id, await self._kiosk.ledger.journal.steps(record.id))
        if desk is None or shown is None or Touch.STAFF not in shown.touches:
            return _json(_NOT_NOW, 409)
        desk.vouchers[record.id] = body.name
        self._kiosk.touches.press(record.id, Touch.STAFF)
        return Response(status_code=204)


def _json(body: Struct, code: int) -> Response:
    return Response(msgspec.json.encode(body), code, media_type="application/json")
