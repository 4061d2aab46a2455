"""The way to one chip: plain at first, protected once a session is open, never beyond its deadline."""

from typing import Protocol

from agent.apdu import Answer, Command
from agent.identity.chip.secure_messaging import SecureMessaging
from agent.identity.errors import ChipRefused, ChipTooSlow
from contract.clock import Deadline


class Card(Protocol):
    """What carries APDUs to a chip, as `agent.devices.card_reader.Card` does; its own errors pass through."""

    async def transmit(self, command: Command, deadline: Deadline) -> Answer:
        """Return the chip's whole answer."""


class Channel:
    """Sends commands one after the other; `session` protects them from the moment it is set."""

    def __init__(self, card: Card, deadline: Deadline) -> None:
        self._card, self._deadline = card, deadline
        self.session: SecureMessaging | None = None

    async def ask(self, command: Command) -> Answer:
        """Return the answer whatever its status; raise ChipTooSlow, ChannelBroken or what the reader raises."""
        if self._deadline.passed:
            raise ChipTooSlow
        if self.session is None:
            return await self._card.transmit(command, self._deadline)
        return self.session.opened(await self._card.transmit(self.session.protected(command), self._deadline))

    async def need(self, command: Command, what: str) -> bytes:
        """Return the data of an answer that must be a yes; raise ChipRefused, which names `what`, else."""
        answer = await self.ask(command)
        if not answer.ok:
            raise ChipRefused(f"the chip refuses {what} (status {answer.status:04X})")
        return answer.data
