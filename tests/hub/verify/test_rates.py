"""Token buckets of the public pages."""

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from contract.clock import SimulatedClock
from hub.verify import rates
from hub.verify.rates import Allowance, Rates, address_of


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(datetime(2026, 11, 23, tzinfo=UTC))


def small(clock: SimulatedClock, together: float = 100) -> Rates:
    return Rates(clock, each=Allowance(burst=2, per_s=0.5), together=Allowance(burst=together, per_s=1))


def test_burst_then_a_wait_that_is_told_exactly(clock: SimulatedClock) -> None:
    taken = small(clock)
    assert [taken.wait_s("a") for _ in range(3)] == [0, 0, 2]
    clock.advance(1)
    assert taken.wait_s("a") == 1
    clock.advance(1)
    assert taken.wait_s("a") == 0


def test_one_address_does_not_use_up_another_s(clock: SimulatedClock) -> None:
    taken = small(clock)
    assert [taken.wait_s("a") for _ in range(3)][-1] > 0
    assert taken.wait_s("b") == 0


def test_all_together_are_bounded_and_a_refusal_costs_nobody(clock: SimulatedClock) -> None:
    taken = small(clock, together=3)
    assert [taken.wait_s(f"{n}") for n in range(4)] == [0, 0, 0, 1]
    clock.advance(1)
    assert taken.wait_s("3") == 0


def test_memory_of_addresses_is_bounded(clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_ADDRESSES", 10)
    taken = small(clock, together=10_000)
    for n in range(100):
        taken.wait_s(str(n))
    assert len(taken._buckets) == 10


@pytest.mark.parametrize(
    ("header", "told", "address"),
    [
        ("", "9.9.9.9", "1.2.3.4"),
        ("X-Forwarded-For", "9.9.9.9, 5.6.7.8", "5.6.7.8"),
        ("X-Forwarded-For", "", "1.2.3.4"),
        ("X-Real-IP", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("X-Real-IP", "?" * 999, "?" * 64),
    ],
)
def test_address_comes_from_the_configured_header_only(header: str, told: str, address: str) -> None:
    names = ["X-Forwarded-For"] if not header else [header]
    scope = {"type": "http", "client": ("1.2.3.4", 5), "headers": [(n.lower().encode(), told.encode()) for n in names]}
    assert address_of(Request(scope), header) == address
