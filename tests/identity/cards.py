"""One test state, one invented holder and a reader in the process: what most tests of the chip begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from agent.devices.card_reader import PcscReader, SimulatedCardReader
from agent.devices.errors import CardRemoved
from agent.identity.chip.access import AccessKey, ZoneKey
from agent.identity.chip.inspection import Inspection, inspect
from agent.identity.chip.trust import CountrySigners
from contract.clock import Deadline, SimulatedClock, SystemClock
from models.specimens.kinds.identity_card import Holder, any_holder
from models.specimens.order import Order
from provisioning.onebox.card_reader import NAME, CardReaderStandIn
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import EidData, drawn_portrait, issue
from provisioning.onebox.eid_pki import Signer, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SMALL_PORTRAIT = drawn_portrait(size=(60, 75))


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    state: State
    signer: Signer
    holder: Holder

    @property
    def trust(self) -> CountrySigners:
        return CountrySigners(certificates=(self.state.authority.certificate,))

    def card(self, signer: Signer | None = None, **wishes: Any) -> EidData:
        wishes.setdefault("portrait", SMALL_PORTRAIT)
        return issue(self.holder, signer or self.signer, NOW, **wishes)


@cache
def town() -> Town:
    state = State(NOW)
    order = Order(kind="CCCD_CHIP", seed=6, flaws=frozenset())
    return Town(state=state, signer=state.signer(), holder=any_holder(order, date(2021, 3, 1), date(2024, 6, 28)))


def key_of(data: EidData) -> ZoneKey:
    return ZoneKey(information=data.information)


async def read(card: EidCard, *, key: AccessKey | None = None, trust: CountrySigners | None = None) -> Inspection:
    """Read on a reader in the process; where the card says so, it is pulled as on the real one."""
    clock = SimulatedClock(NOW)
    deadline = Deadline.after(clock, 60.0)
    card.power_up()
    reader = SimulatedCardReader(_pullable(card))
    async with reader.connect(deadline) as chip:
        return await inspect(chip, key or key_of(card.data), trust or town().trust, clock=clock, deadline=deadline)


async def read_on(desk: CardReaderStandIn, card: EidCard) -> tuple[Inspection, float]:
    """Lay the card on the virtual reader, read it through pcscd, take it off; also return seconds, power to verdict."""
    clock, reader = SystemClock(), PcscReader(NAME, socket=desk.socket)
    deadline = Deadline.after(clock, 60.0)
    assert await reader.wait_for_card(False, deadline)
    desk.lay_on(card)
    try:
        assert await reader.wait_for_card(True, deadline)
        begun = clock.monotonic()
        async with reader.connect(deadline) as chip:
            found = await inspect(chip, key_of(card.data), town().trust, clock=SimulatedClock(NOW), deadline=deadline)
        return found, clock.monotonic() - begun
    finally:
        desk.take_off()


def _pullable(card: EidCard) -> Callable[[bytes], bytes]:
    def exchange(apdu: bytes) -> bytes:
        if len(card.heard) + 1 == card.pull_at:
            raise CardRemoved
        return card.exchange(apdu)

    return exchange
