"""Alembic's environment: runs on the connection that `server.migrations` hands over."""

from alembic import context

from evidence.tables import metadata
from server.schema import import_tables

import_tables()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
