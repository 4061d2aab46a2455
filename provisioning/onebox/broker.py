"""Mosquitto as a child process of the one-machine set."""

import getpass
from pathlib import Path

from provisioning.broker import ACL, BrokerFiles, settings


def write_config(folder: Path, port: int, files: BrokerFiles) -> Path:
    """Write mosquitto.conf and its ACL into `folder`; return the path of the former."""
    folder.mkdir(parents=True, exist_ok=True)
    acl, config = folder / "acl", folder / "mosquitto.conf"
    acl.write_text(ACL)
    acl.chmod(0o600)
    own = f"user {getpass.getuser()}\npersistence false\nlog_dest stdout\n"
    config.write_text(own + settings(f"{port} 127.0.0.1", files, acl))
    return config
