"""Mosquitto's configuration: mutual TLS, the certificate's name as user, two ACL lines for kiosks."""

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


def settings(listener: str, files: BrokerFiles, acl: Path) -> str:
    """Return the lines of mosquitto.conf for a listener (`port` or `port address`)."""
    return f"""\
per_listener_settings false
listener {listener}
cafile {files.ca}
crlfile {files.crl}
certfile {files.certificate}
keyfile {files.key}
require_certificate true
use_identity_as_username true
allow_anonymous false
acl_file {acl}
max_packet_size 262144
max_inflight_messages 64
max_queued_messages 10000
log_type error
log_type warning
log_type notice
"""
