"""Whether the kiosk takes new visits: asked at the door, changed from afar, remembered by the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager

from contract.messages import Service


class ServiceDoor:
    """The door. Whoever comes through while it is open is counted until his visit stands in the journal.

    `mode` is what people want; `shut_out` says why the hub treats this kiosk no more, empty where it does.
    """

    def __init__(self, mode: Service = Service.IN_SERVICE) -> None:
        self.mode = mode
        self.shut_out = ""
        self._entering = 0

    @property
    def is_open(self) -> bool:
        """Whether new visits are taken."""
        return self.shown is Service.IN_SERVICE

    @property
    def shown(self) -> Service:
        """What the kiosk is to whoever looks."""
        return Service.OUT_OF_SERVICE if self.shut_out else self.mode

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
