"""The one-machine set with a marked attendant, a broker that keeps its state on the disk, and a spy on its topics."""

import os
import ssl
from collections.abc import Sequence
from pathlib import Path

import paho.mqtt.client as mqtt

from contract.clock import SystemClock
from hub import config as hub_config
from hub.app import open_pki
from hub.signing.broker_pki import TlsFiles
from provisioning.onebox.box import OneBox, Ports, Progress
from provisioning.onebox.child import Child

ROOT = Path(__file__).resolve().parents[3]
SPY = "spy"


class MarkedBox(OneBox):
    """`spy_files` are the certificate of one who may read every topic."""

    def __init__(self, folder: Path, sheets: Sequence[Path], seed: int, *, talks: bool = False) -> None:
        super().__init__(folder, sheets, Ports.free())
        self._seed, self._talks = seed, talks
        self.spy_files: TlsFiles | None = None

    def _make_files(self, say: Progress) -> None:
        super()._make_files(say)
        self.spy_files = open_pki(hub_config.load(self.folder / "hub.toml"), SystemClock()).issue_kiosk(SPY)
        kiosk, key = self.folder / "kiosk.toml", self.folder / "hub" / "evidence-key" / "evidence.pub.pem"
        attendant = "tests.prove.privacy.marked.MarkedAttendant"
        with kiosk.open("a", encoding="utf-8") as file:
            file.write(f'\n[identity]\nevidence_key = "{key}"\n[identity.attendant]\nclass = "{attendant}"\n')
            file.write(f"seed = {self._seed}\ntalks = {str(self._talks).lower()}\n")
        broker = self.folder / "broker"
        with (broker / "acl").open("a") as file:
            file.write(f"\nuser {SPY}\ntopic read #\n")
        config = broker / "mosquitto.conf"
        kept = f"persistence true\npersistence_location {broker}/\nautosave_interval 1"
        config.write_text(config.read_text().replace("persistence false", kept))

    def _child(self, name: str, argv: Sequence[str]) -> Child:
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        env = {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT), "TRAM_LOG": "DEBUG"}
        return Child(name, argv, self.folder / "logs" / f"{name}.log", env={**os.environ, **env})


class Spy:
    """Records every message on every topic, retained ones too."""

    def __init__(self, box: MarkedBox) -> None:
        assert box.spy_files is not None
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=SPY, protocol=mqtt.MQTTv5)
        context = ssl.create_default_context(cafile=str(box.spy_files.authority))
        context.load_cert_chain(box.spy_files.certificate, box.spy_files.key)
        self._client.tls_set_context(context)
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.on_message = lambda _client, _data, message: self.heard.append((message.topic, message.payload))
        self._client.connect("localhost", box.ports.broker)
        self._client.loop_start()

    def close(self) -> None:
        """Stop listening."""
        self._client.loop_stop()
        self._client.disconnect()
