"""Numbers without gaps: a counter is part of the transaction that uses its number."""

from sqlalchemy.orm import Session

from hub.store.tables import Counter


def take(session: Session, name: str, *, first: int) -> int:
    """Return the next number under `name`, beginning with `first`; given back if the transaction does not commit.

    The counter's row is locked until the transaction ends, so concurrent takers queue up.
    """
    counter = session.get(Counter, name, with_for_update=True)
    if counter is None:
        counter = Counter(name=name, value=first - 1)
        session.add(counter)
    counter.value += 1
    session.flush()
    return counter.value
