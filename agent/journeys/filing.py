"""The papers of a dossier on their way to the hub: drawn up, indexed, sent, and waited for until the hub holds them."""

import asyncio
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from agent.copies.draft import DraftPage, build
from agent.journeys.endings import NotFiled
from agent.journeys.indexing import metadata
from agent.journeys.parts import Kiosk
from agent.journeys.stack import Stack
from agent.journeys.stacks import page_of
from agent.journeys.values import Digitise
from agent.ledger.journal import Visit
from agent.reading.values import Understanding
from contract.clock import Deadline
from contract.digital import Metadata
from contract.dossiers import component_name
from contract.ids import sha256_hex
from contract.messages import BlobRef, DigitiseRequest, Filed, LegalMode, Moment, Rejected, ReplyEnvelope

SECRET = "secret.txt"  # noqa: S105  a file's name
FILED = "filed"
_SECRET_BYTES = 20


class Drawn(Struct, frozen=True, kw_only=True):
    """A paper as a PDF in the spool; `pages` are in it."""

    draft: BlobRef
    pages: int
    at: Moment


async def draw_secret(visit: Visit, kiosk: Kiosk) -> str:
    """Write the secret of the citizen's receipt into the spool and return its SHA-256: the secret is in no journal."""
    secret = secrets.token_hex(_SECRET_BYTES).upper()
    await kiosk.ledger.spool(visit.id).write(SECRET, secret.encode())
    return sha256_hex(secret.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier whose papers are all scanned: of which visit, what the citizen listed, which sheets are which paper."""

    visit: Visit
    kiosk: Kiosk
    wish: Digitise
    stack: Stack

    async def draw_up(self) -> list[Drawn]:
        """Draw up every paper as PDF/A-2b in the spool, with its metadata beside it; raise ReadingError."""
        return [await self._draw_up(at) for at in range(len(self.stack.papers))]

    async def file(self, drawn: Sequence[Drawn], secret_sha256: str) -> list[str]:
        """Send all papers and return their codes once the hub holds them, however long that takes; raise NotFiled."""
        requests = [await self._send(at, each, secret_sha256) for at, each in enumerate(drawn)]
        return [await self._filed(at, request) for at, request in enumerate(requests)]

    async def _draw_up(self, at: int) -> Drawn:
        async def draw(_key: str, _deadline: Deadline) -> Drawn:
            return await self._drawn(at)

        return await self.visit.step(f"draw up {at + 1}", Drawn, draw)

    async def _drawn(self, at: int) -> Drawn:
        spool, held = self.kiosk.ledger.spool(self.visit.id), self.stack.papers[at]
        pages = [
            await page_of(self.visit, self.kiosk, sheet, place) for place, sheet in enumerate(held.sheets, start=1)
        ]
        index = metadata(
            await self._understanding(at),
            pages=len(pages),
            counted=held.declared.pages,
            condition=held.declared.condition,
            component=component_name(self.wish.procedure, held.declared.component),
        )
        now = self.kiosk.clock.now()
        content = await asyncio.to_thread(
            build,
            [DraftPage(image=page.image, lines=page.read.lines) for page in pages],
            title=index.type_name,
            legal_mode=LegalMode.PREPARE_ONLY,  # a kiosk that digitises certifies nothing, wherever it stands
            made_at=now,
            kiosk=self.kiosk.place.kiosk,
            is_attested=False,
        )
        await spool.write(_pdf(at), content)
        await spool.write(_index(at), msgspec.json.encode(index))
        return Drawn(draft=BlobRef(sha256=sha256_hex(content), size_bytes=len(content)), pages=len(pages), at=now)

    async def _send(self, at: int, drawn: Drawn, secret_sha256: str) -> str:
        async def send(key: str, _deadline: Deadline) -> str:
            spool, declared = self.kiosk.ledger.spool(self.visit.id), self.stack.papers[at].declared
            body = DigitiseRequest(
                draft=drawn.draft,
                dossier=self.visit.id,
                procedure=self.wish.procedure,
                component=declared.component,
                documents=len(self.stack.papers),
                kind=(await self._understanding(at)).kind,
                condition=declared.condition,
                pages_counted=declared.pages,
                pages=drawn.pages,
                metadata=msgspec.json.decode(await spool.read(_index(at)), type=Metadata),
                secret_sha256=secret_sha256,
                digitised_at=drawn.at,
            )
            return await self.kiosk.link.request(key, self.visit.id, body, spool.path(_pdf(at)))

        return await self.visit.step(f"send {at + 1}", str, send)

    async def _filed(self, at: int, request: str) -> str:
        async def answer(_key: str, _deadline: Deadline) -> ReplyEnvelope:
            return await self.kiosk.link.answer(request)

        reply = await self.visit.step(f"{FILED} {at + 1}", ReplyEnvelope, answer, within_s=math.inf)
        if isinstance(reply.body, Filed):
            return reply.body.doc_code
        assert isinstance(reply.body, Rejected)
        raise NotFiled(en=f"{reply.body.cause}. {reply.body.remedy}", remedy=reply.body.remedy)

    async def _understanding(self, at: int) -> Understanding:
        raw = await self.kiosk.ledger.spool(self.visit.id).read(f"paper-{at}.json")
        return msgspec.json.decode(raw, type=Understanding)


def _pdf(at: int) -> str:
    return f"document-{at}.pdf"


def _index(at: int) -> str:
    return f"document-{at}.json"
