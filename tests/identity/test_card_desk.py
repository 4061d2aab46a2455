"""The card before the camera and on the reader: its code opens its chip, the chip is believed or its print is used."""

import io
from datetime import date

import numpy as np
import pytest
from cards import NOW, Town, town
from numpy.typing import NDArray
from PIL import Image

from agent.attendant import card
from agent.attendant.card import NO_READER, CardDesk
from agent.devices.camera import SimulatedCamera
from agent.devices.card_reader import CardReader, SimulatedCardReader
from agent.devices.errors import CameraLost
from agent.identity.errors import CardNotShown, PortraitNotSeen
from agent.identity.values import CardRead
from contract.clock import Deadline, SimulatedClock
from contract.messages import CardSource
from models.specimens.kinds.identity_card import qr_text
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.held_card import HEIGHT_PX, WIDTH_PX, held_up

PORTRAIT = np.full((50, 40, 3), 120, np.uint8)


@pytest.fixture
def portraits(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.uint8] | None]:
    """What the search for a printed portrait finds, in place of its process."""
    found: list[NDArray[np.uint8] | None] = [PORTRAIT]

    async def run_apart(within_s: float, work: object, still: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
        assert still.shape == (HEIGHT_PX, WIDTH_PX, 3)
        return found[0]

    monkeypatch.setattr(card, "run_apart", run_apart)
    return found


async def read(here: Town, reader: CardReader | None, *, pictures: list[NDArray[np.uint8]] | None = None) -> CardRead:
    clock = SimulatedClock(NOW)
    shown = pictures or [
        np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8),
        np.asarray(held_up(qr_text(here.holder, "Xã Mẫu"))),
    ]
    desk = CardDesk(SimulatedCamera(shown, clock), reader, here.trust, clock)
    return await desk.read(Deadline.after(clock, 60))


def laid_on(data: EidCard) -> SimulatedCardReader:
    data.power_up()
    return SimulatedCardReader(data.exchange)


async def test_chip_opens_by_the_printed_code_and_is_believed() -> None:
    here = town()
    found = await read(here, laid_on(EidCard(here.card())))
    assert (found.source, found.verified, found.reason) == (CardSource.CHIP, True, "GENUINE")
    assert (found.number, found.born) == (here.holder.person.number, here.holder.person.born)
    assert found.name == here.holder.person.name
    assert Image.open(io.BytesIO(found.portrait)).format == "JPEG"


async def test_unknown_state_s_chip_is_decoded_apart_and_shown_as_not_verified() -> None:
    here = town()
    stranger = type(here.state)(NOW)
    found = await read(here, laid_on(EidCard(here.card(signer=stranger.signer()))))
    assert (found.source, found.verified, found.reason) == (CardSource.CHIP, False, "UNKNOWN_COUNTRY_SIGNER")


async def test_clone_falls_back_to_the_print_and_says_why(portraits: list[NDArray[np.uint8] | None]) -> None:
    here = town()
    data = here.card()
    data.groups[2] = data.groups[2][:-40] + bytes(40)
    found = await read(here, laid_on(EidCard(data)))
    assert (found.source, found.verified, found.reason) == (CardSource.PRINTED, False, "CLONE")
    assert found.number == here.holder.person.number


@pytest.mark.parametrize(("reader", "why"), [(None, NO_READER), (SimulatedCardReader(), "CARD_MISSING")])
async def test_without_a_chip_the_print_is_used_and_never_verified(
    portraits: list[NDArray[np.uint8] | None], reader: CardReader | None, why: str
) -> None:
    found = await read(town(), reader)
    assert (found.source, found.verified, found.reason) == (CardSource.PRINTED, False, why)
    portraits[0] = None
    with pytest.raises(PortraitNotSeen):
        await read(town(), reader)


async def test_card_issued_under_another_rule_of_expiry_opens_too() -> None:
    """Its expiry is the next age than the law's: the second key opens it."""
    here = town()
    person, issued = here.holder.person, here.holder.issued
    later = type(here.holder)(person=person, issued=issued, expires=next_age(person.born, here.holder.expires))
    other = Town(state=here.state, signer=here.signer, holder=later)
    found = await read(other, laid_on(EidCard(other.card())))
    assert found.verified


def next_age(born: date, expires: date | None) -> date | None:
    assert expires is not None
    return next((expires.replace(year=born.year + age) for age in (40, 60) if born.year + age > expires.year), None)


async def test_nothing_shown_in_time_and_a_camera_that_goes_are_named() -> None:
    blank = [np.full((HEIGHT_PX, WIDTH_PX, 3), 90, np.uint8)]
    with pytest.raises(CardNotShown):
        await read(town(), None, pictures=blank)
    clock = SimulatedClock(NOW)
    camera = SimulatedCamera(blank, clock)
    camera.fault = CameraLost()
    with pytest.raises(CameraLost):
        await CardDesk(camera, None, town().trust, clock).read(Deadline.after(clock, 60))
