"""The leave to switch: granted by the agent while it serves nobody, good for a short time only.

Agent and updater keep apart without a common lock. The updater records `switching`, then looks whether the lease still
holds, then switches. The agent opens its door again only after the lease has run out and the record, read after that,
does not say `switching`. Whichever is slow, one of them sees the other.

A technician needs no lease where systemd starts the agent no more; then that takes the lease's place in the same order.

No lease outlives a boot: it lies in `run`, which is in memory. (The kernel's boot id is no help: a service without
/proc/sys sees none, and one in a container another than its neighbour.)
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from agent.update.place import FOR_THE_OTHER
from agent.whole_file import write_whole
from contract.clock import Clock

LASTS_S = 120.0
ENOUGH_S = 30.0
"""With less left the updater does not begin to switch."""


class Lease(Struct, frozen=True, kw_only=True):
    """For which job, until when by the monotonic clock."""

    job: str
    until_s: float


def grant(path: Path, job: str, clock: Clock) -> None:
    """Let the updater switch for `job` from now on for a while; raise OSError."""
    until_s = clock.monotonic() + LASTS_S
    write_whole(path, msgspec.json.encode(Lease(job=job, until_s=until_s)), mode=FOR_THE_OTHER)


def remaining_s(path: Path, job: str, clock: Clock) -> float:
    """Return how long `job` may still switch; 0 where it may not."""
    try:
        lease = msgspec.json.decode(path.read_bytes(), type=Lease)
    except (FileNotFoundError, msgspec.DecodeError):
        return 0.0
    if lease.job != job:
        return 0.0
    return min(max(0.0, lease.until_s - clock.monotonic()), LASTS_S)
