"""A hub where kiosks enrol, served over TLS as its process does it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec

from hub.config import EnrolmentConfig, HubConfig
from hub.enrolment import codes
from hub.enrolment.devices import Devices
from hub.enrolment.server import EstServer
from hub.rooms import Hub
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
