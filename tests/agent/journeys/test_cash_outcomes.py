"""Money of which nobody knows whose it is, or whether it came out: it goes to a person, and is no debt and no fee."""

from kiosk_doubles import ONE_COPY, PRICE_VND, Citizen, Power, Town

from agent.devices.cash import Credit
from agent.devices.errors import PayoutUnknown
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from contract.messages import SettledFact


class Doubtful(Citizen):
    """A device that lost its power while it paid out."""

    async def dispense(self, key: str, amount_vnd: int) -> int:
        raise PayoutUnknown("the tubes were not counted")


class Restless(Citizen):
    """A device that is told of a note which nobody can be sure of."""

    async def credits(self, after: int) -> list[Credit]:
        known = await super().credits(after)
        return [Credit(serial=each.serial, value_vnd=each.value_vnd, certain=False) for each in known]


def _with(kiosk: Kiosk, cash: Citizen) -> Kiosk:
    object.__setattr__(kiosk, "cash", cash)
    return kiosk


async def test_change_that_may_have_come_out_is_left_to_a_person_and_no_voucher_is_given(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(_with(kiosk, Doubtful(town, Power())), ONE_COPY)
        ending = await town.go_on(kiosk, visit.id)
        balance = await kiosk.ledger.money.balance(visit.id)
    assert ending.code == "HANDED_OVER"
    assert (balance.kept_vnd, balance.unknown_vnd, balance.voucher_vnd) == (PRICE_VND, 2_000, 0)


async def test_note_that_nobody_is_sure_of_pays_nothing_and_is_left_to_a_person(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(_with(kiosk, Restless(town, Power())), ONE_COPY)
        ending = await town.go_on(kiosk, visit.id)
        balance = await kiosk.ledger.money.balance(visit.id)
    assert ending.code == "NOT_PAID"
    assert (balance.received_vnd, balance.unknown_vnd, balance.returned_vnd) == (5_000, 5_000, 0)
    assert not town.hub.told(SettledFact)


async def test_note_that_came_in_while_nobody_paid_is_not_the_next_citizen_s(town: Town) -> None:
    async with town.kiosk() as kiosk:
        first = await start(kiosk, ONE_COPY)
        await town.go_on(kiosk, first.id)
        assert isinstance(kiosk.cash, Citizen)
        kiosk.cash.box.accept(20_000)
        assert kiosk.cash.box.insert(20_000)
        town.notes = [2_000, 1_000]
        town.hub.verdicts.append("certified")
        second = await start(kiosk, ONE_COPY)
        await town.go_on(kiosk, second.id)
        stray, paid = [await kiosk.ledger.money.balance(each.id) for each in (first, second)]
    assert (stray.unknown_vnd, stray.kept_vnd) == (20_000, PRICE_VND)
    assert (paid.received_vnd, paid.unknown_vnd, paid.kept_vnd) == (PRICE_VND, 0, PRICE_VND)
