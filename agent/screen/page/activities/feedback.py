"""Góp ý: five faces, some words, a code for who wants an answer; about the visit that has just ended, or about none.

Who stays unknown is the rule: a visit is named only where the citizen says so.
"""

import asyncio
from dataclasses import dataclass, replace

from agent.journeys import feedback
from agent.journeys.feedback import Given, Said
from agent.journeys.parts import Kiosk
from agent.screen.page import telex
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import Deed, Tap
from agent.screen.view import view
from contract.messages import PrintOutcome

MOST_LETTERS = 300
"""More is a letter, which nobody types standing."""
MARKS = ".,?!"
_ENDS = ".?!"
_FACES = {str(face): face for face in range(1, 6)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackHeld(Held):
    """What was touched and typed so far; `request` is the paper of the visit before, blank for none.

    `is_tied` says that it is named, `is_printing` that the slip comes out, `slip` what became of it.
    """

    face: int = 0
    words: str = ""
    wants_answer: bool = False
    request: str = ""
    is_tied: bool = False
    given: Given | None = None
    is_printing: bool = False
    slip: PrintOutcome | None = None


class Feedback(Activity):
    """A tile, and a button at the end of a visit."""

    name = "feedback"
    order = 60
    opens_from = ("choose", "end")

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self._slip: asyncio.Task[PrintOutcome | None] | None = None

    async def begin(self) -> Held:
        """Return the five faces."""
        return FeedbackHeld(scene="faces")

    async def begin_over(self, visit: str) -> Held:
        """Return the five faces for who has just ended this visit."""
        return FeedbackHeld(scene="faces", request=(await view(self._kiosk, visit)).request or "")

    async def touched(self, held: Held, tap: Tap) -> Held | None:
        """Choose a face, type, send."""
        assert isinstance(held, FeedbackHeld)
        match held.scene, tap.do:
            case "faces", Deed.ACT:
                face = _FACES.get(tap.value)
                return replace(held, scene="words", face=face) if face else held
            case "words", Deed.ACT:
                return _switched(held, tap.value)
            case "words", Deed.KEY:
                return replace(held, words=_typed(held.words, tap.value)[:MOST_LETTERS])
            case "words", Deed.GO_ON:
                return await self._sent(held)
            case "words", Deed.BACK:
                return replace(held, scene="faces")
            case "thanks", Deed.ACT if held.given and held.given.code and not (held.is_printing or held.slip):
                self._slip = asyncio.create_task(feedback.print_code(self._kiosk, held.given))
                return replace(held, is_printing=True)
        return None if tap.do in (Deed.GO_ON, Deed.BACK) else held

    async def looked(self, held: Held) -> Held:
        """See the slip's end."""
        assert isinstance(held, FeedbackHeld)
        if held.is_printing and self._slip and self._slip.done():
            return replace(held, is_printing=False, slip=self._slip.result() or PrintOutcome.NOT_PRINTED)
        return held

    @property
    def can_print(self) -> bool:
        """Whether the code may come on paper."""
        return self._kiosk.tickets is not None

    async def _sent(self, held: FeedbackHeld) -> Held:
        about = held.request if held.is_tied and held.request else None
        said = Said(face=held.face, words=held.words.strip(), wants_answer=held.wants_answer, about=about)
        return FeedbackHeld(scene="thanks", face=held.face, given=await feedback.give(self._kiosk, said))


def _switched(held: FeedbackHeld, which: str) -> FeedbackHeld:
    match which:
        case "answer":
            return replace(held, wants_answer=not held.wants_answer)
        case "tie" if held.request:
            return replace(held, is_tied=not held.is_tied)
    return held


def _typed(words: str, key: str) -> str:
    """Return the words with one key more; a sentence begins with a capital letter."""
    if len(key) == 1 and key in MARKS:
        return words.rstrip() + key if words.strip() else words
    if len(key) == 1 and key.isalnum():
        return _lettered(f"{words} " if words.endswith(tuple(MARKS)) else words, key)
    return telex.letter_typed(words, key)


def _lettered(words: str, key: str) -> str:
    if not words or words.rstrip().endswith(tuple(_ENDS)):
        return words + key.upper()
    return telex.typed(words, key) if key.isalpha() else words + key


ACTIVITY = Feedback
