"""What the screen shows while a visit pays: the ways, what each needs from the citizen, and what hinders it."""

from msgspec import Struct

from agent.journeys import by_transfer, sentences
from agent.journeys.by_transfer import Code
from agent.journeys.parts import Kiosk
from agent.journeys.till import Said
from agent.journeys.values import Way
from contract.messages import Rejected


class WayView(Struct, frozen=True, kw_only=True):
    """One way to choose; `out` says why it can't be taken now."""

    way: Way
    vi: str
    en: str
    is_chosen: bool
    out: Said | None


class PayView(Struct, frozen=True, kw_only=True):
    """What is due and how it may be paid.

    Cash: `welcome_vnd` are the pieces that the slots let in now, `change_vnd` what can come out; without `gives_change`
    the exact sum is wanted. Card: `presents_card` while a card is waited for. Transfer: `code` for the QR. `says` is
    what the citizen is to do now, `notice` what became of the last try.
    """

    due_vnd: int
    ways: tuple[WayView, ...]
    welcome_vnd: tuple[int, ...]
    change_vnd: int
    gives_change: bool
    presents_card: bool
    code: Code | None
    says: Said | None
    notice: Said | None


async def pay_view(kiosk: Kiosk, visit: str, due_vnd: int) -> PayView:
    """Return the view of a visit that pays now."""
    till, slots = kiosk.till, kiosk.till.slots if kiosk.till.way is Way.CASH else None
    code, refused = None, None
    if till.way is Way.TRANSFER and due_vnd > 0:
        found = await by_transfer.code(visit, kiosk, due_vnd)
        code, refused = (None, sentences.NO_TRANSFERS) if isinstance(found, Rejected) else (found, None)
    says: dict[Way | None, Said | None] = {
        Way.CASH: sentences.EXACT_MONEY if slots and not slots.gives_change else None,
        Way.CARD: sentences.PRESENT_CARD,
        Way.TRANSFER: sentences.SCAN_CODE if code else refused or sentences.CODE_ASKED,
    }
    return PayView(
        due_vnd=due_vnd,
        ways=tuple(_way(kiosk, way) for way in till.ways),
        welcome_vnd=slots.welcome_vnd if slots else (),
        change_vnd=slots.change_vnd if slots else 0,
        gives_change=slots.gives_change if slots else False,
        presents_card=till.way is Way.CARD,
        code=code,
        says=says.get(till.way),
        notice=till.notice,
    )


def _way(kiosk: Kiosk, way: Way) -> WayView:
    vi, en = sentences.WAYS[way]
    return WayView(way=way, vi=vi, en=en, is_chosen=kiosk.till.way is way, out=kiosk.till.out.get(way))
