"""Signed copies that an agency keeps in folders ([evidence] archive) are renewed in place before their protection ends.

What the hub issues it does not keep (R13); whoever else holds a copy renews it on the verify page.
"""

import asyncio
import logging
from pathlib import Path

from hub.faults import ClockFault
from hub.register.extensions import Extensions, NotOurs
from hub.rooms import Hub
from hub.signing.credentials import write_whole
from hub.signing.faults import ServiceFault, SigningFault

log = logging.getLogger(__name__)

EVERY_S = 24 * 3600.0


async def run(hub: Hub, extensions: Extensions) -> None:
    """Renew what is due, every day."""
    while True:
        await asyncio.to_thread(sweep, hub, extensions)
        await hub.clock.sleep(EVERY_S)


def sweep(hub: Hub, extensions: Extensions) -> int:
    """Renew every copy that is due; return how many were. A file that is no copy of this hub is left as it is."""
    files = [path for folder in hub.config.evidence.archive for path in sorted(folder.rglob("*.pdf"))]
    return sum(_renewed(path, extensions) for path in files)


def _renewed(path: Path, extensions: Extensions) -> bool:
    try:
        copy = extensions.extended(path.read_bytes(), "archive")
    except NotOurs:
        return False
    except (ServiceFault, ClockFault, OSError) as fault:
        log.warning("the copy %s was not renewed, tomorrow again: %s", path.name, fault)
        return False
    except SigningFault as fault:
        log.error("the copy %s can't be renewed: %s", path.name, fault)
        return False
    if copy.is_new:
        write_whole(path, copy.content, mode=path.stat().st_mode & 0o777)
    return copy.is_new
