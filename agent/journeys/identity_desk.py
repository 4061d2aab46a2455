"""The part of a kiosk that finds out who is there: attendant, the hub's key, and what the screen shows meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from agent.identity.attendant import Attendant, Playing
from agent.identity.values import CardRead, Prompt
from agent.journeys import consent
from contract.identity_evidence import SealingKey


class Stage(StrEnum):
    """What the citizen is asked to do during a try."""

    CARD = "card"
    LOOK = "look"
    PHOTO = "photo"


@dataclass(slots=True, kw_only=True)
class Scene:
    """What stands on the screen for a visit, in memory alone; `prompt` once the challenge has begun."""

    visit: str
    stage: Stage = Stage.CARD
    card: CardRead | None = None
    prompt: Prompt | None = None
    playing: Playing | None = None

    def show(self, prompt: Prompt) -> Playing:
        """Put a challenge on the screen."""
        self.prompt, self.playing = prompt, Playing()
        return self.playing

    def painted(self, challenge: str, at_s: float) -> None:
        """Hear from the screen that a challenge's first light is on the glass; what is old or said twice is nothing."""
        if self.playing and self._is_on(challenge) and not self.playing.painted.done():
            self.playing.painted.set_result(at_s)

    def played(self, challenge: str, at_s: float) -> None:
        """Hear that its last light is over."""
        if self.playing and self._is_on(challenge) and not self.playing.played.done():
            self.playing.played.set_result(at_s)

    def _is_on(self, challenge: str) -> bool:
        return self.prompt is not None and self.prompt.challenge == challenge


@dataclass(slots=True, kw_only=True)
class IdentityDesk:
    """Attendant and sealing key; `has_staff` says that somebody here may vouch for a citizen with a PIN.

    With `asks_population` the citizen also agrees that an officer may ask the population database about the card.
    `scene` is what is going on now; `vouchers` holds, per visit, the member of staff who has vouched, `holders` the
    number that a chip has proven, until its holder has said whether the copy goes to their account.
    """

    attendant: Attendant
    sealing_key: SealingKey
    has_staff: bool = False
    asks_population: bool = False
    scene: Scene | None = None
    vouchers: dict[str, str] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> tuple[str, str]:
        """What the citizen is asked to agree to."""
        return consent.to_face(population=self.asks_population)

    @contextmanager
    def showing(self, visit: str) -> Iterator[Scene]:
        """Yield the scene of a try; whatever is in it is gone afterwards."""
        self.scene = Scene(visit=visit)
        try:
            yield self.scene
        finally:
            self.scene = None
