"""The attendant of a real kiosk: first the card, then the person in the light of screen and lamp ring."""

from pathlib import Path

import numpy as np

from agent.apart import WorkerCrashed, run_apart
from agent.attendant.card import CardDesk
from agent.attendant.judge import Judged, NotJudged, judge
from agent.attendant.pictures import jpeg
from agent.attendant.watch import CameraWatch, Footage, Watch
from agent.devices.cabinet import Cabinet
from agent.devices.camera import Camera
from agent.devices.card_reader import CardReader
from agent.identity.attendant import Attendant, Show
from agent.identity.chip import trust
from agent.identity.errors import FaceUnusable, LookFailed
from agent.identity.face.values import Reference
from agent.identity.face.values import Verdict as FaceVerdict
from agent.identity.liveness.challenge import Challenge, Challenges
from agent.identity.liveness.verdict import Cue as LivenessCue
from agent.identity.liveness.verdict import Outcome, weights
from agent.identity.values import CardRead, Seen
from contract.clock import Clock, Deadline
from contract.identity_evidence import Cue, CueScore, FaceScore
from contract.messages import CardSource, IdentityResult

_RESULTS = {
    FaceVerdict.MATCH: IdentityResult.MATCH,
    FaceVerdict.NO_MATCH: IdentityResult.NO_MATCH,
    FaceVerdict.UNSURE: IdentityResult.UNSURE,
}
_REFERENCES = {CardSource.CHIP: Reference.CHIP_PORTRAIT, CardSource.PRINTED: Reference.PRINTED_PORTRAIT}


class KioskAttendant(Attendant):
    """Camera, and where they are there, card reader and lamp ring; faces are measured in a process of their own.

    `country_signers` is the folder of what states publish (agent.identity.chip.trust). Raises TrustUnreadable. A set of
    stand-ins gives another `watch`.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        clock: Clock,
        country_signers: Path,
        card_reader: CardReader | None = None,
        cabinet: Cabinet | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._camera = camera
        self._cards = CardDesk(camera, card_reader, trust.load(country_signers), clock)
        self._watch = watch or CameraWatch(camera, cabinet, clock)
        self._challenges = Challenges(clock)

    async def read_card(self, deadline: Deadline) -> CardRead:
        """Return what chip or print say; the camera goes off again."""
        try:
            return await self._cards.read(deadline)
        finally:
            await self._camera.close()

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        """Return what camera and lights showed; raise FaceUnusable, LookFailed or a fault of the camera."""
        challenge = self._challenges.issue()
        footage = await self._watch.watch(challenge, show)
        self._challenges.redeem(challenge)
        return _seen(challenge, await self._judge(card, challenge, footage, deadline))

    async def photograph(self, deadline: Deadline) -> bytes:
        """Return a still."""
        try:
            still = await self._camera.still(deadline)
        finally:
            await self._camera.close()
        return jpeg(still.pixels)

    async def _judge(self, card: CardRead, challenge: Challenge, footage: Footage, deadline: Deadline) -> Judged:
        given = card.portrait, _REFERENCES[card.source], challenge, footage.frames, footage.times_s
        try:
            judged = await run_apart(deadline.remaining_s, judge, *given)
        except (TimeoutError, WorkerCrashed) as fault:
            raise LookFailed(str(fault) or "it took too long") from fault
        if isinstance(judged, NotJudged):
            if judged.problem:
                raise FaceUnusable(judged.problem.value, vi=judged.problem.vi, en=judged.problem.en)
            raise LookFailed(judged.detail)
        return judged


def _seen(challenge: Challenge, judged: Judged) -> Seen:
    comparison, liveness = judged.comparison, judged.liveness
    return Seen(
        challenge=challenge.id,
        face=FaceScore(
            result=_RESULTS[comparison.verdict],
            score=_similarity(comparison.distance),
            threshold=_similarity(comparison.match_below),
        ),
        alive=liveness.outcome is Outcome.ALIVE,
        cues=tuple(_cue(cue, score) for cue, score in liveness.scores.items()),
        frame=judged.frame,
        frames_sha256=liveness.evidence.link,
    )


def _similarity(distance: float) -> float:
    """Return 1 for the same picture, falling with the distance."""
    return float(np.clip(1 - distance, -1, 1))


def _cue(cue: LivenessCue, log_odds: float) -> CueScore:
    passed = log_odds >= weights().cues[cue].alone_from
    return CueScore(cue=Cue[cue.name], score=float(np.tanh(log_odds / 2)), passed=passed)
