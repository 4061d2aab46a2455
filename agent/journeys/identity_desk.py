"""The part of a kiosk that finds out who is there: attendant, the hub's key, and what the screen shows meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from agent.identity.attendant import Attendant
from agent.identity.values import CardRead, Prompt


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

    def show(self, prompt: Prompt) -> None:
        """Begin a challenge on the screen."""
        self.prompt = prompt


@dataclass(slots=True, kw_only=True)
class IdentityDesk:
    """Attendant and sealing key; `has_staff` says that somebody here may vouch for a citizen with a PIN.

    `scene` is what is going on now; `vouchers` holds, per visit, the member of staff who has vouched.
    """

    attendant: Attendant
    sealing_key: X25519PublicKey
    has_staff: bool = False
    scene: Scene | None = None
    vouchers: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def showing(self, visit: str) -> Iterator[Scene]:
        """Yield the scene of a try; whatever is in it is gone afterwards."""
        self.scene = Scene(visit=visit)
        try:
            yield self.scene
        finally:
            self.scene = None
