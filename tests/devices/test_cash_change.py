"""What is let in: never a piece whose change could not be given."""

from hypothesis import given
from hypothesis import strategies as st

from agent.devices.cash_change import Welcome, is_payable, payout, sum_of

TUBES = st.dictionaries(st.sampled_from((500, 1_000, 2_000, 5_000)), st.integers(0, 40))
AMOUNTS = st.integers(0, 400).map(lambda number: number * 500)


@given(tubes=TUBES, amount_vnd=AMOUNTS)
def test_payout_never_exceeds_the_sum_or_the_tubes(tubes: dict[int, int], amount_vnd: int) -> None:
    coins = payout(tubes, amount_vnd)
    assert sum_of(coins) <= amount_vnd
    assert all(0 < count <= tubes[value] for value, count in coins.items())


@given(tubes=TUBES, due_vnd=AMOUNTS, value_vnd=AMOUNTS)
def test_welcome_piece_leaves_a_rest_that_comes_out_to_the_dong(
    tubes: dict[int, int], due_vnd: int, value_vnd: int
) -> None:
    if Welcome(due_vnd=due_vnd, tubes=tubes).takes(value_vnd):
        assert due_vnd > 0 and value_vnd > 0
        assert is_payable(tubes, max(0, value_vnd - due_vnd))


def test_exact_and_smaller_pieces_are_welcome_with_empty_tubes() -> None:
    assert [Welcome(due_vnd=5_000).takes(value) for value in (2_000, 5_000, 10_000)] == [True, True, False]


def test_nothing_is_welcome_while_the_last_note_is_on_its_way() -> None:
    assert not Welcome(due_vnd=5_000, coming_vnd=10_000, tubes={1_000: 40}).takes(1_000)


def test_mask_has_a_bit_for_each_welcome_type() -> None:
    assert Welcome(due_vnd=2_000).mask({0: 1_000, 1: 2_000, 2: 5_000}) == 0b011
