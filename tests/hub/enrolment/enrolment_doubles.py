"""A hub where kiosks enrol, served over TLS as its process does it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from hub_doubles import KIOSK, PREPARING_KIOSK, officer, opened

from agent.link.device_key import DeviceKey
from agent.link.mqtt import Credentials
from contract.clock import Clock
from contract.messages import LegalMode
from hub.config import AgencyConfig, HubConfig, MqttConfig
from hub.console.settings import ConsoleConfig
from hub.enrolment import codes
from hub.enrolment.devices import Devices, Request
from hub.enrolment.server import EstServer
from hub.enrolment.settings import EnrolmentConfig
from hub.rooms import Hub
from hub.roster import KioskConfig, Role
from hub.signing.pki import Pki, ensure
from provisioning.onebox.child import free_port

OPERATOR = "may"


def with_enrolment(config: HubConfig) -> HubConfig:
    port = free_port()
    place = EnrolmentConfig(port=port, address=f"localhost:{port}", broker="localhost:8883")
    return msgspec.structs.replace(config, enrolment=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The hub, its keys and its word on devices."""

    hub: Hub
    pki: Pki
    devices: Devices

    def ticket(self, kiosk: str = "tram-01"):
        return codes.make(self.hub, OPERATOR, kiosk, self.devices.ca_sha256)


def town(hub: Hub) -> Town:
    keys = ensure(hub.config.data_dir / "pki", hub.clock, agency=hub.config.agency.name, certifiers=())
    return Town(hub=hub, pki=keys, devices=Devices(hub, keys))


def made(folder: Path, clock: Clock) -> Town:
    config = HubConfig(
        data_dir=folder / "hub",
        verify_base_url="https://tram.example.vn/V",
        agency=AgencyConfig(name="UBND phường Mẫu", code="H26.1.23", place="Hà Nội", province="Hà Nội"),
        mqtt=MqttConfig(host="127.0.0.1", port=1, ca=Path("ca"), cert=Path("cert"), key=Path("key")),
        officers=(officer(OPERATOR, Role.OPERATOR),),
        console=ConsoleConfig(second_factor=False),
        kiosks=(
            KioskConfig(id=KIOSK, site="Mẫu", legal_mode=LegalMode.PILOT_REMOTE, legal_decision="QĐ 1/QĐ-UBND"),
            KioskConfig(id=PREPARING_KIOSK, site="Chung cư Mẫu", legal_mode=LegalMode.PREPARE_ONLY),
        ),
    )
    return town(opened(with_enrolment(config), clock))  # type: ignore[arg-type]


def enrolled(place: Town, folder: Path) -> Credentials:
    """Return the files of a kiosk that enrolled."""
    key = DeviceKey.make(folder / "device.key")
    issued = place.devices.enrol(Request.read(key.request(KIOSK)), place.ticket().code)
    for name, certificate in (("device.pem", issued), ("ca.pem", place.devices.authority)):
        (folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Credentials(ca=folder / "ca.pem", certificate=folder / "device.pem", key=key)


@asynccontextmanager
async def served(place: Town) -> AsyncIterator[str]:
    """Yield host:port while the server runs."""
    config = place.hub.config.enrolment
    assert config is not None
    server = EstServer(config, place.devices, place.pki)
    running = asyncio.create_task(server.run_for_ever())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield config.address
    finally:
        server.should_exit = True
        await running
