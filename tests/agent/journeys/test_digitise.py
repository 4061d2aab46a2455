"""A dossier goes in at the kiosk: counts agree or are asked about, separators split, secrets stop, the hub gets it."""

import contextlib
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pytest
from dossier_doubles import BIRTH, ONE_PAPER, TWO_PAPERS, Bearer, declared, page, separator, sheet
from kiosk_doubles import Hub, Power, PowerCut, Town

from agent.devices.errors import ScannerJammed, TicketPaperOut
from agent.devices.page_printer import PrintJob
from agent.journeys.digitised_receipt import PAGE
from agent.journeys.endings import Ending
from agent.journeys.filing import SECRET
from agent.journeys.recovery import start
from agent.journeys.touches import Touch
from agent.journeys.values import Digitise
from contract.clock import Deadline, SimulatedClock
from contract.digital import Condition

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
IN, ALL_IN, AGAIN = Touch.PAGE_IS_IN, Touch.ALL_IN, Touch.AGAIN


@pytest.fixture
def bearer(town: Town) -> Bearer:
    return Bearer(town)


async def brought(bearer: Bearer, wish: Digitise = TWO_PAPERS) -> Ending:
    async with bearer.kiosk() as kiosk:
        ending = await bearer.town.visit(kiosk, wish)
        assert not kiosk.floor.locked()
    assert list((bearer.town.folder / "visits").glob("*/*")) == []
    return ending


async def test_a_dossier_whose_counts_agree_reaches_the_hub_and_nothing_stays(bearer: Bearer) -> None:
    ending = await brought(bearer)
    assert ending.code == "DIGITISED", ending
    (first, _), (second, pdf) = bearer.town.hub.papers
    assert (first.component, first.pages_counted, first.pages) == ("TO_KHAI", 1, 1)
    assert (second.component, second.pages_counted, second.pages) == ("CHUNG_SINH", 2, 2)
    assert first.dossier == second.dossier and first.documents == second.documents == 2
    assert first.procedure == BIRTH and first.secret_sha256 == second.secret_sha256
    assert len(pikepdf.open(BytesIO(pdf)).pages) == 2
    assert second.metadata.page_amount == 2 and second.metadata.doc_code == ""
    assert second.metadata.format.startswith("A")
    assert second.metadata.type_name == "Quyết định" and second.metadata.keyword == "Giấy chứng sinh"


async def test_the_receipt_carries_the_secret_whose_hash_the_hub_has_and_the_journal_does_not(bearer: Bearer) -> None:
    async with bearer.kiosk() as kiosk:
        spool_of = kiosk.ledger.spool
        visit = await start(kiosk, TWO_PAPERS)
        seen: list[bytes] = []
        original = type(kiosk.link).request

        async def request(self: object, key: str, visit_id: str, body: object, blob: Path | None = None) -> object:
            seen.append((spool_of(visit_id).path(SECRET)).read_bytes())
            return await original(self, key, visit_id, body, blob)  # type: ignore[arg-type]

        kiosk.link.request = request.__get__(kiosk.link)  # type: ignore[method-assign]
        await bearer.town.go_on(kiosk, visit.id)
        steps = await kiosk.ledger.journal.steps(visit.id)
    secret = seen[0]
    assert len(secret) == 40
    assert hashlib.sha256(secret).hexdigest() == bearer.town.hub.papers[0][0].secret_sha256
    assert not any(secret in (step.result or b"") for step in steps)


async def test_a_stack_with_separators_is_split_upside_down_and_crooked_ones_too(bearer: Bearer) -> None:
    wish = Digitise(
        procedure=BIRTH, papers=(declared("TO_KHAI"), declared("CHUNG_SINH", 2), declared("UY_QUYEN"), declared("KHAC"))
    )
    bearer.script = [IN]
    bearer.batches = [
        [
            page("1"), separator("CHUNG_SINH", degrees=180), page("2"), page("3"),
            separator("KHAC", degrees=7), separator("KHAC"), page("5"), separator("UY_QUYEN", degrees=-5), page("4"),
        ]
    ]  # fmt: skip
    assert (await brought(bearer, wish)).code == "DIGITISED"
    assert {body.component: body.pages for body, _ in bearer.town.hub.papers} == {
        "TO_KHAI": 1, "CHUNG_SINH": 2, "UY_QUYEN": 1, "KHAC": 1,
    }  # fmt: skip


async def test_a_plain_separator_begins_the_next_paper(bearer: Bearer) -> None:
    bearer.script, bearer.batches = [IN], [[page("1"), separator(), page("2"), page("3")]]
    assert (await brought(bearer)).code == "DIGITISED"
    assert [(body.component, body.pages) for body, _ in bearer.town.hub.papers] == [("TO_KHAI", 1), ("CHUNG_SINH", 2)]


@pytest.mark.parametrize(
    "code",
    [
        sheet("https://dichvucong.gov.vn/x"),
        sheet("TRAM-TACH:1.001193:CHUNG_SINH", side_mm=20),
        sheet("TRAM-TACH:9.999999:CHUNG_SINH"),
    ],
    ids=["of another sense", "too small", "of another procedure"],
)
async def test_another_code_on_a_paper_is_no_separator(bearer: Bearer, code: bytes) -> None:
    bearer.script, bearer.batches = [IN], [[code]]
    async with bearer.kiosk() as kiosk:
        with pytest.raises(UnicodeDecodeError):  # the doubles' desk reads text only: it was handed on as a page
            await bearer.town.visit(kiosk, TWO_PAPERS)


async def test_sheets_behind_a_separator_of_something_not_listed_are_filed_nowhere(bearer: Bearer) -> None:
    bearer.script = [IN, IN]
    bearer.batches = [[page("1"), separator("UY_QUYEN"), page("x"), page("y")], [page("2"), page("3")]]
    assert (await brought(bearer)).code == "DIGITISED"
    assert [body.pages for body, _ in bearer.town.hub.papers] == [1, 2]


async def test_a_missing_page_is_asked_for(bearer: Bearer) -> None:
    bearer.script = [IN, IN, IN]
    bearer.batches = [[page("1")], [page("2")], [page("3")]]
    assert (await brought(bearer)).code == "DIGITISED"
    assert bearer.town.hub.papers[1][0].pages == 2


async def test_more_pages_than_counted_are_never_taken_without_a_word(bearer: Bearer) -> None:
    bearer.script, bearer.batches = [IN], [[page("1"), page("2")]]
    ending = await brought(bearer)
    assert ending.code == "SHEETS_MISSING" and not bearer.town.hub.papers


async def test_the_citizens_word_settles_a_count_that_differs_and_the_metadata_say_so(bearer: Bearer) -> None:
    bearer.script, bearer.batches = [IN, ALL_IN, IN], [[page("1"), page("1b")], [], [page("2"), page("3")]]
    assert (await brought(bearer)).code == "DIGITISED"
    first = bearer.town.hub.papers[0][0]
    assert (first.pages_counted, first.pages) == (1, 2)
    assert first.metadata.description == "Đếm 1 trang, quét 2 trang, tệp 2 trang; người nộp xác nhận 2 trang"


async def test_scanned_anew_only_the_second_scan_counts(bearer: Bearer) -> None:
    bearer.script = [IN, AGAIN, IN, IN]
    bearer.batches = [[page("1"), page("1b")], [], [page("1")], [page("2"), page("3")]]
    assert (await brought(bearer)).code == "DIGITISED"
    assert [body.pages for body, _ in bearer.town.hub.papers] == [1, 2]


async def test_no_page_is_not_all_pages(bearer: Bearer) -> None:
    bearer.script = [ALL_IN, ALL_IN]
    assert (await brought(bearer)).code == "SHEETS_MISSING"


async def test_a_secret_paper_stops_the_dossier_and_nothing_leaves_the_kiosk(bearer: Bearer) -> None:
    bearer.batches = [[page("Tờ khai")], [page("MẬT công văn"), page("trang 2")]]
    ending = await brought(bearer)
    assert ending.code == "SECRET_PAPER"
    assert not bearer.town.hub.requests


async def test_a_secret_page_behind_a_strange_separator_stops_it_too(bearer: Bearer) -> None:
    bearer.script, bearer.batches = [IN], [[page("1"), separator("UY_QUYEN"), page("MẬT")]]
    assert (await brought(bearer)).code == "SECRET_PAPER"


async def test_a_fragile_paper_is_laid_on_the_glass_page_by_page_and_a_worse_one_is_not_scanned(bearer: Bearer) -> None:
    wish = Digitise(
        procedure=BIRTH,
        papers=(
            declared("TO_KHAI", 2, Condition.B),
            declared("CHUNG_SINH", 1, Condition.C),
            declared("KHAC", 1, Condition.D),
        ),
    )
    bearer.script, bearer.batches = [IN, IN], [[page("1")], [page("2")]]
    async with bearer.kiosk() as kiosk:
        ending = await bearer.town.visit(kiosk, wish)
        assert kiosk.scanner.by_one == 2  # type: ignore[attr-defined]
    assert ending.code == "DIGITISED"
    ((body, _),) = bearer.town.hub.papers
    assert (body.component, body.pages, body.documents, body.condition) == ("TO_KHAI", 2, 1, Condition.B)


async def test_a_dossier_of_nothing_that_may_be_scanned_ends_at_once(bearer: Bearer) -> None:
    wish = Digitise(procedure=BIRTH, papers=(declared("TO_KHAI", 1, Condition.D),))
    assert (await brought(bearer, wish)).code == "NOTHING_TO_DIGITISE"


async def test_a_jam_ends_the_dossier_with_where_the_paper_is(bearer: Bearer) -> None:
    bearer.town.scanner_fault = ScannerJammed("jam")
    ending = await brought(bearer)
    assert ending.code == "NOT_READ" and ending.fault == ScannerJammed("jam").code and ending.paper_vi


async def test_without_tickets_the_receipt_comes_out_of_the_page_printer(bearer: Bearer) -> None:
    bearer.town.ticket_fault = TicketPaperOut("out")
    ending = await brought(bearer)
    assert ending.code == "DIGITISED"
    ((key, pdf),) = bearer.town.printer.received.items()
    assert key.endswith(PAGE) and bearer.town.printer.sheets == 1
    assert "biên nhận không ra" not in ending.vi and pdf


async def test_a_receipt_on_the_page_printer_keeps_the_tray_to_itself(
    bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer.town.ticket_fault, print_pdf, had_tray = TicketPaperOut("out"), bearer.town.printer.print_pdf, list[bool]()
    async with bearer.kiosk() as kiosk:

        async def watched(key: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintJob:
            had_tray.append(kiosk.tray.locked())
            return await print_pdf(key, pdf, copies, deadline)

        monkeypatch.setattr(bearer.town.printer, "print_pdf", watched)
        await bearer.town.visit(kiosk, ONE_PAPER)
    assert had_tray == [True]


async def test_a_hub_without_an_archive_ends_it_in_words_and_the_scans_are_gone(bearer: Bearer) -> None:
    bearer.town.hub.has_no_archive = True
    ending = await brought(bearer)
    assert ending.code == "NOT_FILED" and "Set [documents]" in ending.remedy


async def _walked(folder: Path, wish: Digitise, moment: int) -> tuple[Bearer, Power, Ending | None]:
    folder.mkdir(parents=True)
    clock = SimulatedClock(NOON)
    bearer = Bearer(Town(folder=folder, clock=clock, hub=Hub(clock)))
    power, ending = Power(dies_at=moment), None
    with contextlib.suppress(PowerCut):
        async with bearer.kiosk(power) as kiosk:
            visit = await start(kiosk, wish)
            ending = await bearer.town.go_on(kiosk, visit.id)
    return bearer, power, ending


@pytest.mark.parametrize(("wish", "stride"), [(ONE_PAPER, 1), (TWO_PAPERS, 13)], ids=["one paper", "two papers"])
async def test_power_cut_at_every_moment_files_every_paper_once_and_leaves_no_scan(
    folder: Path, wish: Digitise, stride: int
) -> None:
    _, power, ending = await _walked(folder / "whole", wish, 0)
    assert ending and ending.code == "DIGITISED" and power.moments > 25
    for moment in range(1, power.moments + 1, stride):
        bearer, cut, _ = await _walked(folder / str(moment), wish, moment)
        assert cut.off, moment
        async with bearer.kiosk() as kiosk:
            await bearer.town.after_restart(kiosk)
            closed = await kiosk.ledger.journal.visits_closed_since(NOON)
            assert not await kiosk.ledger.journal.open_visits()
        codes = [msgspec.json.decode(each.ending or b"", type=Ending).code for each in closed]
        assert codes == ["DIGITISED"], moment
        assert [body.pages for body, _ in bearer.town.hub.papers] == [each.pages for each in wish.papers], moment
        assert len({body.secret_sha256 for body, _ in bearer.town.hub.papers}) == 1, moment
        assert list((bearer.town.folder / "visits").glob("*/*")) == [], moment
