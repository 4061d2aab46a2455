"""The cable between link and broker, as little of it as the link needs."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Will:
    """What the broker publishes, retained, when the kiosk falls silent."""

    topic: str
    payload: bytes


class Session(Protocol):
    """One connection, subscribed to what the hub sends to this kiosk."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Return when the broker has the message (QoS 1); raise LinkDown."""

    def received(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield topic and payload of what arrives; raise LinkDown when the connection breaks."""


class Transport(Protocol):
    """Makes connections."""

    def session(self, subscription: str, will: Will) -> AbstractAsyncContextManager[Session]:
        """Return a connection to enter; entering raises LinkDown where there is none to be had."""
