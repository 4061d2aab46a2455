"""Mosquitto as a child process: mutual TLS, the certificate's name as user, two ACL lines for kiosks."""

import getpass
from dataclasses import dataclass
from pathlib import Path

from contract.topics import PREFIX

ACL = f"""\
pattern write {PREFIX}/%u/up/#
pattern read {PREFIX}/%u/down/#

user hub
topic read {PREFIX}/+/up/#
topic write {PREFIX}/+/down/#
topic write homeassistant/device/+/config
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerFiles:
    """The PEM files that the broker serves TLS with."""

    ca: Path
    crl: Path
    certificate: Path
    key: Path


def write_config(folder: Path, port: int, files: BrokerFiles) -> Path:
    """Write mosquitto.conf and its ACL into `folder`; return the path of the former."""
    folder.mkdir(parents=True, exist_ok=True)
    acl, config = folder / "acl", folder / "mosquitto.conf"
    acl.write_text(ACL)
    acl.chmod(0o600)
    config.write_text(f"""\
user {getpass.getuser()}
per_listener_settings false
listener {port} 127.0.0.1
cafile {files.ca}
crlfile {files.crl}
certfile {files.certificate}
keyfile {files.key}
require_certificate true
use_identity_as_username true
allow_anonymous false
acl_file {acl}
persistence false
max_packet_size 262144
max_inflight_messages 64
max_queued_messages 10000
log_dest stdout
log_type error
log_type warning
log_type notice
""")
    return config
