"""A certified copy on the glass: what it is worth is the hub's word, and without one the citizen is told the truth."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from kiosk_doubles import Hub, Power, PowerCut, Town
from PIL import Image

from agent.devices.errors import ScannerJammed
from agent.journeys import delays
from agent.journeys.recovery import start
from agent.journeys.values import Check
from agent.screen.view import view
from contract.clock import SimulatedClock
from contract.messages import JudgeRequest, RequestEnvelope, Standing, decode

ADDRESS = "HTTPS://TRAM.EXAMPLE.VN/V/" + "GEZDGNBVGY3TQOJQ" * 12


def sheet(text: str = "") -> bytes:
    """A white A4 page at 100 dpi, with a QR code where there is a text."""
    page = Image.new("RGB", (827, 1169), "white")
    if text:
        drawn = BytesIO()
        segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=5)
        page.paste(Image.open(drawn).convert("RGB"), (60, 700))
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    return Town(folder=tmp_path, clock=clock, hub=Hub(clock), sheets=[sheet(ADDRESS)])


@pytest.mark.parametrize("standing", Standing)
async def test_the_hubs_word_is_the_answer_and_nothing_of_the_paper_is_kept(town: Town, standing: Standing) -> None:
    town.hub.judgement = standing
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, Check())
        ending = await town.go_on(kiosk, visit.id)
        shown = await view(kiosk, visit.id)
    assert ending.code == f"CHECKED_{standing}"
    assert shown.judged is not None and shown.judged.standing is standing
    (asked,) = (decode(RequestEnvelope, each).body for each in town.hub.requests.values())
    assert asked == JudgeRequest(code=ADDRESS)
    assert list((town.folder / "visits").glob("*/*")) == []
    assert town.notes == [5_000]


@pytest.mark.parametrize(
    ("change", "code", "paper"),
    [
        ({"sheets": [sheet()]}, "NO_COPY_CODE", "lấy lại giấy"),
        ({"online": False}, "NOT_JUDGED", "lấy lại giấy"),
        ({"scanner_fault": ScannerJammed("jam")}, "NOT_SCANNED", ScannerJammed.paper_vi),
    ],
)
async def test_what_can_not_be_checked_is_said_with_a_way_on(
    town: Town, change: dict[str, object], code: str, paper: str
) -> None:
    for name, value in change.items():
        setattr(town, name, value)
    async with town.kiosk() as kiosk:
        ending = await town.visit(kiosk, Check())
        assert not kiosk.floor.locked()
    assert ending.code == code
    assert len(ending.vi) > 20 and paper in ending.paper_vi


async def test_a_hub_that_does_not_answer_is_waited_for_a_while_only(town: Town) -> None:
    town.hub.is_deaf = True
    async with town.kiosk() as kiosk:
        began_s = town.clock.monotonic()
        ending = await town.visit(kiosk, Check())
    assert ending.code == "NOT_JUDGED"
    assert delays.JUDGE_S <= town.clock.monotonic() - began_s < 2 * delays.JUDGE_S


async def test_power_may_go_at_every_moment_and_the_check_ends_all_the_same(tmp_path: Path) -> None:
    moment, cut = 0, True
    while cut:
        moment += 1
        clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
        town = Town(folder=tmp_path / str(moment), clock=clock, hub=Hub(clock), sheets=[sheet(ADDRESS)])
        town.folder.mkdir()
        visit, cut = "", False
        try:
            async with town.kiosk(Power(moment)) as kiosk:
                visit = (await start(kiosk, Check())).id
                await town.go_on(kiosk, visit)
        except PowerCut:
            cut = True
        async with town.kiosk() as kiosk:
            endings = await town.after_restart(kiosk)
            assert {each.code for each in endings} <= {"CHECKED_VALID"}
            if visit:
                assert (await kiosk.ledger.journal.visit(visit)).ending is not None
        assert len(town.hub.requests) <= 1
    assert moment > 6
