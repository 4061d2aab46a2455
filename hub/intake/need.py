"""Questions to VNeID, asked aside so that no other message waits; questions and answers are in memory alone.

After a restart of the hub the kiosk repeats its question, under the same id.
"""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from contract.messages import Held, NeedAnswered, NeedRequest, RequestEnvelope
from hub.adapters.peer import AdapterFault, Source
from hub.adapters.vneid import HttpVneid, Presentation, Vneid
from hub.intake import answers
from hub.intake.answers import Outgoing
from hub.intake.refusals import NoVneid
from hub.rooms import Hub
from hub.store.tables import Kiosk

NEED, KIND = "need", "vneid"
AT_ONCE = 4
MOST_OPEN = 100
"""Questions that wait; of more nobody can tell in time what VNeID says, and one kiosk must not hold up all others."""
REMEMBERED = 500
"""Questions; of older ones a repetition is asked anew, which VNeID knows by the id."""


class NeedDesk:
    """The hub's way to VNeID; without `vneid` nobody can be asked."""

    def __init__(self, hub: Hub, vneid: Vneid | None, url: str = "") -> None:
        self._hub, self._vneid = hub, vneid
        self._source = Source(hub, KIND, url) if vneid else None
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=KIND)
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], Outgoing | None] = OrderedDict()
        self._unsent: list[Outgoing] = []

    @classmethod
    def of(cls, hub: Hub) -> "NeedDesk":
        """Return it as hub.toml says."""
        config = hub.config.adapters.vneid
        return cls(hub, HttpVneid(config), config.url) if config else cls(hub, None)

    def take(self, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
        """Return the answer where it is known; else ask, once, and have it in `due` later. Raise NoVneid."""
        body, key = envelope.body, (kiosk.id, envelope.id)
        assert isinstance(body, NeedRequest)
        if self._vneid is None:
            raise NoVneid("The hub does not speak with VNeID.")
        with self._lock:
            if key in self._known:
                said = self._known[key]
                return [said] if said else []
            if sum(said is None for said in self._known.values()) >= MOST_OPEN:
                unknown = NeedAnswered(held=Held.UNKNOWN)
                return [answers.reply(self._hub.clock, kiosk.id, NEED, envelope.id, unknown)]
            self._known[key] = None
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        presentation = Presentation(request=envelope.id, paper=body.paper, code=body.code)
        self._threads.submit(self._answer, self._vneid, key, presentation)
        return []

    def due(self) -> list[Outgoing]:
        """Return the answers that have come since."""
        with self._lock:
            unsent, self._unsent = self._unsent, []
        return unsent

    def close(self) -> None:
        """Take no more questions and return when those that are open have their answers."""
        self._threads.shutdown()

    def _answer(self, vneid: Vneid, key: tuple[str, str], presentation: Presentation) -> None:
        kiosk, request = key
        said = answers.reply(self._hub.clock, kiosk, NEED, request, self._asked(vneid, presentation))
        with self._lock:
            self._known[key] = said
            self._unsent.append(said)
        self._hub.to_send.ring()

    def _asked(self, vneid: Vneid, presentation: Presentation) -> NeedAnswered:
        assert self._source is not None
        if self._source.rests:
            return NeedAnswered(held=Held.UNKNOWN)
        try:
            return self._source.tried(lambda: vneid.ask(presentation))
        except AdapterFault:
            return NeedAnswered(held=Held.UNKNOWN)
