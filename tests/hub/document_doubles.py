"""A kiosk that sends digitised papers, and a connected system that asks for them."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import cv2
import msgspec
import numpy as np
from fastapi.testclient import TestClient
from httpx import Response
from hub_doubles import KIOSK, bodies

from agent.copies.draft import DraftPage, build
from agent.copies.image import encode
from agent.reading.values import Line
from contract import messages, topics
from contract.clock import SimulatedClock
from contract.digital import Condition, Metadata
from contract.ids import new_ulid, sha256_hex
from contract.messages import BlobRef, DigitiseRequest, Filed, LegalMode, Reply, RequestEnvelope
from hub.dossiers import documents
from hub.dossiers.signing import DocumentQueue
from hub.intake.handler import Intake
from hub.rooms import Hub
from hub.signing.pki import Pki

TOKEN, READERS_TOKEN = "t" * 40, "r" * 40
SECRET = "A1" * 20
DIGITISED_AT = datetime(2026, 11, 23, 1, 0, 7, tzinfo=UTC)
COMPLETE = Metadata(
    type_name="Quyết định", code_number="45", code_notation="QĐ-UBND", issued_date=date(2026, 3, 4),
    organ_name="UBND phường Mẫu", subject="Về việc nghỉ hưu", page_amount=1, format=Condition.A.said,
)  # fmt: skip


@cache
def draft(text: str = "Quyết định số 45/QĐ-UBND", pages: int = 1) -> bytes:
    """A kiosk's own draft of a digitised paper: a drawn page over invisible text."""
    pixels = np.full((3508, 2480, 3), 255, np.uint8)
    cv2.putText(pixels, "45/QD-UBND", (300, 600), cv2.FONT_HERSHEY_SIMPLEX, 4, (0, 0, 0), 8)
    cv2.circle(pixels, (1700, 2600), 200, (200, 20, 30), 12)
    line = Line(text=text, box=(25.0, 45.0, 110.0, 52.0), confidence=0.98, sure=True)
    drawn = [DraftPage(image=encode(pixels), lines=(line,))] * pages
    return build(
        drawn, title=text, legal_mode=LegalMode.PREPARE_ONLY, made_at=DIGITISED_AT, kiosk=KIOSK, is_attested=False
    )


@dataclass
class Town:
    """The hub, a kiosk that digitises, and a connected system's way in."""

    hub: Hub
    keys: Pki
    web: TestClient
    clock: SimulatedClock
    queue: DocumentQueue
    dossier: str
    backups: tuple[Path, ...]
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.intake = Intake(self.hub)

    def request(self, pdf: bytes, **changes: object) -> tuple[str, bytes]:
        body = DigitiseRequest(
            draft=BlobRef(sha256=sha256_hex(pdf), size_bytes=len(pdf)),
            dossier=self.dossier,
            procedure="1.001193",
            component="TO_KHAI",
            documents=1,
            kind="QUYET_DINH",
            condition=Condition.A,
            pages_counted=1,
            pages=1,
            metadata=COMPLETE,
            secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
            digitised_at=DIGITISED_AT,
        )
        now = self.clock.now()
        id_ = new_ulid(now)
        changed = msgspec.structs.replace(body, **changes)
        return id_, messages.encode(RequestEnvelope(v=1, id=id_, at=now, body=changed))

    def ask(self, payload: bytes) -> Reply:
        (said,) = bodies(self.intake.handle(topics.up(KIOSK, "request", "digitise"), payload))
        return said

    def send(self, pdf: bytes, only: range | None = None) -> None:
        for n in only if only is not None else range(topics.chunk_count(len(pdf))):
            part = pdf[n * topics.BLOB_CHUNK_BYTES : (n + 1) * topics.BLOB_CHUNK_BYTES]
            assert self.intake.handle(topics.up(KIOSK, "blob", sha256_hex(pdf), n), part) == []

    def file(self, pdf: bytes | None = None, **changes: object) -> str:
        """File a paper; return its code without the version."""
        pdf = draft() if pdf is None else pdf
        _, payload = self.request(pdf, **changes)
        self.ask(payload)
        self.send(pdf)
        said = self.ask(payload)
        assert isinstance(said, Filed), said
        return said.doc_code.removesuffix("_V1")

    def sign(self, base_code: str) -> None:
        """Let an officer accept a document, and the agency's key sign it."""
        documents.accept(self.hub, base_code, COMPLETE, "mau")
        assert self.queue.sign_next()

    def call(self, method: str, path: str, *, token: str = TOKEN, **more: object) -> Response:
        return self.web.request(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)
