"""Alembic's entry: runs inside the connection that the database hands over at start, or one made from its URL."""

from alembic import context

from hub.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
