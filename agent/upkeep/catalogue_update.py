"""A newer catalogue from afar: its chunks are asked for until all are here, then it is taken whole or not at all."""

import asyncio
from typing import Final

from agent.journeys.parts import Kiosk
from agent.link.faults import BlobLate, BlobRefused
from contract.catalogue import CatalogueWrong
from contract.clock import Deadline
from contract.messages import BlobRef

TURN_S: Final = 20.0
"""So long one look at the job waits for chunks; what has come by then is not asked for again."""


class NotTaken(Exception):
    """The catalogue can't come into force; the text says why."""


async def take(kiosk: Kiosk, job: str, blob: BlobRef) -> str | None:
    """Return what is in force now, None where chunks are still to come; raise NotTaken."""
    try:
        package = await kiosk.link.collect(job, blob, Deadline.after(kiosk.clock, TURN_S))
        fresh = await asyncio.to_thread(kiosk.guide.take, package)
    except BlobLate:
        return None
    except BlobRefused as fault:
        raise NotTaken(f"the hub does not send it: {fault}. Ask for the newest one again") from fault
    except CatalogueWrong as fault:
        raise NotTaken(str(fault)) from fault
    except OSError as fault:
        raise NotTaken(f"the disk does not keep it: {fault.strerror}") from fault
    return f"catalogue {fresh.version} with {len(fresh.procedure)} procedures is in force"
