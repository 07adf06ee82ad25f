"""Tell incidents in English too."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply."""
    op.add_column("incident", sa.Column("message_en", sa.Text(), nullable=True))
