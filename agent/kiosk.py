"""The kiosk as a process: built from kiosk.toml, recovered from the ledger, run until SIGTERM."""

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from agent.assembly import assembled
from agent.config import Config, load
from agent.configured import credentials_of
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from agent.link.faults import LinkFault
from agent.screen.server import PortTaken, listen
from agent.serving import serve
from agent.upkeep import logbook
from agent.upkeep.jobs import Restart
from contract.clock import SystemClock
from contract.remedies import told
from contract.service_manager import STOPPING, ServiceManager
from contract.settings import SettingsFault
from models.manifest import ModelError

_EXPECTED = (LedgerFault, LinkFault, ModelError, PortTaken, SettingsFault)


async def run(path: Path) -> bool:
    """Run the kiosk of `path` until SIGTERM, or until a job asks for a restart: only then return True.

    Ends the process with a sentence where the kiosk can't run.
    """
    logging.basicConfig(level=os.environ.get("TRAM_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    main = asyncio.current_task()
    assert main is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    again = False

    def restart() -> None:
        nonlocal again
        again = True
        main.cancel()

    try:
        await _run(load(path), path.parent, restart)
    except asyncio.CancelledError:
        pass
    except _EXPECTED as fault:
        raise SystemExit(told(fault)) from fault
    except BaseExceptionGroup as group:
        known, unknown = group.split(_EXPECTED)
        if unknown or not known:
            raise
        raise SystemExit("\n".join(sorted({told(fault) for fault in _leaves(known)}))) from group
    return again


async def _run(config: Config, base: Path, restart: Restart) -> None:
    clock = SystemClock()
    manager = ServiceManager.of(os.environ)
    port = listen(config.screen.port)
    ledger = await Ledger.open(config.kiosk.folder, clock)
    logbook.keep(config.kiosk.folder)
    try:
        credentials = credentials_of(config.hub)
        async with assembled(config, base, credentials, ledger, clock) as kiosk:
            await serve(kiosk, config, credentials, port, manager, restart)
    finally:
        manager.tell(STOPPING)
        await ledger.close()


def _leaves(fault: BaseException) -> Iterator[BaseException]:
    if isinstance(fault, BaseExceptionGroup):
        for each in fault.exceptions:
            yield from _leaves(each)
    else:
        yield fault
