"""A hub in a temporary folder, with officers and kiosks."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, CertifierDouble, KioskDouble, officer, opened

from contract.clock import SimulatedClock
from contract.messages import LegalMode
from hub.config import AgencyConfig, ConsoleConfig, HubConfig, KioskConfig, MqttConfig, Role
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub


@pytest.fixture
def config(tmp_path: Path) -> HubConfig:
    return HubConfig(
        data_dir=tmp_path / "hub",
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
