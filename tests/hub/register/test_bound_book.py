"""The book made of the register: found, printed by months, closed by years; nothing is bound before its time."""

import io
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from hub_doubles import KioskDouble, approve, draft_pdf
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from contract.clock import SimulatedClock
from hub.faults import AlreadyPrinted, BookStillOpen, ClockWentBack, UnknownThing
from hub.register import annulments, book_pdf, bound_book, search
from hub.register.annulments import Annulment, ReasonClass
from hub.register.search import Wanted
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AuditRow, Issue, RegisterRow

pytestmark = pytest.mark.both_databases

_MARKS = iter(range(10_000))


def certify(hub: Hub, kiosk: KioskDouble, signing: SigningQueue | None, **changes: object) -> str:
    """Bring a paper all the way; without `signing` it stays unsigned. Return the copy's id."""
    paper = kiosk.queue_paper(draft_pdf(mark=str(next(_MARKS))), **changes)
    approve(hub, paper)
    while signing is not None and signing.sign_next():
        pass
    with hub.database.reading() as session:
        return session.scalars(select(Issue.copy_id).where(Issue.request == paper)).one()


def go_to(clock: SimulatedClock, *moment: int) -> None:
    clock.advance((datetime(*moment, tzinfo=UTC) - clock.now()).total_seconds())  # type: ignore[misc,arg-type]


def words_of(pdf: bytes) -> list[str]:
    """The text of each page, by another program's reading."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def found(hub: Hub, **wanted: object) -> list[str]:
    with hub.database.reading() as session:
        entries = search.find(session, hub.config, Wanted(**wanted)).entries  # type: ignore[arg-type]
    return [entry.row.requester_name for entry in entries]


@pytest.mark.parametrize("words", ["do thi", "ĐỖ THỊ Ý", "y do khai", "đỗ  sinh"])
def test_name_is_found_with_and_without_marks_in_any_order(hub: Hub, kiosk: KioskDouble, words: str) -> None:
    certify(hub, kiosk, None, requester_name="Đỗ Thị Ý")
    certify(hub, kiosk, None, requester_name="Trần Thị Mỹ Đào", title="Bằng tốt nghiệp đại học")
    assert found(hub, words=words) == ["Đỗ Thị Ý"]


def test_search_by_number_day_and_year_and_its_pages(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        certify(hub, kiosk, None, requester_name=f"Người {number}")
        clock.advance(86_400)
    today = clock.now().date()
    assert found(hub, number=2) == ["Người 2"]
    assert found(hub, year=2025) == []
    assert found(hub, first_day=today.replace(day=today.day - 1)) == ["Người 3"]
    assert found(hub, words="%") == []
    monkeypatch.setattr(search, "PAGE", 2)
    assert found(hub, page=1) == ["Người 3", "Người 2"]
    assert found(hub, page=2) == ["Người 1"] == found(hub, page=9)


def test_month_is_printed_once_it_is_over_and_signed(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    certify(hub, kiosk, None)
    with pytest.raises(BookStillOpen, match="not over"):
        bound_book.mark_printed(hub, "mau", 2026, 11)
    go_to(clock, 2026, 11, 30, 17)  # midnight in Vietnam
    with pytest.raises(BookStillOpen, match="01, quyển số 01/2026"):
        bound_book.mark_printed(hub, "mau", 2026, 11)
    assert signing.sign_next()
    bound_book.mark_printed(hub, "mau", 2026, 11)
    with pytest.raises(AlreadyPrinted):
        bound_book.mark_printed(hub, "mau", 2026, 11)
    with pytest.raises(UnknownThing):
        bound_book.pdf(hub, 2026, 10)
    with hub.database.reading() as session:
        assert session.scalars(select(AuditRow.subject).where(AuditRow.what == audit.Act.MONTH_PRINTED)).all() == [
            "2026-11"
        ]


def test_pages_run_on_over_the_months_and_totals_are_carried(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    for number in range(40):
        certify(hub, kiosk, signing, requester_name=f"Nguyễn Thị Thu Hằng {number}")
    go_to(clock, 2026, 12, 1, 3)
    certify(hub, kiosk, signing, requester_name="Người tháng mười hai")
    first = bound_book.mark_printed(hub, "mau", 2026, 11)
    pages = words_of(first.pdf)
    assert len(pages) == first.pages > 1
    for number, page in enumerate(pages, 1):
        assert f"Trang {number} / Quyển số 01/2026-SCTĐT/BS" in page
    carried = [line for line in pages[0].splitlines() if "Mang sang trang sau" in line]
    received = [line for line in pages[1].splitlines() if "Trang trước mang sang" in line]
    assert carried[0].split(":")[1] == received[0].split(":")[1]
    assert "Cộng từ đầu năm đến hết tháng: 40 việc 80 160.000" in "".join(pages)
    assert all(sum(f"Hằng {number} Giấy khai sinh" in page for page in pages) == 1 for number in range(40))
    go_to(clock, 2026, 12, 31, 17)
    second = bound_book.mark_printed(hub, "mau", 2026, 12)
    assert second.first_page == first.pages + 1
    assert f"Trang {second.first_page} /" in words_of(second.pdf)[0]
    assert "41 việc" in words_of(second.pdf)[-1]


def test_face_is_embedded_and_paper_is_a4_landscape(hub: Hub, kiosk: KioskDouble, signing: SigningQueue) -> None:
    certify(hub, kiosk, signing)
    with pikepdf.open(io.BytesIO(bound_book.pdf(hub, 2026, 11))) as pdf:
        box = [float(edge) for edge in pdf.pages[0].mediabox]
        assert [round(edge * 25.4 / 72) for edge in box] == [0, 0, 297, 210]
        for font in pdf.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "LiberationSerif" in str(descriptor.FontName) and "/FontFile2" in descriptor


def test_annulment_stands_in_the_note_or_after_binding_in_the_next_month(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    before, after = certify(hub, kiosk, signing), certify(hub, kiosk, signing)
    annul(hub, before, "QĐ 7/QĐ-UBND")
    go_to(clock, 2026, 12, 1, 3)
    certify(hub, kiosk, signing)
    printed = bound_book.mark_printed(hub, "mau", 2026, 11)
    clock.advance(60)
    annul(hub, after, "QĐ 8/QĐ-UBND")
    assert bound_book.pdf(hub, 2026, 11) == printed.pdf  # what is bound stays
    assert "7/QĐ-UBND" in "".join(words_of(printed.pdf)).replace("\r\n", " ")
    assert "8/QĐ-UBND" not in "".join(words_of(printed.pdf))
    december = "".join(words_of(bound_book.pdf(hub, 2026, 12)))
    assert "Ghi chú cho trang đã in: số 02, quyển số 01/2026" in december and "8/QĐ-UBND" in december
    assert "7/QĐ-UBND" not in december


def test_copy_annulled_while_the_pages_are_drawn_is_not_bound_without_its_note(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = certify(hub, kiosk, signing)
    go_to(clock, 2026, 12, 1)
    draw = book_pdf.draw

    def slow(month: book_pdf.Month) -> book_pdf.Printed:
        annul(hub, copy, "QĐ 3/QĐ-UBND")
        return draw(month)

    monkeypatch.setattr(book_pdf, "draw", slow)
    with pytest.raises(BookStillOpen, match="annulled while"):
        bound_book.mark_printed(hub, "mau", 2026, 11)
    monkeypatch.undo()
    assert "3/QĐ-UBND" in "".join(words_of(bound_book.mark_printed(hub, "mau", 2026, 11).pdf))


def test_year_is_closed_when_all_is_bound_and_takes_no_number_more(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    certify(hub, kiosk, signing)
    go_to(clock, 2026, 12, 31, 16, 59, 50)
    open_one = certify(hub, kiosk, None)
    with pytest.raises(BookStillOpen, match="not over"):
        bound_book.close_year(hub, "mau", 2026)
    clock.advance(20)
    with pytest.raises(BookStillOpen, match="not signed"):
        bound_book.close_year(hub, "mau", 2026)
    assert signing.sign_next()
    with pytest.raises(BookStillOpen, match="11/2026 is not printed"):
        bound_book.mark_printed(hub, "mau", 2026, 12)
    bound_book.mark_printed(hub, "mau", 2026, 11)
    with pytest.raises(BookStillOpen, match="12/2026 is not printed"):
        bound_book.close_year(hub, "mau", 2026)
    bound_book.mark_printed(hub, "mau", 2026, 12)
    closing = bound_book.close_year(hub, "mau", 2026)
    assert (closing.entries, closing.copies, closing.fee_vnd, closing.annulled, closing.pages) == (2, 4, 8000, 0, 2)
    with pytest.raises(AlreadyPrinted):
        bound_book.close_year(hub, "mau", 2026)
    certify(hub, kiosk, signing)
    with hub.database.reading() as session:
        numbers = session.execute(select(RegisterRow.year, RegisterRow.number).order_by(RegisterRow.at)).all()
    assert [tuple(each) for each in numbers] == [(2026, 1), (2026, 2), (2027, 1)]
    clock.advance(-25)  # within the clock guard's tolerance
    with pytest.raises(ClockWentBack, match="closed"):
        certify(hub, kiosk, None)
    assert open_one


@pytest.mark.parametrize("table", ["month_print", "year_closing"])
def test_bound_pages_can_not_be_changed(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock, table: str
) -> None:
    certify(hub, kiosk, signing)
    go_to(clock, 2027, 1, 2)
    bound_book.mark_printed(hub, "mau", 2026, 11)
    bound_book.close_year(hub, "mau", 2026)
    with pytest.raises(DatabaseError, match="permanent"), hub.database.writing() as session:
        session.execute(text(f"UPDATE {table} SET pages = 7"))


def annul(hub: Hub, copy_id: str, decision_no: str) -> None:
    annulment = Annulment(decision_no=decision_no, reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên.")
    annulments.record(hub, "mau", copy_id, annulment)
