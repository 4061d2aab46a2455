"""What the service manager is told (sd_notify(3), sd_watchdog_enabled(3)): ready, ending, and that the kiosk works.

Nothing is told where no service manager listens.
"""

import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from contract.clock import Clock

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"

_TIMES_IN_A_LEASE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceManager:
    """Who started this process: `address` is its socket ("" = nobody), `lease_s` how long a sign of life lasts."""

    address: str = ""
    lease_s: float = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ServiceManager":
        """Return the one that NOTIFY_SOCKET and WATCHDOG_USEC name."""
        return cls(
            address=environment.get("NOTIFY_SOCKET", ""), lease_s=int(environment.get("WATCHDOG_USEC", "0")) / 1e6
        )

    @property
    def watches(self) -> bool:
        """Whether it waits for signs of life."""
        return bool(self.address and self.lease_s)

    def tell(self, state: str) -> None:
        """Say one of the states above; one that can't be delivered is lost, as sd_notify has it."""
        if not self.address:
            return
        name = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            try:
                line.sendto(state.encode(), name)
            except OSError:
                return

    async def prove_alive(self, works: Callable[[], Awaitable[None]], clock: Clock) -> None:
        """Say ALIVE thrice in a lease, each time only after `works` came back in this loop; raise what it raises."""
        if not self.watches:
            return
        while True:
            await works()
            self.tell(ALIVE)
            await clock.sleep(self.lease_s / _TIMES_IN_A_LEASE)
