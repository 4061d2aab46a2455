"""Whether the kiosk takes new visits: asked at the door, changed from afar, remembered by the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager

from contract.messages import Service


class ServiceDoor:
    """The door. Whoever comes through while it is open is counted until his visit stands in the journal."""

    def __init__(self, mode: Service = Service.IN_SERVICE) -> None:
        self.mode = mode
        self._entering = 0

    @property
    def is_open(self) -> bool:
        """Whether new visits are taken."""
        return self.mode is Service.IN_SERVICE

    @property
    def somebody_enters(self) -> bool:
        """Whether a visit is being started just now."""
        return self._entering > 0

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Count somebody who comes through."""
        self._entering += 1
        try:
            yield
        finally:
            self._entering -= 1
