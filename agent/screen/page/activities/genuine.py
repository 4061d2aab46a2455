"""Trạm này có thật không: six digits from the hub's page are typed, and a QR answers that this kiosk's key signed."""

import asyncio
from dataclasses import dataclass, replace
from importlib.metadata import version

from agent.journeys.parts import Kiosk
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import Deed, Tap
from contract import genuine
from contract.genuine import DIGITS, Statement
from contract.seal import to_qr_text

ASK, ANSWER = "ask", "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenuineHeld(Held):
    """The digits so far, and the address of the statement that answers them."""

    digits: str = ""
    address: str = ""


class Genuine(Activity):
    """Two scenes: the digits, the answer. Neither needs the network."""

    name = "genuine"
    order = 92
    is_tile = False
    opens_from = ("check/lay",)

    async def begin(self) -> Held:
        """Return the scene that says where the digits are, and takes them."""
        return GenuineHeld(scene=ASK)

    async def touched(self, held: Held, tap: Tap) -> Held | None:
        """Type, sign, ask anew."""
        assert isinstance(held, GenuineHeld)
        match held.scene, tap.do:
            case "ask", Deed.KEY:
                return replace(held, digits=_typed(held.digits, tap.value))
            case "ask", Deed.GO_ON:
                return await self._answered(held.digits) if len(held.digits) == DIGITS else held
            case "answer", Deed.ACT | Deed.BACK:
                return GenuineHeld(scene=ASK)
        return None if tap.do in (Deed.GO_ON, Deed.BACK) else held

    async def _answered(self, digits: str) -> Held:
        contents = await asyncio.to_thread(self._kiosk.contents)
        return GenuineHeld(scene=ANSWER, digits=digits, address=statement_address(self._kiosk, digits, contents))


def statement_address(kiosk: Kiosk, challenge: str, contents: bytes) -> str:
    """Return the address of the hub's page on what this kiosk says of itself now, for a QR."""
    said = Statement(
        kiosk=kiosk.place.kiosk,
        challenge=challenge,
        version=version("tram"),
        contents=contents,
        said_at=kiosk.clock.now().replace(microsecond=0),
    )
    return to_qr_text(f"{kiosk.place.public_url}/genuine", genuine.encode(said, kiosk.device_signer()))


def _typed(digits: str, key: str) -> str:
    if key == "del":
        return digits[:-1]
    return (digits + key)[:DIGITS] if len(key) == 1 and key.isascii() and key.isdigit() else digits


ACTIVITY = Genuine
