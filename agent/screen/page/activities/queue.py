"""Lấy số thứ tự: choose a service, say whether one is called earlier, take a number; or report with a code."""

from dataclasses import dataclass, replace

from agent.journeys import queue_words
from agent.journeys.line import LineService
from agent.journeys.values import CheckIn, DrawNumber, Wish
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import CODE_LETTERS, Deed, Said, Tap
from contract.messages import Priority

SERVICES, RIGHT, CODE = "services", "right", "code"
_LOOKS_LIKE = str.maketrans("OIL", "011")
"""Letters that the codes have not, and the digits that they are taken for (Crockford's base 32)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Held):
    """What the citizen has said: for which service, or the code so far; `online` whether a code can be asked about."""

    services: tuple[LineService, ...]
    online: bool
    service: str = ""
    code: str = ""

    @property
    def rights(self) -> dict[str, Said]:
        """The classes that are called earlier."""
        return {each.value: said for each, said in queue_words.RIGHTS.items() if each is not Priority.NONE}


class QueueNumber(Activity):
    """The scenes before the number is drawn."""

    name = "queue"
    order = 10
    opens_from = ("choose", "guide/procedure")

    @property
    def is_there(self) -> bool:
        """Whether this kiosk gives numbers."""
        return self._kiosk.line is not None

    async def begin(self) -> Asked:
        """Return the choice of services."""
        services = self._kiosk.line.services if self._kiosk.line else ()
        return Asked(scene=SERVICES, services=services, online=self._kiosk.link.status.online)

    async def touched(self, held: Held, tap: Tap) -> Held | Wish | None:
        """Go on to the number."""
        assert isinstance(held, Asked)
        verb, _, value = tap.value.partition(":")
        match held.scene, tap.do, verb:
            case "services", Deed.ACT, "service" if any(each.code == value for each in held.services):
                return replace(held, scene=RIGHT, service=value)
            case "services", Deed.ACT, "code":
                return replace(held, scene=CODE)
            case "services", Deed.BACK, _:
                return None
            case "right", Deed.ACT, "right" if value in set(Priority):
                return DrawNumber(service=held.service, priority=Priority(value))
            case "code", Deed.KEY, _:
                return replace(held, code=_typed(held.code, tap.value))
            case "code", Deed.GO_ON, _ if len(held.code) == CODE_LETTERS:
                return CheckIn(code=held.code)
            case "code", Deed.VOUCHER, _ if code := _read(tap.value):
                return CheckIn(code=code)
            case _, Deed.BACK, _:
                return replace(held, scene=SERVICES, service="", code="")
        return held


def _typed(code: str, key: str) -> str:
    if key == "del":
        return code[:-1]
    letter = key.upper().translate(_LOOKS_LIKE)
    return (code + letter)[:CODE_LETTERS] if len(letter) == 1 and letter.isascii() and letter.isalnum() else code


def _read(text: str) -> str:
    """Return the code at the end of what a reader read: of a booking, or of the address on a ticket; else blank."""
    code = text.strip().replace("-", "").upper()[-CODE_LETTERS:]
    return (
        code if len(code) == CODE_LETTERS and code.isascii() and code.isalnum() and not set(code) & set("ILOU") else ""
    )


ACTIVITY = QueueNumber
