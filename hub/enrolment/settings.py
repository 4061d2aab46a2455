"""[enrolment] of hub.toml: where kiosks get and renew their certificates."""

from typing import Annotated

from msgspec import Meta

from contract.settings import Port, Section


class EnrolmentConfig(Section, frozen=True, kw_only=True):
    """Where kiosks get and renew their certificates (EST, RFC 7030), over TLS on a port of its own.

    `address` (of EST) and `broker` are host:port as kiosks reach them. A certificate renews itself at two thirds of
    `certificate_days`; a kiosk that was away longer than the last third needs a new code.
    """

    host: str = "127.0.0.1"
    port: Port = 8443
    address: Annotated[str, Meta(pattern=r"^[a-z0-9.\[\]:-]+:[0-9]{1,5}$")]
    broker: Annotated[str, Meta(pattern=r"^[a-z0-9.\[\]:-]+:[0-9]{1,5}$")]
    certificate_days: Annotated[int, Meta(ge=6, le=1095)] = 120
    code_hours: Annotated[int, Meta(ge=1, le=336)] = 24
