"""What Alembic runs for each command: the connection comes from `tingzhu.migrations.upgrade`."""

from alembic import context

from tingzhu.migrations.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
