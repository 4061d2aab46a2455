"""The small books of devices: events and wishes are written down by different threads, and none is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agent.devices.cash_book import CashBook, number_of
from agent.devices.cashless_book import CashlessBook, SaleState
from agent.devices.job_book import JobBook, JobNote
from contract.messages import PrintOutcome

TIMES = range(6)


def at_once(*deeds: Callable[[int], object]) -> None:
    """Do each deed many times, all of them beside each other; raise what one raises."""

    def again_and_again(deed: Callable[[int], object]) -> None:
        for at in TIMES:
            deed(at)

    with ThreadPoolExecutor(len(deeds)) as threads:
        for done in [threads.submit(again_and_again, deed) for deed in deeds]:
            done.result()


def test_a_reader_s_word_and_the_journey_s_wish_at_the_same_moment_are_both_kept(tmp_path: Path) -> None:
    book = CashlessBook(tmp_path / "cards.json")
    for at in TIMES:
        book.begin(f"V/{at}", 1_000)
    at_once(
        lambda at: book.tell(number_of(f"V/{at}"), SaleState.APPROVED),
        lambda at: book.want(f"V/{at}", commit=True),
        lambda at: book.begin(f"W/{at}", 1_000),
    )
    again = CashlessBook(tmp_path / "cards.json")
    sales = [again.sale(f"V/{at}") for at in TIMES]
    assert all(sale and (sale.state, sale.commit) == (SaleState.APPROVED, True) for sale in sales)
    assert all(again.sale(f"W/{at}") for at in TIMES)


def test_an_approval_is_not_overwritten_by_the_conclusion_that_there_was_none(tmp_path: Path) -> None:
    book = CashlessBook(tmp_path / "cards.json")
    number = book.begin("V/1", 1_000).number
    book.tell(number, SaleState.APPROVED)
    book.tell(number, SaleState.DENIED)
    sale = book.sale("V/1")
    assert sale and sale.state is SaleState.APPROVED


def test_a_coin_that_is_counted_while_a_payout_is_begun_loses_neither(tmp_path: Path) -> None:
    book = CashBook(tmp_path / "cash.json")
    at_once(
        lambda at: book.begin(f"V/{at}", 2_000),
        lambda at: book.count((1, at + 1), 1_000, is_note=False),
    )
    again = CashBook(tmp_path / "cash.json")
    assert again.taken_vnd == 1_000 * len(TIMES) and all(again.payout(f"V/{at}") for at in TIMES)


def test_jobs_of_two_threads_are_all_in_the_printer_s_book(tmp_path: Path) -> None:
    book = JobBook(tmp_path / "jobs.json")

    def begin_and_settle(visit: str) -> Callable[[int], None]:
        def deed(at: int) -> None:
            book.begin(f"{visit}/{at}", JobNote())
            book.settle(f"{visit}/{at}", PrintOutcome.PRINTED)

        return deed

    at_once(begin_and_settle("V"), begin_and_settle("W"))
    again = JobBook(tmp_path / "jobs.json")
    notes = [again.find(f"{visit}/{at}") for visit in "VW" for at in TIMES]
    assert all(note and note.outcome is PrintOutcome.PRINTED for note in notes)
