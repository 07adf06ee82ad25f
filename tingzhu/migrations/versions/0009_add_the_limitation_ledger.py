"""Add the limitation ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "limitation_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("claim_position", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("is_retracted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_limitation_event_case_id_dispute")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_limitation_event_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["limitation_event.id"], name=op.f("fk_limitation_event_superseded_by_limitation_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limitation_event")),
    )
    op.create_index(op.f("ix_limitation_event_case_id"), "limitation_event", ["case_id"], unique=False)
    op.add_column("claim", sa.Column("known_on", sa.Date(), nullable=True))
    op.add_column("claim", sa.Column("employment_ended_on", sa.Date(), nullable=True))
    op.add_column("claim", sa.Column("is_wage_arrears", sa.Boolean(), nullable=True))
