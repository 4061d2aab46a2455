"""Putting rows in, or replacing those under their keys, in one statement: two hubs may do it at once."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.store.tables import Base

_Insert = Callable[[type[Base]], sqlite.Insert | postgresql.Insert]
_INSERT: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def put(session: Session, table: type[Base], values: Mapping[str, object]) -> None:
    """Write the row of `table` whose primary key stands in `values`."""
    put_all(session, table, [values])


def put_all(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows of `table`, at least one, all with the same columns and none under the key of another."""
    key = [column.name for column in table.__table__.primary_key]
    insert = _INSERT[session.get_bind().dialect.name](table).values([dict(each) for each in rows])
    rest = {name: insert.excluded[name] for name in rows[0] if name not in key}
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=rest))
