"""A small agency's line: two services, two counters, places that can be booked; and kiosks that give numbers."""

from datetime import datetime, timedelta
from itertools import count

import msgspec
from hub_doubles import KioskDouble, bodies

from contract import messages
from contract.ids import new_ulid
from contract.messages import CheckInRequest, Priority, Queued, Rejected, RequestEnvelope, TicketRequest
from hub.config import HubConfig
from hub.queue import counter
from hub.queue.settings import QueueConfig, QueueServiceConfig
from hub.rooms import Hub

CERTIFY = QueueServiceConfig(
    code="CT", vi="Chứng thực", en="Certification", letter="C", counters=("1", "2"), minutes=6, places=4
)
CIVIL = QueueServiceConfig(
    code="HT", vi="Hộ tịch", en="Civil status", letter="H", counters=("2",), minutes=10, places=0
)
LINE = QueueConfig(services=(CERTIFY, CIVIL))


def with_line(config: HubConfig, line: QueueConfig = LINE) -> HubConfig:
    return msgspec.structs.replace(config, queue=line)


class Giver:
    """A kiosk that gives numbers, at once heard by the hub unless its messages are held back."""

    def __init__(self, hub: Hub, kiosk: str, series: int) -> None:
        self.double, self._series, self._serials = KioskDouble(hub, kiosk), series, count(1)

    def message(
        self,
        service: str = "CT",
        *,
        priority: Priority = Priority.NONE,
        came_at: datetime | None = None,
        number: str = "",
    ) -> tuple[str, bytes]:
        """Return a ticket's id and the bytes that tell of it."""
        at = came_at or self.double.hub.clock.now()
        number = number or f"{service[0]}{self._series}-{next(self._serials):03d}"
        body = TicketRequest(service=service, number=number, issued_at=at, priority=priority)
        return self.envelope(body)

    def give(self, service: str = "CT", **more: object) -> Queued:
        """Give a number and return what the hub said."""
        _, payload = self.message(service, **more)  # type: ignore[arg-type]
        (said,) = bodies(self.double.ask(payload, "ticket"))
        assert isinstance(said, Queued)
        return said

    def report(self, code: str) -> Queued | Rejected:
        """Check somebody in under a code."""
        _, payload = self.envelope(CheckInRequest(code=code, at=self.double.hub.clock.now()))
        (said,) = bodies(self.double.ask(payload, "check-in"))
        assert isinstance(said, Queued | Rejected)
        return said

    def envelope(self, body: TicketRequest | CheckInRequest) -> tuple[str, bytes]:
        """Return a request's id and its bytes."""
        now = self.double.hub.clock.now()
        message = new_ulid(now)
        return message, messages.encode(RequestEnvelope(v=1, id=message, at=now, body=body))


def called(hub: Hub, desk: str = "1") -> str:
    """Let a counter finish whoever is there and call the next; return the number, blank where nobody waits."""
    there = counter.look(hub, desk).ticket
    ticket = counter.call_next(hub, desk, there.id if there else "")
    return ticket.number if ticket else ""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
