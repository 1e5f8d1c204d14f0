"""Alembic's entry: runs on the connection that `adapters.sql.migrate` hands over."""

from alembic import context

from adapters.sql.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
