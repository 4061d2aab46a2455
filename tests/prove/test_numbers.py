"""The short form of `make prove-numbers`, and that it can fail."""

import random

import pytest
from sqlalchemy import text

from tests.prove import numbers
from tests.prove.hubs import DATABASES, two_hubs

pytestmark = [pytest.mark.xdist_group("hubs"), pytest.mark.timeout(900)]


@pytest.mark.parametrize("database", DATABASES)
def test_numbers_stay_whole_under_concurrent_decisions_and_a_killed_hub(database: str) -> None:
    with two_hubs(database) as hubs:
        figures = numbers.prove(hubs, papers=8, kills=1, clients=8, chance=random.Random(1))
        assert (figures.numbers, figures.kills) == ([*range(1, 9)], 1)
        with hubs.seen.database.writing() as session:
            session.execute(text("UPDATE issue SET state = 'ALLOTTED' WHERE log_index = 3"))
        with pytest.raises(numbers.PromiseBroken, match="each copy is signed"):
            numbers.check(hubs, numbers_of(hubs))


def numbers_of(hubs: numbers.Hubs) -> list[str]:
    with hubs.seen.database.reading() as session:
        return list(session.scalars(text("SELECT request FROM issue")))
