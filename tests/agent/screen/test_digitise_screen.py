"""From the tile to the visit: what the citizen lists becomes the wish, and the visit's screen knows where it stands."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from kiosk_doubles import Town

from agent.devices.errors import PagePrinterUnreachable
from agent.journeys.recovery import start
from agent.journeys.stack import Batch, Run
from agent.journeys.stacks import LAY, READ, SCAN, Read
from agent.journeys.touches import Touch
from agent.journeys.values import Declared, Digitise, Touched
from agent.screen.dossier import PaperView
from agent.screen.page.activities.digitise import MOST_SEPARATORS, WITHIN, DigitiseDossier, Listing
from agent.screen.page.state import Deed, Tap
from agent.screen.view import view
from contract.digital import Condition
from contract.messages import Filed, PrintOutcome, ReplyEnvelope

BIRTH = "1.001193"


def tap(do: Deed, value: str = "") -> Tap:
    return Tap(scene="digitise", do=do, value=value)


async def walked(town: Town, *taps: Tap) -> object:
    async with town.kiosk() as kiosk:
        activity = DigitiseDossier(replace(kiosk, digitises=True))
        assert activity.is_there and not DigitiseDossier(kiosk).is_there
        held: object = await activity.begin()
        for each in taps:
            assert isinstance(held, Listing)
            held = await activity.touched(held, each)
        return held


ONE = (
    tap(Deed.ACT, f"procedure:{BIRTH}"),
    tap(Deed.ACT, "paper:CHUNG_SINH"),
    tap(Deed.ACT, "pages:2"),
    tap(Deed.GO_ON),
    tap(Deed.ACT, "condition:A"),
)


async def test_what_is_listed_becomes_the_wish_in_the_order_of_the_procedure(town: Town) -> None:
    more = (tap(Deed.ACT, "paper:TO_KHAI"), tap(Deed.ACT, "pages:1"), tap(Deed.GO_ON), tap(Deed.ACT, "condition:B"))
    wish = await walked(town, *ONE, *more, tap(Deed.GO_ON), tap(Deed.GO_ON))
    assert wish == Digitise(
        procedure=BIRTH,
        papers=(
            Declared(component="TO_KHAI", pages=1, condition=Condition.B),
            Declared(component="CHUNG_SINH", pages=2, condition=Condition.A),
        ),
    )


async def test_a_missing_required_paper_is_named_and_stops_nobody(town: Town) -> None:
    held = await walked(town, *ONE)
    assert isinstance(held, Listing)
    assert [each.code for each in held.lacking] == ["TO_KHAI"] and held.can_begin


async def test_a_paper_is_changed_and_left_out_again(town: Town) -> None:
    again = (tap(Deed.ACT, "paper:CHUNG_SINH"), tap(Deed.ACT, "leave-out"))
    held = await walked(town, *ONE, *again)
    assert isinstance(held, Listing)
    assert (held.scene, held.papers, held.can_begin) == ("checklist", (), False)


@pytest.mark.parametrize(
    "taps",
    [
        (tap(Deed.ACT, "procedure:9.9"),),
        (tap(Deed.ACT, f"procedure:{BIRTH}"), tap(Deed.ACT, "paper:NONSENSE")),
        (tap(Deed.ACT, f"procedure:{BIRTH}"), tap(Deed.GO_ON)),
        (*ONE[:2], tap(Deed.ACT, "pages:201")),
        (*ONE[:2], tap(Deed.ACT, "pages:x")),
        (*ONE[:2], tap(Deed.GO_ON)),
        (*ONE[:4], tap(Deed.ACT, "condition:E")),
        (*ONE[:4], tap(Deed.ACT, "condition:D"), tap(Deed.GO_ON)),
    ],
)
async def test_what_is_not_offered_or_not_said_goes_no_further(town: Town, taps: tuple[Tap, ...]) -> None:
    before, after = await walked(town, *taps[:-1]), await walked(town, *taps)
    assert before == after


async def test_back_goes_one_scene_back_and_at_last_out(town: Town) -> None:
    scenes = []
    for backs in range(1, 5):
        held = await walked(town, *ONE[:4], *[tap(Deed.BACK)] * backs)
        scenes.append(held.scene if isinstance(held, Listing) else held)
    assert scenes == ["count", "checklist", "procedure", None]


async def test_the_visits_screen_is_folded_from_the_journal(town: Town) -> None:
    wish = Digitise(
        procedure=BIRTH,
        papers=(
            Declared(component="TO_KHAI", pages=1, condition=Condition.A),
            Declared(component="CHUNG_SINH", pages=2, condition=Condition.B),
        ),
    )
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, wish)
        await visit.note(f"{LAY} 1", Touched(touch=Touch.PAGE_IS_IN))
        runs = (Run(sheets=(1,)), Run(component="UY_QUYEN", sheets=(3,)), Run(component="CHUNG_SINH", sheets=(5,)))
        await visit.note(f"{SCAN} 1", Batch(sheets=5, runs=runs))
        await visit.note(f"{READ} 1", Read(forbidden=False))
        seen = await view(kiosk, visit.id)
        shown = seen.dossier
        assert seen.paper is None and shown is not None and (shown.wanted, shown.strange, shown.done) == (1, 1, 1)
        assert shown.asked == PaperView(
            name=("Giấy chứng sinh", "Birth notification of the hospital"), counted=2, scanned=1, is_complete=False,
            is_fragile=True,
        )  # fmt: skip
        await visit.note(f"{LAY} 2", Touched(touch=Touch.ALL_IN))
        body = Filed(doc_code="H26.1.23_GTK_000001_V1")
        await visit.note("filed 1", ReplyEnvelope(v=1, id=visit.id, at=town.clock.now(), body=body))
        shown = (await view(kiosk, visit.id)).dossier
        assert shown is not None and shown.wanted is None
        assert [each.code for each in shown.papers] == ["H26.1.23_GTK_000001_V1", ""]


@pytest.mark.parametrize("fault", [None, PagePrinterUnreachable("ipp://printer")])
async def test_separator_sheets_are_printed_once_for_the_stacked_papers(
    town: Town, fault: PagePrinterUnreachable | None
) -> None:
    async with town.kiosk() as kiosk:
        town.printer.fault = fault
        activity = DigitiseDossier(kiosk)
        papers = tuple(Declared(component=each, pages=1, condition=Condition.A) for each in ("TO_KHAI", "CHUNG_SINH"))
        held = Listing(scene="ready", code=BIRTH, papers=papers)
        asked = await activity.touched(held, tap(Deed.ACT, "separators"))
        assert isinstance(asked, Listing) and asked.are_printing and not activity.may_leave(asked)
        assert await activity.touched(asked, tap(Deed.GO_ON)) is asked
        assert activity._printing
        await activity._printing
        seen = await activity.looked(asked)
        assert isinstance(seen, Listing) and activity.may_leave(seen)
        assert seen.sheets is (PrintOutcome.NOT_PRINTED if fault else PrintOutcome.PRINTED)
        assert seen.may_print is (fault is not None)
        pages = [len(pikepdf.open(BytesIO(pdf)).pages) for pdf in town.printer.received.values()]
        assert pages == ([] if fault else [2])


async def test_nobody_empties_the_tray_with_separator_sheets(town: Town) -> None:
    papers = tuple(Declared(component=each, pages=1, condition=Condition.A) for each in ("TO_KHAI", "CHUNG_SINH"))
    held = Listing(scene="ready", code=BIRTH, papers=papers)
    async with town.kiosk() as kiosk:
        activity = DigitiseDossier(kiosk)
        for _ in range(MOST_SEPARATORS // 2):
            asked = await activity.touched(held, tap(Deed.ACT, "separators"))
            assert isinstance(asked, Listing) and asked.are_printing and activity._printing
            await activity._printing
            await activity.looked(asked)
        refused = await activity.touched(held, tap(Deed.ACT, "separators"))
        assert isinstance(refused, Listing) and refused.are_enough and not refused.may_print
        assert not refused.are_printing and activity.may_leave(refused)
        assert len(town.printer.received) == MOST_SEPARATORS // 2
        town.clock.advance(WITHIN.total_seconds())
        later = await activity.touched(held, tap(Deed.ACT, "separators"))
        assert isinstance(later, Listing) and later.are_printing and activity._printing
        await activity._printing


async def test_one_paper_or_a_fragile_one_needs_no_separator(town: Town) -> None:
    one = (Declared(component="TO_KHAI", pages=1, condition=Condition.A),)
    fragile = (*one, Declared(component="CHUNG_SINH", pages=1, condition=Condition.B))
    assert not Listing(scene="ready", code=BIRTH, papers=one).may_print
    assert not Listing(scene="ready", code=BIRTH, papers=fragile).may_print
