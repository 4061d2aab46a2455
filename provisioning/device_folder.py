"""Where a kiosk's identity lies: one folder an enrolment, named in kiosk.toml, so that the change is one write."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from agent.link.device_key import DeviceKey
from agent.link.faults import BadCredentials
from agent.link.mqtt import Credentials
from agent.whole_file import write_whole
from contract.clock import Clock
from contract.enrolment import Placement
from contract.ids import new_ulid
from provisioning.kiosk_file import KioskFile

IDENTITY = Path("/var/lib/tram/identity")
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFolder:
    """The files of one enrolment: `device.key` from its beginning, `device.pem` and `ca.pem` from its end."""

    path: Path
    tpm: str
    key: DeviceKey

    @classmethod
    def begun(cls, identity: Path, tpm: str, clock: Clock, file: KioskFile) -> "DeviceFolder":
        """Return the enrolment that was begun and not ended, so that its code can be used again, or a new one.

        One that `file` names is ended; a certificate alone does not end it. Raises SettingsFault, BadCredentials.
        """
        ended = file.value("hub.key")
        for key in sorted(identity.glob("*/device.key")):
            with contextlib.suppress(BadCredentials):  # a key that this machine can't use is of no use
                if ended is None or key != (file.path.parent / str(ended)).resolve():
                    return cls(path=key.parent, tpm=tpm, key=DeviceKey.open(key, tpm))
        identity.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = identity / new_ulid(clock.now())
        return cls(path=path, tpm=tpm, key=DeviceKey.make(path / "device.key", tpm))

    def end(self, issued: x509.Certificate, ca: x509.Certificate) -> Credentials:
        """Put certificate and authority beside the key, and return what the kiosk shows from now on."""
        write_whole(self.path / "ca.pem", ca.public_bytes(_PEM))
        write_whole(self.path / "device.pem", issued.public_bytes(_PEM))
        return Credentials(ca=self.path / "ca.pem", certificate=self.path / "device.pem", key=self.key)

    def move_in(self, file: KioskFile, said: Placement) -> None:
        """Write into kiosk.toml what the hub says of the kiosk; then other enrolments are over, their keys removed."""
        _give_to_its_user(self.path.parent)  # first: what the file names the agent must be able to read
        host, _, port = said.broker.rpartition(":")
        file.write(
            file.changed(
                {
                    "kiosk.id": said.kiosk,
                    "kiosk.site": said.site,
                    "kiosk.agency": said.agency,
                    "kiosk.province": said.province,
                    "kiosk.legal_mode": str(said.legal_mode),
                    "kiosk.legal_decision": said.legal_decision,
                    "hub.host": host,
                    "hub.port": int(port),
                    "hub.public_url": said.public_url,
                    "hub.est": said.est,
                    "hub.ca": str(self.path / "ca.pem"),
                    "hub.certificate": str(self.path / "device.pem"),
                    "hub.key": str(self.path / "device.key"),
                    "hub.tpm": self.tpm,
                }
            )
        )
        for other in self.path.parent.iterdir():
            if other.is_dir() and other != self.path:
                shutil.rmtree(other)


def _give_to_its_user(identity: Path) -> None:
    """Let what root made belong to whom the folder above belongs to, the agent's user."""
    owner = identity.parent.stat()
    if os.geteuid() == 0:
        for path in (identity, *identity.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
