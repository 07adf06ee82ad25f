"""Say who sees to an incident."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply."""
    op.add_column("incident", sa.Column("assignee", sa.Text(), nullable=True))
