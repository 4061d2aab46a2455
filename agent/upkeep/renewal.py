"""The kiosk's certificate, renewed by itself at two thirds of its life; the key stays, so one file changes at once."""

import asyncio
import logging
from datetime import datetime
from typing import NoReturn

from cryptography.hazmat.primitives import serialization

from agent.link import est
from agent.link.device_key import certificate_in
from agent.link.faults import BadCredentials, EnrolmentFault
from agent.link.mqtt import Credentials
from agent.whole_file import write_whole
from contract.clock import Clock, vietnam_text

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 3600.0
_LIVED = 2 / 3


def due_at(credentials: Credentials) -> datetime:
    """Return when the certificate has lived two thirds of its life; raise BadCredentials."""
    certificate = certificate_in(credentials.certificate)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begins + (ends - begins) * _LIVED


async def renew_for_ever(kiosk: str, address: str, credentials: Credentials, clock: Clock) -> NoReturn:
    """Renew at `address` (host:port) whenever it is time; a hub that does not answer is asked again each hour."""
    while True:
        try:
            await renew_if_due(kiosk, address, credentials, clock)
        except (EnrolmentFault, BadCredentials) as fault:
            log.warning("the certificate is not renewed: %s. %s", fault, fault.remedy)
        await clock.sleep(LOOK_AGAIN_S)


async def renew_if_due(kiosk: str, address: str, credentials: Credentials, clock: Clock) -> bool:
    """Renew now if it is time; return whether it was done. The next connection shows the new certificate.

    Raises EnrolmentFault, BadCredentials; then the certificate is the one before.
    """
    if clock.now() < due_at(credentials):
        return False
    issued = await est.renewed(address, kiosk, credentials)
    try:
        await asyncio.to_thread(write_whole, credentials.certificate, issued.public_bytes(serialization.Encoding.PEM))
    except OSError as fault:
        raise BadCredentials(f"{credentials.certificate} can't be written: {fault.strerror}") from fault
    log.warning("the certificate is renewed until %s", vietnam_text(issued.not_valid_after_utc))
    return True
