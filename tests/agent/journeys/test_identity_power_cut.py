"""The plug is pulled at every moment of finding out who is there; what must be true when the power is back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from identity_doubles import STILL, card, seen
from kiosk_doubles import ONE_COPY, Hub, Power, PowerCut, Town

from agent.identity.attendant import SimulatedAttendant
from agent.journeys.endings import Ending
from agent.journeys.identity import MOST_TRIES
from agent.journeys.recovery import start
from agent.journeys.touches import Touch
from contract.clock import SimulatedClock
from contract.messages import CertifyRequest, IdentityCheck, IdentityResult, RequestEnvelope, decode

MATCH, NO_MATCH = IdentityResult.MATCH, IdentityResult.NO_MATCH
BEFORE, AFTER = 4, 11
"""So many moments around the first call of the attendant hold consent, tries, other way and what follows at once."""


def _town(folder: Path, touches: tuple[Touch, ...], result: IdentityResult) -> tuple[Town, SimulatedAttendant]:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    attendant = SimulatedAttendant([card()], [seen(result)], [STILL])
    touched = (*touches, Touch.TAKEN)
    return Town(folder=folder, clock=clock, hub=Hub(clock), attendant=attendant, touches=touched), attendant


async def _first_boot(town: Town, power: Power) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
    async with town.kiosk(power) as kiosk:
        await town.go_on(kiosk, visit.id)


async def _next_boot(town: Town) -> Ending:
    async with town.kiosk() as kiosk:
        (ending,) = await town.after_restart(kiosk)
        return ending


def _check(town: Town) -> IdentityCheck | None:
    bodies = [decode(RequestEnvelope, raw).body for raw in town.hub.requests.values()]
    (body,) = [each for each in bodies if isinstance(each, CertifyRequest)]
    return body.identity


@pytest.mark.parametrize(
    ("touches", "result", "ends"),
    [
        ((Touch.AGREE, Touch.WITHOUT), MATCH, {"FACE"}),
        ((Touch.AGREE, Touch.WITHOUT), NO_MATCH, {"WITHOUT"}),
        ((Touch.AGREE, Touch.PHOTO), NO_MATCH, {"STILL"}),
    ],
)
def test_power_cut_at_every_moment_of_the_check_leads_on_and_doubles_nothing(
    folder: Path, touches: tuple[Touch, ...], result: IdentityResult, ends: set[str]
) -> None:
    whole, _ = _town(folder / "whole", touches, result)
    asyncio.run(_first_boot(whole, Power()))
    assert whole.attendant_asked_at > BEFORE
    methods = set()
    for moment in range(whole.attendant_asked_at - BEFORE, whole.attendant_asked_at + AFTER):
        town, attendant = _town(folder / str(moment), touches, result)
        with pytest.raises(PowerCut):
            asyncio.run(_first_boot(town, Power(dies_at=moment)))
        ending, check = asyncio.run(_next_boot(town)), _check(town)
        assert ending.code == "HANDED_OVER" and town.printer.sheets == 1, moment
        assert attendant.looks <= MOST_TRIES, moment
        assert len(town.hub.evidence) == bool(check and check.evidence), moment
        assert not list(town.folder.rglob("*.sealed")), moment
        methods.add(check.method.value if check else "")
    assert ends <= methods <= ends | {"", "WITHOUT"}
