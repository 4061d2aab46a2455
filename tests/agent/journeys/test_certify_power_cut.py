"""The plug is pulled at every moment of a copy; what must be true when the power is back."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from kiosk_doubles import ONE_COPY, PRICE_VND, Hub, Power, PowerCut, Town

from agent.devices.cash_box import CashBox
from agent.journeys.endings import Ending
from agent.journeys.recovery import start
from agent.journeys.values import Order
from contract.clock import SimulatedClock
from contract.ids import sha256_hex
from contract.messages import HandedOverFact, LinkFact, PrintedFact, PrintOutcome, PurgedFact, SettledFact


def _town(folder: Path, *verdicts: str) -> Town:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    return Town(folder=folder, clock=clock, hub=Hub(clock, verdicts=list(verdicts)))


async def _first_boot(town: Town, order: Order, power: Power) -> Ending:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, order)
    async with town.kiosk(power) as kiosk:
        return await town.go_on(kiosk, visit.id)


async def _next_boot(town: Town) -> Ending:
    async with town.kiosk() as kiosk:
        endings = await town.after_restart(kiosk)
        visits = await kiosk.ledger.journal.visits_closed_since(datetime(2026, 1, 1, tzinfo=UTC))
        assert len(visits) == 1 and not await kiosk.ledger.journal.open_visits()
        assert sum((await kiosk.ledger.money.totals()).values()) == 0
        assert not kiosk.ledger.spool(visits[0].id).has("sheet-1.png")
        return endings[0] if endings else _ending(visits[0].ending)


def _ending(raw: bytes | None) -> Ending:
    assert raw is not None
    return msgspec.json.decode(raw, type=Ending)


def _cut_at(folder: Path, moment: int, *verdicts: str) -> tuple[Town, Ending, bool]:
    town, power = _town(folder, *verdicts), Power(dies_at=moment)
    with contextlib.suppress(PowerCut):
        asyncio.run(_first_boot(town, ONE_COPY, power))
    return town, asyncio.run(_next_boot(town)), power.off


def _moments(folder: Path, *verdicts: str) -> int:
    power = Power()
    asyncio.run(_first_boot(_town(folder, *verdicts), ONE_COPY, power))
    return power.moments


def test_power_cut_after_the_signature_leaves_one_link_which_is_the_one_that_the_hub_knows(folder: Path) -> None:
    order, power = msgspec.structs.replace(ONE_COPY, copies=0, electronic=True), Power()
    asyncio.run(_first_boot(_town(folder / "whole", "certified"), order, power))
    for moment in range(power.moments // 2, power.moments + 1, 3):
        town, dying = _town(folder / str(moment), "certified"), Power(dies_at=moment)
        with contextlib.suppress(PowerCut):
            asyncio.run(_first_boot(town, order, dying))
        assert asyncio.run(_next_boot(town)).code == "ELECTRONIC", moment
        (told,), (link,) = town.hub.told(LinkFact), (town.folder / "visits").glob("*/link.txt")
        assert told.token_sha256 == sha256_hex(link.read_text().rpartition("/")[2].encode()), moment


def _in_hand_vnd(town: Town) -> int:
    """What the citizen has back: the note they still hold, or what the box paid out."""
    return sum(town.notes) + sum(CashBox(town.folder / "cash.json").look().dispensed_vnd.values())


def test_power_cut_at_every_moment_of_a_copy_prints_once_asks_once_and_charges_once(folder: Path) -> None:
    moments = _moments(folder / "whole", "certified")
    assert moments > 60
    for moment in range(1, moments + 1):
        town, ending, was_cut = _cut_at(folder / str(moment), moment, "certified")
        assert was_cut, moment
        assert ending.code == "HANDED_OVER", (moment, ending)
        assert town.printer.sheets == 1, moment
        assert len(town.hub.requests) == 1, moment
        assert _in_hand_vnd(town) == 5_000 - PRICE_VND, moment
        _assert_facts(town, moment)


def _assert_facts(town: Town, moment: int) -> None:
    (request,) = town.hub.requests
    (printed,) = town.hub.told(PrintedFact)
    (handed,) = town.hub.told(HandedOverFact)
    (settled,) = town.hub.told(SettledFact)
    (purged,) = town.hub.told(PurgedFact)
    assert {printed.request, handed.request, settled.request, purged.request} == {request}, moment
    assert (printed.outcome, printed.sheets, handed.paper_copies) == (PrintOutcome.PRINTED, 1, 1), moment
    assert (settled.received_vnd, settled.kept_vnd, settled.returned_vnd) == (5_000, 3_000, 2_000), moment


@pytest.mark.parametrize(("verdict", "code"), [("refused", "REFUSED"), ("rejected", "REJECTED_BY_HUB")])
def test_power_cut_at_every_moment_of_a_refusal_returns_all_the_money(folder: Path, verdict: str, code: str) -> None:
    moments = _moments(folder / "whole", verdict)
    for moment in range(1, moments + 1, 1 if verdict == "refused" else 5):
        town, ending, _ = _cut_at(folder / str(moment), moment, verdict)
        assert ending.code == code, (moment, ending)
        assert town.printer.sheets == 0, moment
        assert len(town.hub.requests) == 1, moment
        assert _in_hand_vnd(town) == 5_000, moment


def test_power_cut_at_every_moment_of_a_secret_paper_leaves_no_image(folder: Path) -> None:
    def town_at(folder: Path) -> Town:
        town = _town(folder)
        town.sheets = ["MẬT".encode()]
        return town

    power = Power()
    asyncio.run(_first_boot(town_at(folder / "whole"), ONE_COPY, power))
    for moment in range(1, power.moments + 1):
        town = town_at(folder / str(moment))
        with pytest.raises(PowerCut):
            asyncio.run(_first_boot(town, ONE_COPY, Power(dies_at=moment)))
        assert asyncio.run(_next_boot(town)).code == "SECRET_PAPER", moment
        assert not town.hub.requests and _in_hand_vnd(town) == 5_000, moment


def test_printer_that_lost_its_memory_with_the_power_gets_no_second_job(folder: Path) -> None:
    whole = _town(folder / "whole", "certified")
    asyncio.run(_first_boot(whole, ONE_COPY, Power()))
    outcomes = [_cut_with_the_printer(folder, whole.printer.began_at + later) for later in range(-2, 5)]
    assert set(outcomes) == {"HANDED_OVER", "PRINT_UNKNOWN"}
    assert outcomes.count("PRINT_UNKNOWN") >= 3


def _cut_with_the_printer(folder: Path, moment: int) -> str:
    town = _town(folder / str(moment), "certified")
    with pytest.raises(PowerCut):
        asyncio.run(_first_boot(town, ONE_COPY, Power(dies_at=moment)))
    town.printer.forget_everything()
    ending = asyncio.run(_next_boot(town))
    (settled,), (printed,) = town.hub.told(SettledFact), town.hub.told(PrintedFact)
    assert town.printer.sheets <= 1, moment
    if ending.code == "PRINT_UNKNOWN":
        assert printed.outcome is PrintOutcome.UNKNOWN, moment
        assert (settled.kept_vnd, settled.unknown_vnd) == (0, PRICE_VND), moment
    return ending.code
