"""A kiosk that knows only the contract, a certifier without keys, and a draft like the kiosk's."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pikepdf
import uvicorn
from argon2 import PasswordHasher
from cryptography import x509
from fastapi import FastAPI

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid, sha256_hex
from contract.layout import UNSIGNED_MARK_KEY
from contract.messages import (
    BlobRef,
    CertifyRequest,
    LegalMode,
    Presented,
    QuoteLine,
    ReadFact,
    ReplyEnvelope,
    RequestEnvelope,
)
from hub.config import HubConfig
from hub.faults import PinUnfit, PinWrong
from hub.intake.answers import Outgoing
from hub.intake.handler import Intake
from hub.register import decisions
from hub.register.decisions import Decision
from hub.rooms import Hub
from hub.roster import OfficerConfig, Role
from hub.signing import profiles
from hub.signing.faults import SigningFault
from hub.signing.signers import PinState
from hub.signing.values import Attestation, SignedCopy
from hub.store import roster
from hub.store.database import Database
from hub.store.tables import Verdict

PASSWORD = "đúng mật khẩu"
PIN = "482913"
KIOSK, PREPARING_KIOSK = "tram-01", "tram-02"


@lru_cache
def password_hash() -> str:
    """A hash that costs little to check: argon2 is slow on purpose, and hundreds of tests log in."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@lru_cache
def draft_pdf(pages: int = 1, mark: str = "a") -> bytes:
    """A draft as the kiosk makes it, without an image."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(210 / 25.4 * 72, 297 / 25.4 * 72))
        unsigned = pikepdf.Stream(pdf, b"q Q")
        unsigned[UNSIGNED_MARK_KEY] = True
        drawn = pikepdf.Stream(pdf, f"q 0.9 g 100 100 200 300 re f Q % {mark}".encode())
        page.obj["/Contents"] = pdf.make_indirect(
            pikepdf.Array([pdf.make_indirect(drawn), pdf.make_indirect(unsigned)])
        )
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def officer(login: str, role: Role = Role.CERTIFIER, *, until: date | None = None) -> OfficerConfig:
    return OfficerConfig(
        login=login,
        password_hash=password_hash(),
        name="Trần Thị Mẫu",
        title="Phó Chủ tịch",
        role=role,
        authority_document="QĐ 12/QĐ-UBND",
        valid_from=date(2026, 1, 1),
        valid_to=until,
    )


@cache
def empty_tables() -> bytes:
    """A new hub's tables as SQLite's file: a copy of it takes a thirtieth of the migrations that made it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "hub.sqlite"
        Database.opened(f"sqlite:///{file}").close()
        return file.read_bytes()


def opened(config: HubConfig, clock: SimulatedClock) -> Hub:
    """Open the hub as its process does at start, with the officers' keys open."""
    if not config.database and not config.data_dir.exists():
        config.data_dir.mkdir(parents=True, mode=0o700)
        (config.data_dir / "hub.sqlite").write_bytes(empty_tables())
    hub = Hub.open(config, clock)
    roster.take_over(hub.database, config, clock.now())
    for each in config.officers:
        hub.open_keys.put(each.login, KeyDouble(), console="", until=clock.now() + timedelta(days=400))
    return hub


class KeyDouble:
    """An officer's open key that signs nothing; the certifier double needs none."""

    certificate = None
    closed = False
    is_open = True

    def sign(self, message: bytes) -> bytes:
        raise NotImplementedError

    def close(self) -> None:
        self.closed = True


class KeysDouble:
    """A store of officers' keys with one PIN for all."""

    def __init__(self) -> None:
        self.opened: list[KeyDouble] = []

    def pin_state(self, name: str) -> PinState:
        return PinState.CHOSEN

    def choose_pin(self, name: str, pin: str) -> None:
        raise PinUnfit("This key has its PIN already.")

    def open(self, name: str, pin: str) -> KeyDouble:
        if pin != PIN:
            raise PinWrong("The PIN does not open the key.")
        self.opened.append(KeyDouble())
        return self.opened[-1]


class KioskDouble:
    """A kiosk that knows only the contract; hands its messages to the intake without a broker."""

    def __init__(self, hub: Hub, kiosk: str = KIOSK) -> None:
        self.hub, self.id = hub, kiosk
        self.intake = Intake(hub)

    def request(self, draft: bytes, **changes: object) -> tuple[str, bytes]:
        """Return id and bytes of a certify request."""
        now = self.hub.clock.now()
        request_id = new_ulid(now)
        body = msgspec.structs.replace(certify_request(draft, self.id), **changes)
        return request_id, messages.encode(RequestEnvelope(v=1, id=request_id, at=now, body=body))

    def ask(self, payload: bytes, kind: str = "certify") -> list[Outgoing]:
        return self.intake.handle(topics.up(self.id, "request", kind), payload)

    def send_chunks(self, draft: bytes, name: str = "") -> list[Outgoing]:
        """Send all chunks; return the answers to the last one."""
        answers: list[Outgoing] = []
        for n in range(topics.chunk_count(len(draft))):
            chunk = draft[n * topics.BLOB_CHUNK_BYTES : (n + 1) * topics.BLOB_CHUNK_BYTES]
            answers = self.intake.handle(topics.up(self.id, "blob", name or sha256_hex(draft), n), chunk)
        return answers

    def queue_paper(self, draft: bytes | None = None, **changes: object) -> str:
        """Bring a paper into the officers' queue; return the request's id."""
        draft = draft_pdf() if draft is None else draft
        request_id, payload = self.request(draft, **changes)
        self.ask(payload)
        assert bodies(self.send_chunks(draft))[-1].__class__.__name__ == "Waiting"
        return request_id


def certify_request(draft: bytes, kiosk: str = KIOSK) -> CertifyRequest:
    mode = LegalMode.PREPARE_ONLY if kiosk == PREPARING_KIOSK else LegalMode.PILOT_REMOTE
    return CertifyRequest(
        draft=BlobRef(sha256=sha256_hex(draft), size_bytes=len(draft)),
        pages=1,
        copies=2,
        electronic=True,
        kind="KHAI_SINH",
        title="Giấy khai sinh",
        requester_name="Nguyễn Văn Mẫu",
        facts=(ReadFact(name="so", label="Số", value="12/2020", confidence=0.9, sure=True, page=1, box=(1, 2, 3, 4)),),
        quote=QuoteLine(state_fee_vnd=4000, exemption_vnd=0, exemption_basis="", print_cost_vnd=2000, total_vnd=6000),
        paid_vnd=6000,
        legal_mode=mode,
        legal_decision="",
        presented=Presented.KIOSK_BED_CAMERA,
        scanned_at=datetime(2026, 11, 23, 1, 59, tzinfo=UTC),
    )


def bodies(answers: list[Outgoing]) -> list[messages.Reply]:
    """The replies' bodies in order."""
    return [messages.decode(ReplyEnvelope, each.payload).body for each in answers if "/down/reply/" in each.topic]


@lru_cache
def certificate() -> x509.Certificate:
    """A certificate that nobody looks at closely."""
    return profiles.root(profiles.machine("Ai đó"), datetime(2026, 1, 1, tzinfo=UTC)).certificate


class CertifierDouble:
    """Appends a line instead of signatures; fails as often as told."""

    def __init__(self, *, faults: list[SigningFault] | None = None) -> None:
        self.faults = faults or []
        self.certified: list[Attestation] = []

    def certify(self, draft: bytes, attestation: Attestation, signer: object) -> SignedCopy:
        if self.faults:
            raise self.faults.pop(0)
        self.certified.append(attestation)
        tail = f"\n% {attestation.register_label}".encode() + b"." * 70_000
        return SignedCopy(
            tail=tail,
            copy_sha256=hashlib.sha256(draft + tail).hexdigest(),
            copy_pages=1,
            level="PAdES B-LTA",
            lacks="",
            certifier_certificate=certificate(),
            agency_certificate=certificate(),
            signed_at=attestation.issued_at,
            verify_url=f"https://tram.example.vn/V/{attestation.copy_id}",
        )


def approve(hub: Hub, request_id: str, login: str = "mau") -> None:
    decision = Decision(verdict=Verdict.APPROVE, original_seen=Presented.KIOSK_BED_CAMERA)
    decisions.record(hub, login, request_id, decision)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free local port; give its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
