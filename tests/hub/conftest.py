"""A hub in a temporary folder, with officers and kiosks; on SQLite, and where a test asks for it on PostgreSQL too.

`shop` is such a hub with one signed copy made with real keys, and its web application.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PREPARING_KIOSK, CertifierDouble, KioskDouble, approve, bodies, officer, opened
from public_doubles import Shop
from sqlalchemy import create_engine, text

from contract.clock import SimulatedClock
from contract.messages import Certified, LegalMode
from hub.config import AgencyConfig, HubConfig, MqttConfig, StandInsConfig
from hub.console.app import create_app
from hub.console.settings import ConsoleConfig
from hub.intake import requests
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.roster import KioskConfig, Role
from hub.signing import pki, services
from hub.signing.certify import Certifier
from hub.signing.pkcs12_keys import Pkcs12Session
from hub.store.database import Database
from hub.verify.published import PublishedTrust
from provisioning.onebox.postgresql import PostgreSql
from tests.conftest import working_morning


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_databases` on SQLite and on PostgreSQL."""
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """One server for a whole run of one worker; each test has a database of its own, a copy of `template`."""
    folder = Path(tempfile.mkdtemp(prefix="tram-pg-", dir=_in_memory()))  # its user can't enter pytest's folders
    server = PostgreSql(folder, durable=False)
    server.start()
    with create_engine(server.url(), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE template"))
    Database.opened(server.url("template")).close()
    yield server
    server.stop()
    shutil.rmtree(folder)


def _in_memory() -> str:
    """The folder of memory where there is one with room: the copies of `template` need not wait for a disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30 else "/tmp"


_numbers = count()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the hub's tables lie; the mark `both_databases` gives a test each kind."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    server: PostgreSql = request.getfixturevalue("postgresql")
    name = f"hub{next(_numbers)}"
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY"))
        yield server.url(name)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> HubConfig:
    return _config(tmp_path / "hub", database_url)


def _config(data_dir: Path, database_url: str = "") -> HubConfig:
    return HubConfig(
        data_dir=data_dir,
        database=database_url,
        verify_base_url="https://tram.example.vn/V",
        agency=AgencyConfig(name="UBND phường Mẫu", code="H26.1.23", place="Hà Nội", province="Hà Nội"),
        mqtt=MqttConfig(host="127.0.0.1", port=1, ca=Path("ca"), cert=Path("cert"), key=Path("key")),
        officers=(
            officer("mau"),
            officer("hai"),
            officer("cu", until=date(2026, 10, 31)),
            officer("nhan", Role.INTAKE),
            officer("may", Role.OPERATOR),
        ),
        console=ConsoleConfig(second_factor=False),
        stand_ins=StandInsConfig(own_clock=True),
        kiosks=(
            KioskConfig(id=KIOSK, site="Mẫu", legal_mode=LegalMode.PILOT_REMOTE, legal_decision="QĐ 1/QĐ-UBND"),
            KioskConfig(id=PREPARING_KIOSK, site="Chung cư Mẫu", legal_mode=LegalMode.PREPARE_ONLY),
        ),
    )


@pytest.fixture
def hub(config: HubConfig, clock: SimulatedClock) -> Iterator[Hub]:
    hub = opened(config, clock)
    yield hub
    hub.database.close()


@pytest.fixture
def kiosk(hub: Hub) -> KioskDouble:
    return KioskDouble(hub)


@pytest.fixture
def certifier() -> CertifierDouble:
    return CertifierDouble()


@pytest.fixture
def signing(hub: Hub, certifier: CertifierDouble) -> SigningQueue:
    return SigningQueue(hub, certifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The folder of a hub, closed since, with one copy that was signed with real keys, and when that was."""

    folder: Path
    copy: Certified
    at: datetime


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Made once a worker, to be copied by each `shop`."""
    clock, config = working_morning(), _config(tmp_path_factory.mktemp("signed") / "hub")
    hub = opened(config, clock)
    keys = _keys(hub)
    paper = KioskDouble(hub).queue_paper()
    approve(hub, paper)
    assert SigningQueue(hub, Certifier(keys, clock, services.embedded(keys, clock))).sign_next()
    (copy,) = bodies(requests.answer(hub, paper))
    assert isinstance(copy, Certified)
    hub.database.close()
    return Signed(folder=config.data_dir, copy=copy, at=clock.now())


def _keys(hub: Hub) -> pki.Pki:
    """Return the hub's keys, made where there are none, with the officer's open."""
    officers = [pki.Officer(name="Trần Thị Mẫu", title="Phó Chủ tịch")]
    keys = pki.ensure(hub.config.data_dir / "pki", hub.clock, agency=hub.config.agency.name, certifiers=officers)
    key = keys.certifier("Trần Thị Mẫu")
    session = Pkcs12Session(credential=key, certificate=key.certificate)
    hub.open_keys.put("mau", session, console="", until=hub.clock.now() + timedelta(days=1))
    return keys


@pytest.fixture
def shop(signed: Signed, config: HubConfig, clock: SimulatedClock) -> Iterator[Shop]:
    assert not config.database, "the copied folder has its tables in SQLite"
    shutil.copytree(signed.folder, config.data_dir)
    clock.advance((signed.at - clock.now()).total_seconds())
    hub = opened(config, clock)
    keys = _keys(hub)
    with TestClient(create_app(hub, PublishedTrust(hub, keys), keys.officer_keys)) as web:
        yield Shop(hub=hub, keys=keys, web=web, copy=signed.copy, clock=clock)
    hub.database.close()
