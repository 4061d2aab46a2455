"""Active authentication: what a signature must hold (ICAO Doc 9303-11, appendix F)."""

import pytest

from agent.identity.chip.active import recovers
from tests.identity import icao_examples as icao


def test_example_holds_its_challenge() -> None:
    assert recovers(icao.ACTIVE_REPRESENTATIVE, icao.ACTIVE_CHALLENGE)


def test_example_holds_no_other_challenge() -> None:
    assert not recovers(icao.ACTIVE_REPRESENTATIVE, bytes(8))


@pytest.mark.parametrize("at", [0, 1, 60, 107, 126, 127])
def test_changed_example_holds_nothing(at: int) -> None:
    changed = bytearray(icao.ACTIVE_REPRESENTATIVE)
    changed[at] ^= 1
    assert not recovers(bytes(changed), icao.ACTIVE_CHALLENGE)


@pytest.mark.parametrize("held", [b"", b"\x6a", b"\x6a\xbc", b"\x6a\x00\x34\xcc", b"\x6a\x99\x99\xcc", bytes(128)])
def test_stump_holds_nothing(held: bytes) -> None:
    assert not recovers(held, bytes(8))
