"""What an officer may look at of a check of identity: sealed in memory, only then written into the visit's spool."""

import asyncio

from agent.identity.values import CardRead, Seen
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from contract.identity_evidence import IdentityEvidence, SealingKey, seal
from contract.ids import sha256_hex
from contract.messages import BlobRef, CardSource, EvidenceRequest, IdentityCheck, IdentityMethod, IdentityResult

SEALED = "identity.sealed"


async def by_face(visit: Visit, kiosk: Kiosk, key: SealingKey, card: CardRead, seen: Seen, text: str) -> IdentityCheck:
    """Return the result of a look; evidence of it is kept only where the face is the card's."""
    result = _fused(card, seen)
    evidence = _evidence(kiosk, card, seen.frame, seen) if result is IdentityResult.MATCH else None
    return IdentityCheck(
        method=IdentityMethod.FACE,
        result=result,
        checked_at=kiosk.clock.now(),
        case=visit.id,
        card=card.source,
        card_verified=card.verified,
        challenge=seen.challenge,
        consent=text,
        evidence=await _keep(visit, kiosk, key, evidence) if evidence else None,
    )


async def by_still(
    visit: Visit, kiosk: Kiosk, key: SealingKey, card: CardRead, frame: bytes, text: str
) -> IdentityCheck:
    """Return the question to the officer whether still and card show the same person."""
    return IdentityCheck(
        method=IdentityMethod.STILL,
        result=IdentityResult.UNSURE,
        checked_at=kiosk.clock.now(),
        case=visit.id,
        card=card.source,
        card_verified=card.verified,
        consent=text,
        evidence=await _keep(visit, kiosk, key, _evidence(kiosk, card, frame, None)),
    )


async def send(visit: Visit, kiosk: Kiosk, round_: int, request: str, check: IdentityCheck | None) -> None:
    """Put the sealed evidence on its way to the hub, behind the request that names it."""
    if check is None or check.evidence is None:
        return
    body = EvidenceRequest(request=request, blob=check.evidence)
    path = kiosk.ledger.spool(visit.id).path(SEALED)
    await visit.step(f"evidence {round_}", str, lambda key, _deadline: kiosk.link.request(key, visit.id, body, path))


def _fused(card: CardRead, seen: Seen) -> IdentityResult:
    """A face that matches counts only where it was alive, and a chip's portrait only where the chip is believed."""
    if seen.face.result is not IdentityResult.MATCH:
        return seen.face.result
    is_believed = card.verified or card.source is CardSource.PRINTED
    return IdentityResult.MATCH if seen.alive and is_believed else IdentityResult.UNSURE


def _evidence(kiosk: Kiosk, card: CardRead, frame: bytes, seen: Seen | None) -> IdentityEvidence:
    return IdentityEvidence(
        taken_at=kiosk.clock.now(),
        card=card.source,
        card_verified=card.verified,
        card_reason=card.reason,
        name=card.name,
        number=card.number,
        born=card.born,
        portrait=card.portrait,
        frame=frame,
        face=seen.face if seen else None,
        cues=seen.cues if seen else (),
        challenge=seen.challenge if seen else "",
        frames_sha256=seen.frames_sha256 if seen else "",
    )


async def _keep(visit: Visit, kiosk: Kiosk, key: SealingKey, evidence: IdentityEvidence) -> BlobRef:
    sealed = await asyncio.to_thread(seal, evidence, key, kiosk=kiosk.place.kiosk, case=visit.id)
    await kiosk.ledger.spool(visit.id).write(SEALED, sealed)
    return BlobRef(sha256=sha256_hex(sealed), size_bytes=len(sealed))
