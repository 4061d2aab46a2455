"""What opens a chip, worked out from the code printed on its card: the code has number and birth, the law the expiry.

A card is changed at 14, 25, 40 and 60 years; one issued within two years before such an age is good until the next, one
of somebody older has no limit (Law 26/2023/QH15 Art. 21; Law 59/2014/QH13 Art. 21 the same without 14). A card may have
been issued under a rule read otherwise, so the next age is offered too. The document number is the last nine of the
twelve digits (see mrz).
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from agent.identity.chip.access import ZoneKey

_AGES = (14, 25, 40, 60)
_EARLY_YEARS = 2
_MOST = 2


def keys_of(number: str, *, born: date, issued: date) -> tuple[ZoneKey, ...]:
    """Return the keys that may open the chip of the card with these twelve digits, the likeliest first."""
    expiries = islice(_expiries(born, issued), _MOST)
    return tuple(ZoneKey.printed(number[-9:], born, expiry) for expiry in expiries)


def _expiries(born: date, issued: date) -> Iterator[date | None]:
    for age in _AGES:
        if issued < _birthday(born, age - _EARLY_YEARS):
            yield _birthday(born, age)
    yield None


def _birthday(born: date, age: int) -> date:
    """Return the day somebody reaches an age; who was born on 29 February does on the 28th of a shorter one."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)
