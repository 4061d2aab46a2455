"""Debian's Mosquitto told of the hub: a listener for kiosks, the keys (tram-hub-broker.service), who may what."""

import subprocess
from pathlib import Path

from hub.signing.credentials import write_whole
from provisioning.broker import ACL, BrokerFiles, settings

CONFIG = Path("/etc/mosquitto/conf.d/tram-hub.conf")
ACL_FILE = Path("/etc/mosquitto/tram-hub.acl")
_KEPT = Path("/var/lib/tram-hub-broker")
_MODE = 0o644


def write(port: int) -> None:
    """Write listener and ACL, unless somebody has changed them; raise OSError."""
    files = BrokerFiles(
        ca=_KEPT / "root.pem", crl=_KEPT / "crl.pem", certificate=_KEPT / "server.pem", key=_KEPT / "server.key.pem"
    )
    for path, text in ((ACL_FILE, ACL), (CONFIG, settings(str(port), files, ACL_FILE))):
        if not path.exists():
            write_whole(path, text.encode(), mode=_MODE)


def start() -> str:
    """Hand the keys over and start the broker anew; return what systemd complains of, empty where nothing."""
    for argv in (("start", "tram-hub-broker.service"), ("restart", "mosquitto.service")):
        done = subprocess.run(["systemctl", *argv], capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr.strip()
    return ""
