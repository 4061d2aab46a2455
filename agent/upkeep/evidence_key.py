"""What evidence of identity is sealed to: kiosk.toml's key at first, from then on what the hub says at each hour.

What the hub said is kept by its authority, so that a kiosk which moves to another hub seals nothing to the old one.
"""

import asyncio
import logging
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from agent.journeys.identity_desk import IdentityDesk
from agent.link import est
from agent.link.faults import BadCredentials, EnrolmentFault, NotKnownThere
from agent.link.mqtt import Credentials
from agent.whole_file import write_whole
from contract.clock import Clock
from contract.identity_evidence import SealingKey, key_id

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 3600.0


async def follow_for_ever(
    desk: IdentityDesk, path: Path, address: str, credentials: Credentials, clock: Clock
) -> NoReturn:
    """Ask at `address` (host:port) each hour; a hub that does not answer changes nothing."""
    while True:
        try:
            await follow(desk, path, address, credentials)
        except (EnrolmentFault, BadCredentials, OSError) as fault:
            log.warning("evidence is sealed to the same key as before: %s", fault)
        await clock.sleep(LOOK_AGAIN_S)


async def follow(desk: IdentityDesk, path: Path, address: str, credentials: Credentials) -> None:
    """Seal to what the hub says from now on, also after a restart; raise EnrolmentFault, BadCredentials or OSError.

    A hub whose program does not know the question does not know keys by name either.
    """
    try:
        said = await est.evidence_key(address, credentials)
    except NotKnownThere:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        desk.sealing_key = SealingKey(public=desk.sealing_key.public, is_named=False)
        return
    if not desk.sealing_key.is_named or key_id(said) != key_id(desk.sealing_key.public):
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        await asyncio.to_thread(write_whole, path, said.public_bytes(serialization.Encoding.PEM, form))
        desk.sealing_key = SealingKey(public=said, is_named=True)
        log.warning("evidence of identity is sealed to the hub's key %s from now on", key_id(said))


def place(folder: Path, credentials: Credentials) -> Path:
    """Return where what this hub says is kept."""
    authority = x509.load_pem_x509_certificate(credentials.ca.read_bytes())
    return folder / f"evidence-key-{authority.fingerprint(hashes.SHA256()).hex()[:16]}.pem"


def known(path: Path, given: X25519PublicKey) -> SealingKey:
    """Return what this hub said last, else the key that stands in kiosk.toml."""
    try:
        said = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        said = None
    if isinstance(said, X25519PublicKey):
        return SealingKey(public=said, is_named=True)
    return SealingKey(public=given, is_named=False)
