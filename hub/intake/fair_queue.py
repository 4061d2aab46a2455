"""What has come from the broker and waits for its turn: kiosks are served in turn, and a flood pushes out only itself.

What is pushed out was never acknowledged by the hub: the kiosk's outbox sends it again.
"""

import asyncio
import logging
import math
from collections import OrderedDict, deque

import aiomqtt

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024 * 1024
"""What all waiting messages together may hold."""

TELL_EVERY = 10_000
_KIOSK = 2
"""Where the kiosk stands in `tram/v1/<kiosk>/up/…`."""


class FairQueue(asyncio.Queue[aiomqtt.Message]):
    """A queue with a place for each kiosk; when it is full the newest message of whoever holds most is dropped."""

    def full(self) -> bool:
        """Return False: there is always room for who holds little."""
        return False

    def empty(self) -> bool:
        """Return whether nothing waits."""
        return not self._count

    def qsize(self) -> int:
        """Return how many messages wait."""
        return self._count

    def _init(self, maxsize: int) -> None:
        self._most = maxsize or math.inf
        self._places: OrderedDict[str, deque[aiomqtt.Message]] = OrderedDict()
        self._bytes: dict[str, int] = {}
        self._count = self._total = self._dropped = 0

    def _put(self, item: aiomqtt.Message) -> None:
        kiosk = _kiosk_of(item)
        self._places.setdefault(kiosk, deque()).append(item)
        self._weigh(kiosk, item, 1)
        while self._count > self._most or self._total > MOST_BYTES:
            self._drop()

    def _get(self) -> aiomqtt.Message:
        kiosk, place = self._places.popitem(last=False)
        item = place.popleft()
        if place:
            self._places[kiosk] = place
        self._weigh(kiosk, item, -1)
        return item

    def _drop(self) -> None:
        by_count = self._count > self._most
        kiosk = max(self._places, key=lambda each: len(self._places[each]) if by_count else self._bytes[each])
        self._weigh(kiosk, self._places[kiosk].pop(), -1)
        if not self._places[kiosk]:
            del self._places[kiosk]
        self._dropped += 1
        if self._dropped % TELL_EVERY == 1:
            log.warning("%s sends more than the hub can take; %s messages were dropped so far", kiosk, self._dropped)

    def _weigh(self, kiosk: str, item: aiomqtt.Message, sign: int) -> None:
        size = sign * len(item.payload) if isinstance(item.payload, bytes) else 0
        self._count += sign
        self._total += size
        self._bytes[kiosk] = self._bytes.get(kiosk, 0) + size
        if not self._places.get(kiosk):
            del self._bytes[kiosk]


def _kiosk_of(item: aiomqtt.Message) -> str:
    parts = str(item.topic).split("/", _KIOSK + 1)
    return parts[_KIOSK] if len(parts) > _KIOSK else ""
