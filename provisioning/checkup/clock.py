"""The time layer: does chrony believe its servers, and if not, which of them fails at what (R23); the board's clock."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from contract.clock import Clock, vietnam_text
from contract.messages import DeviceReading
from contract.time_report import REPORT, ClockDoubted, Doubt, require_believable
from provisioning.checkup.layer import LayerDoubtful
from provisioning.checkup.line import attention, good
from provisioning.checkup.time_servers import try_all

AT_BOOT = REPORT.with_name("at-boot")
_LOST_S = 3600
"""A clock that stands so far before the last known time has not run."""


async def believed(servers: Sequence[str], root: Path) -> str:
    """Return who set the clock; raise LayerDoubtful with the true cause."""
    try:
        return await asyncio.to_thread(require_believable, below(root, REPORT))
    except ClockDoubted as fault:
        detail, remedy = str(fault), fault.remedy
        if fault.doubt is Doubt.UNREACHED:
            detail, remedy = await _unreached(servers, root)
        raise LayerDoubtful(detail, remedy) from fault


async def _unreached(servers: Sequence[str], root: Path) -> tuple[str, str]:
    """Return why no server is heard: a refused certificate before a server that is not there."""
    tried = await try_all(servers, root)
    failed = sorted((each for each in tried if each.fault), key=lambda each: not each.is_refused)
    if len(failed) < len(tried):
        greeted = next(each.server for each in tried if not each.fault)
        return (
            f"{greeted} gives keys, but no time comes from it",
            "Wait a minute. If it stays so, let the firewall's owner open UDP 123 outwards",
        )
    others = f"; {len(failed) - 1} more fail" if failed[1:] else ""
    return f"no time server is heard. {failed[0].fault}{others}", failed[0].remedy


def board_clock(root: Path, clock: Clock) -> DeviceReading:
    """Return whether the machine's own clock ran while it was off, as clock-watch found it after the boot."""
    try:
        ran_to, known = below(root, AT_BOOT).read_text().split()
    except (OSError, ValueError):
        return good("board clock", "not known: nobody has written how it stood at the start", clock)
    if ran_to == "none":
        return good("board clock", "none: it goes on from the last known time until a server is heard", clock)
    if known != "none" and int(ran_to) < int(known) - _LOST_S:
        shown = vietnam_text(datetime.fromtimestamp(int(ran_to), UTC))
        remedy = "Change the button cell of the board's clock (mostly CR2032); until then it starts with a wrong date"
        return attention("board clock", f"its battery is empty: it showed {shown} at the start", remedy, clock)
    return good("board clock", "ran on while the machine was off", clock)


def below(root: Path, path: Path) -> Path:
    """Return an absolute path as it hangs below `root`."""
    return root / path.relative_to("/")
