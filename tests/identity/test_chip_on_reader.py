"""The chip over a real pcscd and its virtual reader: read and proved, pulled and laid down again."""

from collections.abc import Iterator

import pytest

from agent.devices.errors import CardRemoved, NoCard
from agent.identity.chip.verdict import ChipProof
from provisioning.onebox.card_reader import CardReaderStandIn
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import EidData
from tests.identity.cards import read_on, town


@pytest.fixture
def desk(card_stand_in: CardReaderStandIn) -> Iterator[CardReaderStandIn]:
    """The reader without a card."""
    card_stand_in.take_off()
    yield card_stand_in
    card_stand_in.take_off()


@pytest.fixture(scope="module")
def data() -> EidData:
    return town().card(active="rsa", chip=True)


async def test_chip_is_read_and_proved(desk: CardReaderStandIn, data: EidData) -> None:
    """An RSA signature of 2,048 bits under secure messaging comes in an extended answer."""
    found, _ = await read_on(desk, EidCard(data))
    assert (str(found.verdict), found.chip_proof) == ("GENUINE", ChipProof.CHIP_AUTHENTICATION)
    assert found.portrait is not None


@pytest.mark.parametrize("at", [3, 8, 25])
async def test_card_pulled_amid_its_reading_is_a_card_removed_and_is_read_the_next_time(
    desk: CardReaderStandIn, data: EidData, at: int
) -> None:
    with pytest.raises((CardRemoved, NoCard)):
        await read_on(desk, EidCard(data, pull_at=at))
    found, _ = await read_on(desk, EidCard(data))
    assert found.verdict.genuine
