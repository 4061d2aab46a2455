"""Putting a row in, or replacing the one under its key, in one statement: two hubs may do it at once."""

from collections.abc import Callable, Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.store.tables import Base

_Insert = Callable[[type[Base]], sqlite.Insert | postgresql.Insert]
_INSERT: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def put(session: Session, table: type[Base], values: Mapping[str, object]) -> None:
    """Write the row of `table` whose primary key stands in `values`."""
    key = [column.name for column in table.__table__.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    insert = _INSERT[session.get_bind().dialect.name](table).values(dict(values))
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=rest))
