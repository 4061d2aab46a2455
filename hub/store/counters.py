"""Numbers without gaps: a counter is part of the transaction that uses its number."""

from sqlalchemy.orm import Session

from hub.store.tables import Counter


def take(session: Session, name: str, *, first: int) -> int:
    """Return the next number under `name`, beginning with `first`; given back if the transaction does not commit.

    The counter's row is locked until the transaction ends, so concurrent takers queue up.
    """
    counter = _locked(session, name, first - 1)
    counter.value += 1
    session.flush()
    return counter.value


def raise_to(session: Session, name: str, last: int) -> int:
    """Let the numbers under `name` go on after `last` at the earliest; return the last one given out before."""
    counter = _locked(session, name, 0)
    before = counter.value
    counter.value = max(before, last)
    session.flush()
    return before


def _locked(session: Session, name: str, begin: int) -> Counter:
    counter = session.get(Counter, name, with_for_update=True)
    if counter is None:
        counter = Counter(name=name, value=begin)
        session.add(counter)
    return counter
