"""Replacing keys without a stop: the command line does it in the folder, running hubs notice within seconds.

Papers that wait are signed with whichever key is open: an officer's old key signs until it is locked, then he opens the
new one. What old keys signed stays valid (their certificates are published on), unless they are revoked.
"""

import asyncio
from pathlib import Path

from cryptography import x509

from contract.clock import Clock
from hub.signing.founding import alone
from hub.signing.pki import Pki
from hub.signing.roles import Role

REPLACEABLE = (
    Role.CERTIFIER, Role.AGENCY, Role.SEAL, Role.TSA, Role.OCSP, Role.BUNDLE, Role.BROKER, Role.HUB, Role.KIOSK,
)  # fmt: skip


def rotate(directory: Path, clock: Clock, role: Role, whose: str = "", *, revoke_old: bool = False) -> x509.Certificate:
    """Give a role a new key and certificate and return it; with `revoke_old` what the old key signs is void.

    Raises UnknownCertificate, PkiDamaged.
    """
    with alone(directory):
        pki = Pki(directory, clock)
        old = pki.certificate(role, whose)
        new = pki.replace(role, whose)
        if revoke_old:
            pki.revoke(old.serial_number)
        return new


async def watch(pki: Pki, clock: Clock, *, every_s: float = 5.0) -> None:
    """Return once the folder of keys was changed by another process and is loaded anew."""
    while not await asyncio.to_thread(pki.refresh):
        await clock.sleep(every_s)
