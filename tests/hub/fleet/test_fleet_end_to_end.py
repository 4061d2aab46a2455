"""From the operator's wish to the kiosk's deed and back: the real agent process, Mosquitto, and the hub's transport."""

import asyncio
import io
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import which

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hub_doubles import KIOSK, opened

from contract.catalogue import own, packed
from contract.clock import SystemClock
from contract.ids import new_ulid
from contract.note import LogSigner
from hub.config import HubConfig, MqttConfig
from hub.fleet import catalogue, jobs
from hub.fleet.view import sight
from hub.fleet.wishes import Wish
from hub.intake.handler import Intake
from hub.intake.transport import Transport
from hub.rooms import Hub
from hub.signing import pki
from hub.store.tables import JOB_OPEN, JobRow
from provisioning.onebox import broker
from provisioning.onebox.child import Child, free_port, port_open
from tests import kiosk_toml
from tests.beside import beside
from tests.kiosk_screen import called

pytestmark = [
    pytest.mark.skipif(which("mosquitto") is None, reason="mosquitto is not installed"),
    pytest.mark.timeout(300),
]
TRAM = Path(sys.executable).with_name("tram")
SIGNER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())


class Set:
    """Broker and kiosk as processes of their own, beside the hub of this one."""

    def __init__(self, folder: Path, hub: Hub, mosquitto: Child, agent: Child, screen: int) -> None:
        self.folder, self.hub, self.mosquitto, self.agent, self.screen = folder, hub, mosquitto, agent, screen

    async def done(self, wish: Wish) -> JobRow:
        """Ask the kiosk and return the job at its end."""
        job_id = new_ulid(self.hub.clock.now())
        await asyncio.to_thread(jobs.ask, self.hub, "may", KIOSK, job_id, wish)
        async with asyncio.timeout(90):
            while True:
                with self.hub.database.reading() as session:
                    job = session.get_one(JobRow, job_id)
                if job.state not in JOB_OPEN:
                    return job
                await asyncio.sleep(0.1)


@pytest.fixture
async def fleet(tmp_path: Path, config: HubConfig) -> AsyncIterator[Set]:
    clock = SystemClock()
    keys = pki.ensure(tmp_path / "pki", clock, agency="UBND phường Mẫu", certifiers=[])
    port, screen = free_port(), free_port()
    server, own = keys.broker.server, keys.broker.hub
    files = broker.BrokerFiles(
        ca=server.authority, crl=keys.broker.crl_path, certificate=server.certificate, key=server.key
    )
    conf = broker.write_config(tmp_path / "broker", port, files)
    mosquitto = Child("broker", ["mosquitto", "-c", str(conf)], tmp_path / "broker.log")
    mosquitto.start(lambda: port_open(port))
    mqtt = MqttConfig(host="127.0.0.1", port=port, ca=own.authority, cert=own.certificate, key=own.key)
    hub = opened(msgspec.structs.replace(config, mqtt=mqtt), clock)  # type: ignore[arg-type]
    toml = kiosk_toml.written(
        tmp_path,
        kiosk={"id": KIOSK, "legal_mode": "PILOT_REMOTE", "legal_decision": "QĐ 1", "presented": "KIOSK_BED_CAMERA"},
        hub={"port": port, **kiosk_toml.shown(keys.issue_kiosk(KIOSK))},
        screen={"port": screen},
        printer=kiosk_toml.ABSENT_PRINTER,
        guide={"key": str(SIGNER.public)},
    )
    agent = Child("kiosk", [str(TRAM), "kiosk", "--config", str(toml)], tmp_path / "kiosk.log")
    agent.start(lambda: port_open(screen), within_s=90)
    async with beside(Transport(hub, Intake(hub)).run()):
        yield Set(tmp_path, hub, mosquitto, agent, screen)
    for child in (agent, mosquitto):
        child.stop()
    hub.database.close()


async def test_every_verb_is_really_done_by_the_agent(fleet: Set) -> None:
    logs = await fleet.done(Wish(verb="collect-logs"))
    assert logs.state == "DONE" and logs.bundle_sha256
    content = fleet.hub.bundles.get(logs.bundle_sha256)
    assert content and "telemetry.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()

    fresh = packed(msgspec.structs.replace(own(), version=2), SIGNER)
    catalogue.publish(fleet.hub.config.data_dir, fresh, SIGNER.public)
    assert (await fleet.done(Wish(verb="update-catalogue"))).detail.startswith("catalogue 2")

    assert (await fleet.done(Wish(verb="drain"))).state == "DONE"
    order = {"copies": 1, "requester_name": "Mẫu"}
    code, refused = await asyncio.to_thread(called, fleet.screen, "/visits", order)
    assert code == 409 and "ngừng nhận" in str(refused["vi"])

    pid = fleet.agent.pid
    assert (await fleet.done(Wish(verb="restart"))).state == "DONE"
    assert fleet.agent.pid == pid and fleet.agent.alive
    assert (fleet.folder / "kiosk.log").read_text().count("kiosk ready") == 2
    assert (await asyncio.to_thread(called, fleet.screen, "/status"))[1]["service"] == "OUT_OF_SERVICE"
    assert (await asyncio.to_thread(called, fleet.screen, "/guide?q=sao%20y"))[1]["version"] == 2
    assert (await fleet.done(Wish(verb="in-service"))).state == "DONE"
    assert (await asyncio.to_thread(called, fleet.screen, "/visits", order))[0] == 201

    good = await fleet.done(Wish(verb="configure", settings={"telemetry_every_s": 10}))
    assert good.state == "DONE"
    fleet.mosquitto.kill()
    fleet.mosquitto.start(lambda: True)
    bad = await fleet.done(Wish(verb="configure", settings={"legal_mode": "PREPARE_ONLY"}))
    assert bad.state == "REFUSED" and "legal_mode" in bad.detail
    with fleet.hub.database.reading() as session:
        shadow = sight(session, KIOSK).shadow
    assert shadow and (shadow.version, shadow.settings) == (good.version, {"telemetry_every_s": 10})
