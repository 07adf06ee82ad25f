"""Let an agreement's sum alone be an instalment, and tell payments that were made on an earlier agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Apply."""
    op.drop_constraint(op.f("ck_instalment_source"), "instalment", type_="check")
    op.create_check_constraint(
        op.f("ck_instalment_source"),
        "instalment",
        "source in ('instalments', 'agreement_items', 'settlement_items', 'agreement_amount')",
    )
    op.add_column(
        "instalment_payment",
        sa.Column("is_of_earlier_agreement", sa.Boolean(), server_default="false", nullable=False),
    )
