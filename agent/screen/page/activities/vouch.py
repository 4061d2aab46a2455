"""A member of staff who stands beside the citizen vouches for them with a PIN, where the kiosk could not tell."""

from agent.journeys.parts import Kiosk
from agent.journeys.touches import Touch
from agent.screen.identity import identity_view
from agent.screen.page.activity import Activity, Held
from agent.screen.page.pin_pad import PinHeld
from agent.screen.page.state import Deed, Tap


class Vouch(Activity):
    """The staff's PIN over the scene that asks for another way."""

    name = "vouch"
    order = 91
    is_tile = False
    opens_from = ("who",)

    @property
    def is_there(self) -> bool:
        """Whether anybody here may vouch."""
        return self._kiosk.identity is not None and bool(self._kiosk.staff.names)

    async def begin(self) -> Held:
        """Return the names, or the PIN where there is one."""
        return PinHeld.of(self._kiosk.staff.names)

    async def looked(self, held: Held) -> Held | None:
        """Go away when the visit no longer asks for it."""
        return held if await _asking(self._kiosk) else None

    async def touched(self, held: Held, tap: Tap) -> Held | None:
        """Vouch where the PIN is right."""
        assert isinstance(held, PinHeld)
        match held.scene, tap.do:
            case "who", Deed.ACT:
                return held.chosen(tap.value)
            case "pin", Deed.GO_ON:
                refused = await held.checked(self._kiosk.staff)
                if refused is None:
                    await self._vouch(held.who)
                return refused
            case "pin", Deed.KEY:
                return held.typed(tap)
        return None if tap.do is Deed.BACK else held

    async def _vouch(self, who: str) -> None:
        visit, desk = await _asking(self._kiosk), self._kiosk.identity
        if visit and desk:
            desk.vouchers[visit] = who
            self._kiosk.touches.press(visit, Touch.STAFF)


async def _asking(kiosk: Kiosk) -> str:
    """Return the visit that asks for another way, blank where none does: one citizen at a time stands here."""
    for record in await kiosk.ledger.journal.open_visits():
        shown = identity_view(kiosk.identity, record.id, await kiosk.ledger.journal.steps(record.id))
        if shown and Touch.STAFF in shown.touches:
            return record.id
    return ""


ACTIVITY = Vouch
