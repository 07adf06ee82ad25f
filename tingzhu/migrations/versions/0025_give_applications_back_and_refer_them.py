"""Give applications back to be mended, and name where else their authors should go."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply."""
    op.add_column("application", sa.Column("referral", sa.Text(), nullable=True))
    name = op.f("ck_application_state")
    op.drop_constraint(name, "application", type_="check")
    op.create_check_constraint(
        name, "application", "state in ('draft', 'submitted', 'returned', 'accepted', 'rejected')"
    )
