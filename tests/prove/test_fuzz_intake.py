"""The short form of the hostile kiosk, and that it can fail."""

import asyncio

import psutil
import pytest

from contract.messages import MalformedMessage, State, decode
from provisioning.onebox.settings import KIOSK_ID
from tests.prove import fuzz_intake
from tests.prove.hubs import two_hubs

pytestmark = [pytest.mark.xdist_group("hubs"), pytest.mark.timeout(300)]


def test_fuzzing_and_flooding_kiosk_stops_nothing_and_leaves_nothing() -> None:
    figures = fuzz_intake.Figures(seed=1)
    with two_hubs("sqlite", with_broker=True, count=1, kiosks=(KIOSK_ID, fuzz_intake.HOSTILE_ID)) as hubs:
        asyncio.run(fuzz_intake.prove(hubs, figures, count=400, flood_s=3))
        assert sum(figures.sent.values()) == 400 and figures.flooded > 400
        one_less = {name: max(count - 1, 0) for name, count in fuzz_intake.rows(hubs).items()}
        with pytest.raises(fuzz_intake.PromiseBroken, match="rows were recorded"):
            fuzz_intake.check(hubs, psutil.Process(hubs.pid(0)), figures, one_less)


@pytest.mark.parametrize(
    "since", ["2026-11-23T02:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2200-01-01T00:00:00Z"]
)
def test_moment_that_can_not_be_reckoned_with_breaks_the_contract(since: str) -> None:
    with pytest.raises(MalformedMessage):
        decode(State, b'{"v":1,"online":true,"since":"%s","version":"1","legal_mode":"PILOT_REMOTE"}' % since.encode())
