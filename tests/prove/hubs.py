"""Hub processes (two, if not told otherwise) on one database, one folder of blobs and, where asked for, one broker.

Each hub can be killed.

Drafts, chunks and tails are files: both hubs must see the same folder (one machine here, a shared volume in the field).
"""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from agent.copies import draft, image
from contract import messages, topics
from contract.clock import SystemClock
from contract.ids import new_ulid, sha256_hex
from contract.messages import BlobRef, CertifyRequest, LegalMode, Presented, QuoteLine, RequestEnvelope
from hub import config as hub_config
from hub.app import open_pki
from hub.rooms import Hub
from hub.signing.pki import Pki
from hub.store import roster
from provisioning.onebox import broker
from provisioning.onebox.box import TRAM, answers
from provisioning.onebox.child import Child, free_port, port_open
from provisioning.onebox.postgresql import PostgreSql
from provisioning.onebox.settings import AGENCY, DECISION, KIOSK_ID, write_toml

LOGIN, PASSWORD, PIN = "canbo", "một mật khẩu dài", "482913"
STARTS_WITHIN_S = 400.0
LEASE_S = 10.0
"""So that what a killed hub was signing is not waited for a whole minute."""
DATABASES = ("sqlite", "postgresql")


class Hubs:
    """Hubs that run, and a further view of their tables for the proof itself (`self.seen`)."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str = "",
        with_broker: bool = False,
        count: int = 2,
        kiosks: tuple[str, ...] = (KIOSK_ID,),
    ) -> None:
        self.folder, self._broker_port, self._kiosks = folder, free_port(), kiosks
        self.urls = [""] * count
        files = [self._write(number, database) for number in range(count)]
        config = hub_config.load(files[0])
        self.pki: Pki = open_pki(config, SystemClock())
        self.seen = Hub.open(config, SystemClock())
        roster.take_over(self.seen.database, config, SystemClock().now())
        self.broker = self._mosquitto() if with_broker else None
        self._children = [
            Child(f"hub {number}", [str(TRAM), "hub", "--config", str(file)], folder / f"hub-{number}.log")
            for number, file in enumerate(files)
        ]
        self._starting = threading.Lock()

    @property
    def broker_port(self) -> int:
        """Where the broker listens."""
        return self._broker_port

    def start(self) -> None:
        """Start the broker and the hubs, with the officer's key open in each."""
        if self.broker is not None:
            self.broker.start(lambda: port_open(self._broker_port))
        for number in range(len(self.urls)):
            self.start_hub(number)

    def start_hub(self, number: int) -> None:
        """Start a hub and open the officer's key in it."""
        with self._starting:
            self._children[number].start(lambda: answers(f"{self.urls[number]}/health"), within_s=STARTS_WITHIN_S)
            with self.officer(number) as officer:
                if officer.get("/api/key").raise_for_status().json()["pin"] == "NOT_CHOSEN":
                    officer.post("/api/key/pin", json={"pin": PIN}).raise_for_status()
                officer.post("/api/key/session", json={"pin": PIN}).raise_for_status()

    def pid(self, number: int) -> int:
        """Return the process id of a hub; raise ChildFailed where it does not run."""
        return self._children[number].pid

    def kill_hub(self, number: int) -> None:
        """Pull the plug of a hub (SIGKILL)."""
        self._children[number].kill()

    @contextmanager
    def officer(self, number: int) -> Iterator[httpx.Client]:
        """Yield a client that has logged in at a hub."""
        with httpx.Client(base_url=self.urls[number], timeout=300) as client:
            who = {"login": LOGIN, "password": PASSWORD}
            token = client.post("/api/session", json=who).raise_for_status().json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    def stop(self) -> None:
        """Stop everything."""
        for child in (*self._children, *filter(None, (self.broker,))):
            child.stop(within_s=20)
        self.seen.database.close()

    def _write(self, number: int, database: str) -> Path:
        port = free_port()
        self.urls[number] = f"http://127.0.0.1:{port}"
        data, tls = self.folder / "data", self.folder / "data" / "pki" / "broker"
        tree: dict[str, Any] = {
            "data_dir": str(data),
            "database": database,
            "verify_base_url": "https://tram.example.vn/V",
            "agency": AGENCY,
            "mqtt": {
                "host": "127.0.0.1",
                "port": self._broker_port,
                "ca": str(tls / "root.pem"),
                "cert": str(tls / "hub.pem"),
                "key": str(tls / "hub.key.pem"),
            },
            "http": {"port": port},
            "console": {"second_factor": False},
            "stand_ins": {"own_clock": True},
            "signing_lease_s": LEASE_S,
            "officers": [_officer()],
            "kiosks": [
                {"id": each, "site": "Mẫu", "legal_mode": "PILOT_REMOTE", "legal_decision": DECISION}
                for each in self._kiosks
            ],
        }
        return write_toml(self.folder / f"hub-{number}.toml", tree)

    def _mosquitto(self) -> Child:
        server = self.pki.broker.server
        files = broker.BrokerFiles(
            ca=server.authority, crl=self.pki.broker.crl_path, certificate=server.certificate, key=server.key
        )
        config = broker.write_config(self.folder / "broker", self._broker_port, files)
        return Child("broker", ["mosquitto", "-c", str(config)], self.folder / "broker.log")


@contextmanager
def two_hubs(
    database: str,
    *,
    with_broker: bool = False,
    count: int = 2,
    kiosks: tuple[str, ...] = (KIOSK_ID,),
    prepared: Callable[[Hubs], None] = lambda _: None,
) -> Iterator[Hubs]:
    """Yield running hubs on a private database of that kind; everything is thrown away afterwards.

    `prepared` is called before anything of them runs.
    """
    folder = Path(tempfile.mkdtemp(prefix="tram-hubs-", dir="/tmp"))
    tables = Path(tempfile.mkdtemp(prefix="tram-pg-", dir="/tmp"))  # its user can't enter our folder
    server = PostgreSql(tables) if database == "postgresql" else None
    hubs = None
    try:
        address = _made(server) if server else ""
        hubs = Hubs(folder, database=address, with_broker=with_broker, count=count, kiosks=kiosks)
        prepared(hubs)
        hubs.start()
        yield hubs
    finally:
        if hubs is not None:
            hubs.stop()
        if server is not None:
            server.stop()
        for each in (folder, tables):
            shutil.rmtree(each, ignore_errors=True)


def request(number: int) -> tuple[str, bytes, bytes]:
    """Return id and bytes of a certify request, and its draft: paper `number` of a simulated kiosk."""
    content, now = _draft(number), SystemClock().now()
    body = CertifyRequest(
        draft=BlobRef(sha256=sha256_hex(content), size_bytes=len(content)),
        pages=1,
        copies=1,
        electronic=True,
        kind="KHAI_SINH",
        title=f"Giấy khai sinh (mẫu {number})",
        requester_name="Nguyễn Văn Mẫu",
        facts=(),
        quote=QuoteLine(state_fee_vnd=2000, exemption_vnd=0, exemption_basis="", print_cost_vnd=1000, total_vnd=3000),
        paid_vnd=3000,
        legal_mode=LegalMode.PILOT_REMOTE,
        legal_decision=DECISION,
        presented=Presented.KIOSK_BED_CAMERA,
        scanned_at=now - timedelta(minutes=1),
    )
    request_id = new_ulid(now)
    envelope = RequestEnvelope(v=messages.VERSION, id=request_id, at=now, body=body)
    return request_id, messages.encode(envelope), content


def chunks(content: bytes) -> list[bytes]:
    """Return a draft's chunks as they go up."""
    size = topics.BLOB_CHUNK_BYTES
    return [content[at : at + size] for at in range(0, len(content), size)]


@cache
def _page() -> image.EncodedImage:
    sheet = np.full((3508, 2480, 3), 255, dtype=np.uint8)
    sheet[300:320, 200:2200] = 40
    return image.encode(sheet)


def _draft(number: int) -> bytes:
    page = draft.DraftPage(image=_page(), lines=())
    title = f"Giấy khai sinh (mẫu {number})"
    now = SystemClock().now()
    return draft.build([page], title=title, legal_mode=LegalMode.PILOT_REMOTE, made_at=now, kiosk=KIOSK_ID)


@cache
def _officer() -> dict[str, str]:
    return {
        "login": LOGIN,
        "password_hash": PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD),
        "name": "Trần Thị Mẫu",
        "title": "Phó Chủ tịch",
        "role": "certifier",
        "authority_document": "QĐ 12/QĐ-UBND",
        "valid_from": "2026-01-01",
    }


def _made(server: PostgreSql) -> str:
    server.start()
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE hubs"))
    engine.dispose()
    return server.url("hubs")
