"""Let the inbox be searched and sorted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "user_task_comment_reading",
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_comment_reading_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("user_task_id", "reader", name=op.f("pk_user_task_comment_reading")),
    )
    op.add_column("case", sa.Column("is_hosted", sa.Boolean(), server_default="false", nullable=False))
    op.execute('update "case" set is_hosted = true where id in (select case_id from dispute)')
    op.create_index("ix_case_not_hosted", "case", ["id"], unique=False, postgresql_where=sa.text("not is_hosted"))
    op.create_index(op.f("ix_dispute_first_asked"), "dispute", ["first_asked"], unique=False)
    op.add_column("party", sa.Column("name_grams", postgresql.ARRAY(sa.BigInteger()), nullable=True))
    op.create_index("ix_party_name_grams", "party", ["name_grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_party_without_name_grams", "party", ["id"], unique=False, postgresql_where=sa.text("name_grams is null")
    )
    op.create_index(
        "ix_user_task_delegated",
        "user_task",
        ["owner"],
        unique=False,
        postgresql_where=sa.text("delegation = 'pending'"),
    )
    op.create_index(
        "ix_user_task_done",
        "user_task",
        ["ended_by", "ended_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'completed'"),
    )
    op.create_index(
        "ix_user_task_open_by_age",
        "user_task",
        ["created_at", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    )
    op.create_index(
        "ix_user_task_open_by_due",
        "user_task",
        [sa.literal_column("coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)"), "id"],
        unique=False,
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    )
    op.create_index(
        "ix_user_task_correction_request_open",
        "user_task_correction_request",
        ["asked_by"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
