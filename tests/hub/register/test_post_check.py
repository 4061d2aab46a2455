"""Checks afterwards: anybody can draw the sample again, nobody checks himself, an error waits for its annulment."""

import pytest
from hub_doubles import KioskDouble
from test_bound_book import annul, certify, go_to

from contract.clock import SimulatedClock
from hub.faults import AlreadyPrinted, BookStillOpen, NotYours, UnknownThing
from hub.register import post_check
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub

COPIES = [f"01K{number:023d}" for number in range(1000)]


@pytest.mark.parametrize(
    ("population", "size"), [(0, 0), (7, 7), (10, 10), (11, 10), (201, 11), (1000, 50), (9999, 200)]
)
def test_size_follows_the_rule(population: int, size: int) -> None:
    assert post_check.size(population) == size


def test_sample_depends_on_seed_and_month_and_nothing_else() -> None:
    drawn = post_check.sample(COPIES, "s", 2026, 11)
    assert len(set(drawn)) == 50
    assert drawn == post_check.sample(list(reversed(COPIES)), "s", 2026, 11)
    assert drawn != post_check.sample(COPIES, "t", 2026, 11)
    assert drawn != post_check.sample(COPIES, "s", 2026, 12)


def test_every_copy_is_drawn_about_equally_often() -> None:
    times = dict.fromkeys(COPIES[:100], 0)
    for seed in range(1000):
        for copy in post_check.sample(COPIES[:100], str(seed), 2026, 11):
            times[copy] += 1
    assert sum(times.values()) == 10_000
    assert min(times.values()) > 60 and max(times.values()) < 145  # 100 ± 4.5 standard deviations


def test_month_is_checked_by_a_colleague_and_an_error_waits_for_its_annulment(
    hub: Hub, kiosk: KioskDouble, signing: SigningQueue, clock: SimulatedClock
) -> None:
    copies = [certify(hub, kiosk, signing) for _ in range(3)]
    with pytest.raises(BookStillOpen):
        post_check.draw(hub, "hai", 2026, 11)
    go_to(clock, 2026, 12, 1)
    post_check.draw(hub, "hai", 2026, 11, seed="given")
    with pytest.raises(AlreadyPrinted):
        post_check.draw(hub, "hai", 2026, 11)
    with hub.database.reading() as session:
        drawn = [check.copy_id for check, _ in post_check.of_month(session, 2026, 11)]
    assert drawn == post_check.sample(copies, "given", 2026, 11)
    with pytest.raises(NotYours, match="certified"):
        post_check.record(hub, "mau", drawn[0], post_check.CONFIRMED)
    post_check.record(hub, "hai", drawn[0], post_check.CONFIRMED)
    with pytest.raises(NotYours, match="already"):
        post_check.record(hub, "hai", drawn[0], "ENTRY_WRONG")
    with pytest.raises(UnknownThing):
        post_check.record(hub, "hai", drawn[1], "NICE")
    post_check.record(hub, "hai", drawn[1], "ENTRY_WRONG", "Sai tên.")
    with hub.database.reading() as session:
        figures = post_check.figures(session, 2026, 11)
    assert figures is not None
    assert (figures.population, figures.sample, figures.checked, figures.confirmed) == (3, 3, 2, 1)
    assert (figures.errors, figures.to_annul) == ({"ENTRY_WRONG": 1}, [drawn[1]])
    annul(hub, drawn[1], "QĐ 9/QĐ-UBND")
    with hub.database.reading() as session:
        after = post_check.figures(session, 2026, 11)
    assert after is not None and after.to_annul == []


def test_month_with_an_unsigned_copy_is_not_drawn(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    certify(hub, kiosk, None)
    go_to(clock, 2026, 12, 1)
    with pytest.raises(BookStillOpen, match="not signed"):
        post_check.draw(hub, "hai", 2026, 11)
