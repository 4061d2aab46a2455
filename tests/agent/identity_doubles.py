"""People and cards that do not exist, as an attendant reports them."""

import asyncio
from datetime import date

from agent.identity.values import CardRead, Light, Prompt, Seen
from contract.clock import SimulatedClock
from contract.identity_evidence import Cue, CueScore, FaceScore
from contract.messages import CardSource, IdentityResult

PORTRAIT, FRAME, STILL = b"\xff\xd8portrait-of-nobody\xff\xd9", b"\xff\xd8live-frame\xff\xd9", b"\xff\xd8still\xff\xd9"
NUMBER = "001090004242"
PROMPT = Prompt(
    challenge="c1", lights=(Light(start_s=0, colour=(1, 0, 0)), Light(start_s=0.5, colour=(0, 1, 0))), turn="left",
    turn_at_s=1.2, length_s=3.6,
)  # fmt: skip


def card(source: CardSource = CardSource.CHIP, *, verified: bool = True, reason: str = "GENUINE") -> CardRead:
    return CardRead(
        source=source, verified=verified, reason=reason, name="NGUYỄN THỊ KHÔNG CÓ THẬT", number=NUMBER,
        born=date(1990, 1, 1), portrait=PORTRAIT,
    )  # fmt: skip


def seen(result: IdentityResult = IdentityResult.MATCH, *, alive: bool = True, challenge: str = "c1") -> Seen:
    score = {IdentityResult.MATCH: 0.81, IdentityResult.UNSURE: 0.55, IdentityResult.NO_MATCH: 0.12}[result]
    return Seen(
        challenge=challenge, face=FaceScore(result=result, score=score, threshold=0.6), alive=alive, frame=FRAME,
        cues=tuple(CueScore(cue=cue, score=0.9 if alive else 0.1, passed=alive) for cue in Cue),
        frames_sha256="ab" * 32,
    )  # fmt: skip


class StandingClock(SimulatedClock):
    """A clock whose time stands still, so that a journey waits for the test's next touch and for nothing else."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.001)
