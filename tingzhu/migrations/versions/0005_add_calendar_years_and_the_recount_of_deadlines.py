"""Add calendar years and the recount of deadlines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_year",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Text(), nullable=False),
        sa.Column("rest_days", postgresql.JSONB(), nullable=False),
        sa.Column("make_up_days", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_year")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_calendar_year_year_version")),
    )
    op.create_table(
        "deadline_recount",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("cause", postgresql.JSONB(), nullable=False),
        sa.Column("cause_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('pending', 'done', 'failed')", name=op.f("ck_deadline_recount_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_deadline_recount_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_recount")),
        sa.UniqueConstraint("cause_key", "case_id", name=op.f("uq_deadline_recount_cause_key_case_id")),
    )
    op.create_index(op.f("ix_deadline_recount_case_id"), "deadline_recount", ["case_id"], unique=False)
    op.create_index(
        "ix_deadline_recount_pending",
        "deadline_recount",
        ["requested_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.alter_column("notification", "case_id", existing_type=sa.UUID(), nullable=True)
