"""What is known of the person before the kiosk; it lives in memory for one try and is never written down unsealed."""

from dataclasses import dataclass
from datetime import date

from contract.identity_evidence import CueScore, FaceScore
from contract.messages import CardSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """What a card says of its holder; `portrait` is a JPEG.

    `verified` says that the chip's data are the state's (passive authentication), `reason` in a word why they are, or
    are not. What is read from the print (CardSource.PRINTED) is never verified.
    """

    source: CardSource
    verified: bool
    reason: str
    name: str
    number: str
    born: date | None
    portrait: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one challenge: how like the portrait the face is, and whether it was alive and present.

    `frame` is the best live frame (JPEG); `frames_sha256` hashes all frames, one onto the other, from the challenge's
    id on (hexadecimal).
    """

    challenge: str
    face: FaceScore
    alive: bool
    cues: tuple[CueScore, ...]
    frame: bytes
    frames_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One colour of the whole screen (red, green, blue; linear, 0..1), from `start_s` after the challenge's start."""

    start_s: float
    colour: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the screen does during a challenge of `length_s`: its lights in turn, and when it asks for which turn of the
    head: "left" or "right" as the citizen sees it.
    """

    challenge: str
    lights: tuple[Light, ...]
    turn: str
    turn_at_s: float
    length_s: float
