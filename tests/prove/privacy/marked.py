"""The attendant of the proof: simulated, and everything that it reports carries a mark."""

import logging

from agent.identity.attendant import Attendant, Show
from agent.identity.values import CardRead, Light, Prompt, Seen
from contract.clock import Deadline
from contract.identity_evidence import Cue, CueScore, FaceScore
from contract.ids import sha256_hex
from contract.messages import CardSource, IdentityResult
from tests.prove.privacy.markers import Marks, marked_jpeg

log = logging.getLogger(__name__)


class MarkedAttendant(Attendant):
    """Simulated: sees the person of these marks; `talks` makes it write a name into the log, which is to be found."""

    def __init__(self, seed: int, *, talks: bool = False) -> None:
        self._marks, self._talks = Marks.drawn(seed), talks

    async def read_card(self, deadline: Deadline) -> CardRead:
        marks = self._marks
        if self._talks:
            log.warning("read the card of %s", marks.name)
        return CardRead(
            source=CardSource.CHIP, verified=True, reason="GENUINE", name=marks.name, number=marks.number,
            born=marks.born, portrait=marked_jpeg(marks.portrait, 40),
        )  # fmt: skip

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        marks, frame = self._marks, marked_jpeg(self._marks.frame, 60)
        lights = (Light(start_s=0.0, colour=(1.0, 0.1, 0.1)),)
        show(Prompt(challenge="proof-1", lights=lights, turn="left", turn_at_s=1.0, length_s=3.6))
        return Seen(
            challenge="proof-1", face=FaceScore(result=IdentityResult.MATCH, score=marks.score, threshold=0.6),
            alive=True, cues=(CueScore(cue=Cue.LIGHT, score=marks.cue, passed=True),), frame=frame,
            frames_sha256=sha256_hex(b"proof-1" + frame),
        )  # fmt: skip

    async def photograph(self, deadline: Deadline) -> bytes:
        return marked_jpeg(self._marks.still, 80)
