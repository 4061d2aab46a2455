"""A kiosk that found out who was there, seen from the hub: a sealed piece of evidence and the request that names it."""

from datetime import date
from io import BytesIO

import msgspec
from hub_doubles import KioskDouble, draft_pdf
from PIL import Image, ImageDraw

from contract import messages, topics
from contract.identity_evidence import Cue, CueScore, FaceScore, IdentityEvidence, SealingKey, seal
from contract.ids import new_ulid, sha256_hex
from contract.messages import (
    BlobRef,
    CardSource,
    EvidenceRequest,
    IdentityCheck,
    IdentityMethod,
    IdentityResult,
    RequestEnvelope,
)
from hub.intake.answers import Outgoing
from hub.rooms import Hub


def drawn_face(ground: str) -> bytes:
    """A drawing of nobody, as JPEG."""
    picture = Image.new("RGB", (300, 400), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((75, 80, 225, 290), fill="#e8b995")
    for x in (115, 165):
        pen.ellipse((x, 160, x + 22, 174), fill="#3b2b20")
    pen.arc((115, 190, 185, 250), 20, 160, fill="#8c3a3a", width=5)
    pen.rectangle((40, 310, 260, 400), fill="#35506b")
    pen.pieslice((65, 60, 235, 220), 180, 360, fill="#241c18")
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def evidence(hub: Hub, method: IdentityMethod = IdentityMethod.FACE) -> IdentityEvidence:
    measured = method is IdentityMethod.FACE
    return IdentityEvidence(
        taken_at=hub.clock.now(), card=CardSource.CHIP, card_verified=True, card_reason="GENUINE",
        name="NGUYỄN VĂN MẪU", number="001090000042", born=date(1990, 1, 31), portrait=drawn_face("#cfe0ee"),
        frame=drawn_face("#ddd5c8"), challenge="c1" if measured else "", frames_sha256="ab" * 32 if measured else "",
        face=FaceScore(result=IdentityResult.MATCH, score=0.81, threshold=0.6) if measured else None,
        cues=tuple(CueScore(cue=cue, score=0.9, passed=True) for cue in Cue) if measured else (),
    )  # fmt: skip


class Witness:
    """One case: evidence sealed for it, and how a kiosk brings both to the hub."""

    def __init__(self, kiosk: KioskDouble, method: IdentityMethod = IdentityMethod.FACE) -> None:
        self.kiosk, now = kiosk, kiosk.hub.clock.now()
        self.case, self.evidence = new_ulid(now), evidence(kiosk.hub, method)
        key = SealingKey(public=kiosk.hub.evidence_keys.current.public_key(), is_named=True)
        self.sealed = seal(self.evidence, key, kiosk=kiosk.id, case=self.case)
        self.blob = BlobRef(sha256=sha256_hex(self.sealed), size_bytes=len(self.sealed))
        self.check = IdentityCheck(
            method=method, result=IdentityResult.MATCH if method is IdentityMethod.FACE else IdentityResult.UNSURE,
            checked_at=now, case=self.case, card=CardSource.CHIP, card_verified=True, challenge="c1",
            consent="sha256:0", evidence=self.blob,
        )  # fmt: skip

    def queued(self, draft: bytes | None = None, **changes: object) -> str:
        """Bring a paper with its evidence before the officers; return the request's id."""
        paper = self.kiosk.queue_paper(draft or draft_pdf(), identity=self.check, **changes)
        self.send(paper)
        return paper

    def ask(self, paper: str, blob: BlobRef | None = None) -> list[Outgoing]:
        """Ask the hub to take the evidence."""
        now = self.kiosk.hub.clock.now()
        body = EvidenceRequest(request=paper, blob=blob or self.blob)
        return self.kiosk.ask(messages.encode(RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body)), "evidence")

    def send(self, paper: str) -> list[Outgoing]:
        """Send all of it as a kiosk does; return the hub's last answer."""
        self.ask(paper)
        self.send_chunks()
        return self.ask(paper)

    def send_chunks(self) -> None:
        for n in range(topics.chunk_count(len(self.sealed))):
            chunk = self.sealed[n * topics.BLOB_CHUNK_BYTES : (n + 1) * topics.BLOB_CHUNK_BYTES]
            topic = topics.up(self.kiosk.id, "blob", self.blob.sha256, n)
            assert self.kiosk.intake.handle(topic, chunk) == []

    def elsewhere(self, case: str) -> None:
        """Claim that the evidence is another case's."""
        self.check = msgspec.structs.replace(self.check, case=case)
