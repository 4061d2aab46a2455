"""A hub that serves its console on a real port, with specimens in the queue, for a browser to work at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from hub_doubles import PASSWORD, KeysDouble, KioskDouble, serving
from playwright.sync_api import Browser, Page

from agent.copies import draft, image
from agent.reading.understand import understand
from agent.reading.values import Line, Quality, ReadPage, Understanding
from contract.grounds import Ground
from contract.messages import LegalMode, Presented, ReadFinding, Severity
from hub import draft_pdf
from hub.console.app import create_app
from hub.rooms import Hub
from models import specimens

KINDS = ("KHAI_SINH", "BANG_TOT_NGHIEP", "KET_HON", "QUYET_DINH", "CHUNG_CHI")
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Thu Dung", "Hoàng Đức Em", "Vũ Ngọc Giang")
MADE_AT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
SHARP = Quality(sharpness=1.0, contrast=1.0, source_dpi=300, ink_share=0.1, cut_edges=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the console answers."""

    hub: Hub
    url: str
    keys: KeysDouble


@contextmanager
def served(hub: Hub, keys: KeysDouble) -> Iterator[Served]:
    """Serve the console of `hub` on a free local port."""
    with serving(create_app(hub, lambda: b"{}", keys)) as url:
        yield Served(hub=hub, url=url, keys=keys)


@lru_cache
def paper(kind: str, seed: int) -> tuple[bytes, Understanding]:
    """Return a specimen as the kiosk drafts it, and what the kiosk's own rules make of its (true) lines."""
    made = specimens.scan(specimens.make(kind, seed), seed, strength="clean")
    pages, read = [], []
    for number, (picture, lines) in enumerate(zip(made.pages, made.lines, strict=True), 1):
        encoded = image.encode(np.asarray(picture.convert("RGB"), dtype=np.uint8))
        said = tuple(_line(line, seed + at) for at, line in enumerate(lines))
        pages.append(draft.DraftPage(image=encoded, lines=said))
        read.append(
            ReadPage(number=number, lines=said, quality=SHARP, width_mm=encoded.width_mm, height_mm=encoded.height_mm)
        )
    content = draft.build(pages, title=kind, legal_mode=LegalMode.PILOT_REMOTE, made_at=MADE_AT, kiosk="tram-01")
    return content, understand(read, [()] * len(read), today=MADE_AT.date())


def queue_specimens(kiosk: KioskDouble, count: int, *, kinds: tuple[str, ...] = KINDS) -> list[str]:
    """Bring that many specimens into the queue; return their ids, oldest first."""
    return [queue_specimen(kiosk, kinds[n % len(kinds)], 1 + n // len(kinds) % 2, n) for n in range(count)]


def queue_specimen(kiosk: KioskDouble, kind: str, seed: int, number: int = 0, **changes: object) -> str:
    """Bring one specimen into the queue; each is a paper of its own, also where the specimen is the same."""
    content, found = paper(kind, seed)
    says = {
        "kind": found.kind,
        "title": found.title,
        "facts": found.facts,
        "pages": draft_pdf.page_count(content),
        "requester_name": f"{NAMES[number % len(NAMES)]} (mẫu)",
        "presented": Presented.KIOSK_BED_CAMERA,
        "scanned_at": kiosk.hub.clock.now(),
    }
    return kiosk.queue_paper(content, **(says | changes))


def finding(page: int = 1, box: tuple[float, float, float, float] = (60, 90, 120, 98)) -> ReadFinding:
    """Return what a kiosk says about a place that looks altered."""
    return ReadFinding(
        ground=Ground.A22_1_ALTERED.value, severity=Severity.ASK, text="Nét số ở dòng này khác các dòng bên.",
        page=page, box=box,
    )  # fmt: skip


def _line(line: specimens.TruthLine, at: int) -> Line:
    sure = at % 7 != 0
    box = tuple(edge * 25.4 / 300 for edge in line.box)
    return Line(text=line.text, box=box, confidence=0.995 if sure else 0.62, sure=sure)


def logged_in(chromium: Browser, desk: Served, login: str, first: str) -> Page:
    """A browser of its own in which this person has logged in and come to their first page."""
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN").new_page()
    page.goto(f"{desk.url}/console/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/{first}")
    return page
