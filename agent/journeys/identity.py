"""Ai đang đứng trước trạm: whether you are who your card shows, if you want that said (R20); no copy needs it (R21).

You read what is done with your face and agree, or not; silence is no consent. Lay your card down and look at the camera
while the screen changes its colour. Where that does not succeed twice, or you would rather not, there is another way:
an officer compares a photograph with your card, a member of staff vouches for you, or you go on without. The paper
stays where it is, and the copy is the same. The officer is told how many tries were not sure, unless you withdrew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from agent.devices.errors import DeviceError
from agent.identity.errors import IdentityError
from agent.journeys import consent
from agent.journeys.delays import CARD_READ_S, CONSENT_S, LOOK_S, OTHER_WAY_S, STILL_S
from agent.journeys.evidence import by_face, by_still
from agent.journeys.identity_desk import IdentityDesk, Stage
from agent.journeys.parts import Kiosk
from agent.journeys.touches import Touch, wait_unless_cancelled
from agent.journeys.values import Touched
from agent.ledger.journal import Unknown, Visit
from agent.link.bell import first
from contract.clock import Deadline
from contract.messages import IdentityCheck, IdentityMethod, IdentityResult

STEP = "identity"
"""The step that says what it came to."""
MOST_TRIES = 2
MOST_STARTS = 3
"""Tries that do not count included."""


class Consented(Struct, frozen=True, kw_only=True):
    """What the citizen answered to the text of this version; None: nothing, which is no consent."""

    touch: Touch | None
    text: str


class Tried(Struct, frozen=True, kw_only=True):
    """What a try came to, and why it did not succeed; nothing in it is biometric."""

    check: IdentityCheck | None = None
    fault: str = ""
    vi: str = ""
    en: str = ""
    counts: bool = True

    @property
    def succeeded(self) -> bool:
        """Whether no other way is needed."""
        return self.check is not None and self.check.result is IdentityResult.MATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What the tries by face came to, and how many were not sure; of a citizen who withdrew nothing is told."""

    check: IdentityCheck | None = None
    unsure: int = 0


class Identified(Struct, frozen=True, kw_only=True):
    """What the officer is told; None where nothing was checked."""

    check: IdentityCheck | None


class Withdrawn(IdentityError):
    """The citizen withdrew their consent."""

    code = "CONSENT_WITHDRAWN"
    vi = "Bạn đã đổi ý: trạm không nhận diện khuôn mặt bạn."
    en = "You changed your mind: your face is not looked at."
    remedy = "Nothing is to be done"


class BrokenOff(IdentityError):
    """The power failed during the try; its challenge is used up."""

    code = "TRY_BROKEN_OFF"
    vi = "Lần xác nhận trước bị gián đoạn."
    en = "The try before was broken off."
    remedy = "Look in the log why the kiosk stopped"


class NotTheSame(IdentityError):
    """Face or liveness was not sure enough."""

    code = "NOT_SURE"
    vi = "Trạm chưa xác nhận chắc chắn được. Hãy nhìn thẳng, đủ sáng, rồi thử lại hoặc chọn cách khác."
    en = "The kiosk could not be sure. Look straight ahead in good light and try again, or choose another way."
    remedy = "Nothing is to be done; if it happens often, clean the camera and look at the light"


async def confirm(visit: Visit, kiosk: Kiosk) -> None:
    """Find out who is there as far as the citizen wants it; the result is the step STEP. May be run again."""
    desk = kiosk.identity
    known = await visit.recorded(STEP, Identified)
    if desk is None or known is not None:
        return
    agreed = await visit.step(
        "identity consent", Consented, lambda _, deadline: _ask(visit, kiosk, desk, deadline), within_s=CONSENT_S
    )
    tried = Tries()
    if agreed.touch is Touch.AGREE:
        tried = await _tries(visit, kiosk, desk, agreed.text)
    check = tried.check
    if check is None and agreed.touch is not None:
        check = await _another_way(visit, kiosk, desk)
    await visit.note(STEP, Identified(check=_told(visit, kiosk, check, tried.unsure, agreed.text)))


def _told(visit: Visit, kiosk: Kiosk, check: IdentityCheck | None, unsure: int, text: str) -> IdentityCheck | None:
    """Return what the officer is told: that tries were not sure too, even where the citizen goes on without."""
    if check is None and unsure:
        check = IdentityCheck(
            method=IdentityMethod.WITHOUT,
            result=IdentityResult.UNSURE,
            checked_at=kiosk.clock.now(),
            case=visit.id,
            consent=text,
        )
    return replace(check, unsure_tries=unsure) if check else None


async def outcome(visit: Visit) -> IdentityCheck | None:
    """Return what the officer is told."""
    identified = await visit.recorded(STEP, Identified)
    return identified.check if identified else None


async def _ask(visit: Visit, kiosk: Kiosk, desk: IdentityDesk, deadline: Deadline) -> Consented:
    touch = await wait_unless_cancelled(kiosk.touches, visit, (Touch.AGREE, Touch.NOT_MY_FACE), deadline)
    return Consented(touch=touch, text=consent.version_of(desk.text))


async def _tries(visit: Visit, kiosk: Kiosk, desk: IdentityDesk, text: str) -> Tries:
    left, unsure = MOST_TRIES, 0
    for number in range(1, MOST_STARTS + 1):
        tried = await _once(visit, kiosk, f"identity try {number}", lambda: _face(visit, kiosk, desk, text))
        if tried.succeeded:
            return Tries(check=tried.check, unsure=unsure)
        if tried.fault == Withdrawn.code or await visit.cancelled():
            return Tries()
        unsure += tried.fault == NotTheSame.code
        left -= tried.counts
        if not left:
            break
    return Tries(unsure=unsure)


async def _another_way(visit: Visit, kiosk: Kiosk, desk: IdentityDesk) -> IdentityCheck | None:
    """Return what was done instead; a photograph that fails is not offered again."""
    ways = list(ways_of(desk))
    for number in range(1, len(ways) + 1):
        chosen = await _choose(visit, kiosk, desk, number, ways)
        if chosen.touch is Touch.STAFF:
            return await _vouched(visit, kiosk, chosen.vouched_by)
        if chosen.touch is not Touch.PHOTO:
            return None
        tried = await _once(visit, kiosk, f"identity photo {number}", lambda: _still(visit, kiosk, desk))
        if tried.check:
            return tried.check
        ways.remove(Touch.PHOTO)
    return None


def ways_of(desk: IdentityDesk) -> tuple[Touch, ...]:
    """Return the other ways of this kiosk."""
    return (Touch.PHOTO, *((Touch.STAFF,) if desk.has_staff else ()), Touch.WITHOUT)


async def _choose(visit: Visit, kiosk: Kiosk, desk: IdentityDesk, number: int, ways: list[Touch]) -> Touched:
    """Return the way; who vouched is written down with it, so that a power cut parts nobody's word from their name."""

    async def wait(_key: str, deadline: Deadline) -> Touched:
        touch = await wait_unless_cancelled(kiosk.touches, visit, ways, deadline)
        return Touched(touch=touch, vouched_by=desk.vouchers.pop(visit.id, ""))

    return await visit.step(f"identity way {number}", Touched, wait, within_s=OTHER_WAY_S)


async def _face(visit: Visit, kiosk: Kiosk, desk: IdentityDesk, text: str) -> Tried:
    with desk.showing(visit.id) as scene:
        card = await desk.attendant.read_card(Deadline.after(kiosk.clock, CARD_READ_S))
        scene.stage, scene.card = Stage.LOOK, card
        seen = await desk.attendant.look(card, scene.show, Deadline.after(kiosk.clock, LOOK_S))
    check = await by_face(visit, kiosk, desk.sealing_key, card, seen, text)
    check = replace(check, may_compare=desk.asks_population)
    if check.result is not IdentityResult.MATCH:
        return _failed(NotTheSame(), check)
    if card.verified and kiosk.accounts:
        desk.holders[visit.id] = card.number
    return Tried(check=check)


async def _still(visit: Visit, kiosk: Kiosk, desk: IdentityDesk) -> Tried:
    with desk.showing(visit.id) as scene:
        card = await desk.attendant.read_card(Deadline.after(kiosk.clock, CARD_READ_S))
        scene.stage, scene.card = Stage.PHOTO, card
        frame = await desk.attendant.photograph(Deadline.after(kiosk.clock, STILL_S))
    text = consent.version_of(consent.PHOTO)
    return Tried(check=await by_still(visit, kiosk, desk.sealing_key, card, frame, text))


async def _vouched(visit: Visit, kiosk: Kiosk, who: str) -> IdentityCheck:
    async def vouch(_key: str, _deadline: Deadline) -> IdentityCheck:
        return IdentityCheck(
            method=IdentityMethod.STAFF,
            result=IdentityResult.MATCH,
            checked_at=kiosk.clock.now(),
            case=visit.id,
            vouched_by=who,
        )

    return await visit.step("identity staff", IdentityCheck, vouch)


async def _once(visit: Visit, kiosk: Kiosk, name: str, attempt: Callable[[], Awaitable[Tried]]) -> Tried:
    """Run a try at most once: a challenge that a power cut broke off is used up, and so is its try."""

    async def run(_key: str, _deadline: Deadline) -> Tried:
        try:
            return await _unless_withdrawn(visit, kiosk, attempt())
        except (IdentityError, DeviceError) as fault:
            return _failed(fault)

    try:
        return await visit.step(name, Tried, run, repeatable=False)
    except Unknown:
        return _failed(BrokenOff())


async def _unless_withdrawn(visit: Visit, kiosk: Kiosk, attempt: Awaitable[Tried]) -> Tried:
    """Return what comes of an attempt; raise Withdrawn at once where the citizen ends it."""
    trying = asyncio.ensure_future(attempt)
    try:
        if await first(asyncio.shield(trying), kiosk.touches.pressed(visit.id, Touch.NOT_MY_FACE)) == 1:
            raise Withdrawn
        return await trying
    finally:
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)


def _failed(fault: IdentityError | DeviceError, check: IdentityCheck | None = None) -> Tried:
    counts = fault.counts if isinstance(fault, IdentityError) else True
    return Tried(check=check, fault=fault.code, vi=fault.vi, en=fault.en, counts=counts)
