"""Note when a user task was escalated."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("user_task", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
