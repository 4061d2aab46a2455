"""The electronic copy on the citizen's phone: a one-time link to the hub, which phones reach and kiosks can't be.

The address lies in the visit's spool, where it goes with the copy; journal, outbox and hub know its token by hash only.
"""

import secrets
from datetime import timedelta

from agent.journeys.delays import KEEP_COPY_S
from agent.journeys.leaving import tell
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from agent.ledger.spool import Spool
from contract.clock import Deadline
from contract.ids import sha256_hex
from contract.messages import Certified, LinkFact

LINK = "link.txt"
TOKEN_BYTES = 24


def link_prefix(kiosk: Kiosk) -> str:
    """Return what every address begins with; the token follows."""
    return f"{kiosk.place.public_url}/d/"


async def draw_link(visit: Visit, kiosk: Kiosk) -> str:
    """Put a new address into the spool, once for a visit; return the hash of its token."""

    async def draw(_key: str, _deadline: Deadline) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        address = f"{link_prefix(kiosk)}{token}"
        await kiosk.ledger.spool(visit.id).write(LINK, address.encode())
        return sha256_hex(token.encode())

    return await visit.step("draw link", str, draw)


async def give_link(visit: Visit, kiosk: Kiosk, request: str, certified: Certified) -> None:
    """Have the hub give the signed copy out under the visit's address."""
    token = await draw_link(visit, kiosk)
    until = certified.signed_at + timedelta(seconds=KEEP_COPY_S)
    await tell(visit, kiosk, "link", LinkFact(request=request, token_sha256=token, valid_until=until))


async def address_of(spool: Spool) -> str:
    """Return the address in a spool, blank where there is none (any more)."""
    return (await spool.read(LINK)).decode() if spool.has(LINK) else ""
