"""Runs migrations on the connection that `Database.migrate` opened, in its transaction."""

from alembic import context

from exercises.service.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
