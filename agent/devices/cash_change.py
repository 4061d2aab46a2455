"""What may still be let in: up to what is due, and above it only where the rest can be given back to the đồng."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Values = Mapping[int, int]
"""Value in đồng by coin or note type."""


def payout(tubes: Mapping[int, int], amount_vnd: int) -> dict[int, int]:
    """Return the coins by value that come out for `amount_vnd`: the largest first, as far as the tubes hold them."""
    coins = dict[int, int]()
    for value in sorted(tubes, reverse=True):
        coins[value] = min(tubes[value], amount_vnd // value)
        amount_vnd -= coins[value] * value
    return {value: count for value, count in coins.items() if count}


def visits_left(tubes: Mapping[int, int], changes_vnd: Sequence[int], *, most: int = 1000) -> int | None:
    """Return how many more visits the tubes can give change to if those to come are like `changes_vnd`, newest last.

    Coins that citizens put in are not counted on. None without a visit to go by; `most` stands for "at least".
    """
    if not changes_vnd:
        return None
    left = dict(tubes)
    for visit in range(most):
        coins = payout(left, changes_vnd[-1 - visit % len(changes_vnd)])
        if sum_of(coins) != changes_vnd[-1 - visit % len(changes_vnd)]:
            return visit
        left = {value: count - coins.get(value, 0) for value, count in left.items()}
    return most


def sum_of(pieces: Mapping[int, int]) -> int:
    """Return the sum of pieces by value."""
    return sum(value * count for value, count in pieces.items())


def is_payable(tubes: Mapping[int, int], amount_vnd: int) -> bool:
    """Whether exactly this sum can come out."""
    return sum_of(payout(tubes, amount_vnd)) == amount_vnd


@dataclass(slots=True)
class Welcome:
    """What is due, what is on its way into the cassette, and the change in the tubes (count by value)."""

    due_vnd: int = 0
    coming_vnd: int = 0
    tubes: dict[int, int] = field(default_factory=dict)

    def takes(self, value_vnd: int) -> bool:
        """Whether a piece of this value is welcome now."""
        rest_vnd = self.due_vnd - self.coming_vnd
        return value_vnd > 0 and rest_vnd > 0 and is_payable(self.tubes, max(0, value_vnd - rest_vnd))

    def mask(self, values: Values) -> int:
        """Return the welcome types as bits (bit n = type n)."""
        return sum(1 << kind for kind, value in values.items() if self.takes(value))
