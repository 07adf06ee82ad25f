"""Keep what became of a case at other platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outside_record",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outside_number", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_outside_record_case_id_dispute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_record")),
    )
    op.create_index(
        "uq_outside_record_current",
        "outside_record",
        ["case_id", "platform"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
