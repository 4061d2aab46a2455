"""A simulated system of another agency, served, and how the hub is configured to speak with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hub_doubles import serving

from hub.adapters.settings import PeerConfig
from provisioning.onebox.agency_system import AgencySystem, Trouble

TOKEN = "mã bí mật".encode().hex()
UNAVAILABLE = tuple(each for each in Trouble if each is not Trouble.REFUSES)
"""After each of these it is asked again."""
HASTY_S, PATIENT_S = 0.6, 20.0
"""Deadlines of who never answers, and of who does: a busy machine is no trouble that a test asks for."""

C = TypeVar("C", bound=PeerConfig)


@contextmanager
def reached(system: Any, kind: type[C], folder: Path, **more: Any) -> Iterator[C]:
    """Serve a system; yield what hub.toml says of it."""
    assert isinstance(system, AgencySystem)
    secret, key = folder / "secret", folder / "their-key.pem"
    secret.write_text(f"{system.token}\n")
    key.write_bytes(system.public_key)
    with serving(system.app) as url:  # type: ignore[attr-defined]
        yield kind(url=url, secret_file=secret, signed_by=key, deadline_s=PATIENT_S, **more)


def patience(trouble: Trouble | None) -> float:
    """Return how long to wait for a system in this trouble."""
    return HASTY_S if trouble is Trouble.SLOW else PATIENT_S
