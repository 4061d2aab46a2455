"""Asking the kiosk whether it is genuine: six digits in, a QR out that the kiosk's own key signed, with no network."""

from collections.abc import AsyncIterator

import pytest
from house import House
from kiosk_doubles import DEVICE, Town

from agent.screen.page.activities.genuine import GenuineHeld
from agent.screen.page.state import Deed
from contract import genuine, seal
from contract.genuine import Statement

TO_THE_DIGITS = ((Deed.WAKE, ""), (Deed.OPEN, "check"), (Deed.OPEN, "genuine"))


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    async with town.kiosk() as kiosk:
        yield House(kiosk)


async def touch(house: House, *touches: tuple[Deed, str]) -> None:
    for do, value in touches:
        await house.tap(do, value)


def said(house: House) -> Statement:
    held = house.stage.state.held
    assert isinstance(held, GenuineHeld)
    statement, outer = genuine.decode(seal.from_qr_text(held.address))
    assert outer.header.cert_ref == DEVICE.cert_ref
    return statement


async def test_the_kiosk_signs_the_digits_its_name_and_what_runs_on_it(house: House) -> None:
    await touch(house, *TO_THE_DIGITS, *((Deed.KEY, key) for key in ("x", "0", "4", "9", "del", "8", *"2913")))
    await house.tap(Deed.GO_ON)
    assert await house.scene() == "genuine/answer"
    statement = said(house)
    assert (statement.kiosk, statement.challenge) == (house.kiosk.place.kiosk, "048291")
    assert statement.said_at == house.kiosk.clock.now().replace(microsecond=0)
    assert not house.running


async def test_fewer_digits_are_not_signed_and_back_leads_to_other_digits_then_away(house: House) -> None:
    await touch(house, *TO_THE_DIGITS, *((Deed.KEY, key) for key in "12345"), (Deed.GO_ON, ""))
    assert await house.scene() == "genuine/ask"
    await touch(house, (Deed.KEY, "6"), (Deed.GO_ON, ""), (Deed.BACK, ""))
    assert await house.scene() == "genuine/ask"
    assert house.stage.state.held == GenuineHeld(scene="ask")
    await house.tap(Deed.BACK)
    assert await house.scene() == "choose"
