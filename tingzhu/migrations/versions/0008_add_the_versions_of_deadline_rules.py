"""Add the versions of deadline rules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deadline_rule_version",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("cases_before", sa.Text(), nullable=False),
        sa.Column("deciding_date", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=True),
        sa.Column("source_media_type", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'proposed') = (ended_at is null)", name=op.f("ck_deadline_rule_version_ended_at")),
        sa.CheckConstraint("cases_before in ('keep', 'change')", name=op.f("ck_deadline_rule_version_cases_before")),
        sa.CheckConstraint(
            "state <> 'published' or ended_by <> proposed_by", name=op.f("ck_deadline_rule_version_second_person")
        ),
        sa.CheckConstraint(
            "state in ('proposed', 'published', 'rejected', 'withdrawn')", name=op.f("ck_deadline_rule_version_state")
        ),
        sa.CheckConstraint(
            "(source_sha256 is null) = (source_media_type is null)", name=op.f("ck_deadline_rule_version_source_file")
        ),
        sa.CheckConstraint("number >= 2", name=op.f("ck_deadline_rule_version_number")),
        sa.ForeignKeyConstraint(
            ["source_sha256"], ["stored_file.sha256"], name=op.f("fk_deadline_rule_version_source_sha256_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule_version")),
        sa.UniqueConstraint("rule_id", "number", name=op.f("uq_deadline_rule_version_rule_id_number")),
    )
    op.create_index(
        "uq_deadline_rule_version_proposed",
        "deadline_rule_version",
        ["rule_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.add_column("dispute", sa.Column("employer_kind", sa.Text(), nullable=True))
