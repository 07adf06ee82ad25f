"""Keep what came of playing scenarios."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "scenario_run",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("versions", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("coverage", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'running', 'finished', 'failed')", name=op.f("ck_scenario_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_run")),
    )
    op.create_index("ix_scenario_run_requested_at", "scenario_run", ["requested_at", "id"], unique=False)
    op.create_index(
        "uq_scenario_run_under_way",
        "scenario_run",
        [sa.literal_column("(true)")],
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'running')"),
    )
    op.create_table(
        "scenario_result",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("played_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.Column("passed", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scenario_run.id"], name=op.f("fk_scenario_result_run_id_scenario_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_result")),
    )
    op.create_index(op.f("ix_scenario_result_file"), "scenario_result", ["file"], unique=False)
    op.create_index(op.f("ix_scenario_result_run_id"), "scenario_result", ["run_id"], unique=False)
