"""Draft + tail = copy: the bytes that the hub signed, put together again and checked against its hash."""

from agent.journeys.endings import CopyNotReceived
from agent.journeys.papers import DRAFT
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from agent.link.faults import BlobLate, BlobRefused
from contract.clock import Deadline
from contract.ids import sha256_hex
from contract.messages import BlobRef, Certified

TAIL, COPY = "tail.bin", "copy.pdf"


async def collect(visit: Visit, kiosk: Kiosk, tail: BlobRef, deadline: Deadline) -> int:
    """Bring the tail into the spool; return its size, 0 where it has not come in time. Raises CopyNotReceived."""
    try:
        content = await kiosk.link.collect(visit.id, tail, deadline)
    except BlobLate:
        return 0
    except BlobRefused as fault:
        raise CopyNotReceived(remedy=f"{fault}. {fault.remedy}") from fault
    await kiosk.ledger.spool(visit.id).write(TAIL, content)
    return len(content)


async def assemble(visit: Visit, kiosk: Kiosk, certified: Certified) -> BlobRef:
    """Write the copy and return its name; raise CopyNotReceived where it is not what the hub signed."""
    spool = kiosk.ledger.spool(visit.id)
    copy = await spool.read(DRAFT) + await spool.read(TAIL)
    sha256 = sha256_hex(copy)
    if sha256 != certified.copy_sha256:
        raise CopyNotReceived(remedy=f"Draft and tail make {sha256}, the hub signed {certified.copy_sha256}.")
    await spool.write(COPY, copy)
    return BlobRef(sha256=sha256, size_bytes=len(copy))
