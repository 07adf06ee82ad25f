"""Keep completions of user tasks, and what the office does with user tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "user_task_completion",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("instance_id", sa.UUID(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_by", sa.Text(), nullable=False),
        sa.Column("variables", postgresql.JSONB(), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("inputs", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("seq_before", sa.BigInteger(), nullable=False),
        sa.Column("seq_after", sa.BigInteger(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_completion_case_id_case")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_user_task_completion_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_completion_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_completion")),
    )
    op.create_index(
        "ix_user_task_completion_before",
        "user_task_completion",
        ["instance_id"],
        unique=False,
        postgresql_where=sa.text("before is not null"),
    )
    op.create_index(op.f("ix_user_task_completion_case_id"), "user_task_completion", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_user_task_completion_user_task_id"), "user_task_completion", ["user_task_id"], unique=False
    )
    op.create_table(
        "user_task_copy",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_copy_case_id_case")),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_copy_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_copy")),
        sa.UniqueConstraint("user_task_id", "reader", name=op.f("uq_user_task_copy_user_task_id_reader")),
    )
    op.create_index(op.f("ix_user_task_copy_case_id"), "user_task_copy", ["case_id"], unique=False)
    op.create_index("ix_user_task_copy_reader", "user_task_copy", ["reader", "created_at"], unique=False)
    op.create_table(
        "user_task_correction",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("consequences", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_correction_case_id_case")),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_correction_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_correction")),
    )
    op.create_index(op.f("ix_user_task_correction_case_id"), "user_task_correction", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_user_task_correction_user_task_id"), "user_task_correction", ["user_task_id"], unique=False
    )
    op.create_table(
        "user_task_correction_request",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_user", sa.Text(), nullable=True),
        sa.Column("about_user_task_id", sa.UUID(), nullable=True),
        sa.Column("asked_party", sa.Text(), nullable=True),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminder_job_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'answered', 'withdrawn')", name=op.f("ck_user_task_correction_request_state")
        ),
        sa.CheckConstraint(
            "(asked_user is null) <> (asked_party is null)", name=op.f("ck_user_task_correction_request_asked")
        ),
        sa.ForeignKeyConstraint(
            ["about_user_task_id"],
            ["user_task.id"],
            name=op.f("fk_user_task_correction_request_about_user_task_id_user_task"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_correction_request_case_id_case")),
        sa.ForeignKeyConstraint(
            ["reminder_job_id"], ["job.id"], name=op.f("fk_user_task_correction_request_reminder_job_id_job")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_correction_request_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_correction_request")),
    )
    op.create_index(
        op.f("ix_user_task_correction_request_case_id"), "user_task_correction_request", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_user_task_correction_request_user_task_id"),
        "user_task_correction_request",
        ["user_task_id"],
        unique=False,
    )
    op.create_table(
        "user_task_delegation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('pending', 'resolved', 'recalled')", name=op.f("ck_user_task_delegation_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_delegation_case_id_case")),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_delegation_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_delegation")),
    )
    op.create_index(op.f("ix_user_task_delegation_case_id"), "user_task_delegation", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_user_task_delegation_user_task_id"), "user_task_delegation", ["user_task_id"], unique=False
    )
    op.create_index(
        "uq_user_task_delegation_pending",
        "user_task_delegation",
        ["user_task_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "user_task_handover",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("handed_by", sa.Text(), nullable=False),
        sa.Column("holder_before", sa.Text(), nullable=True),
        sa.Column("to_user", sa.Text(), nullable=True),
        sa.Column("to_group", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(to_user is null) <> (to_group is null)", name=op.f("ck_user_task_handover_receiver")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_handover_case_id_case")),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_handover_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_handover")),
    )
    op.create_index(op.f("ix_user_task_handover_case_id"), "user_task_handover", ["case_id"], unique=False)
    op.create_index(op.f("ix_user_task_handover_user_task_id"), "user_task_handover", ["user_task_id"], unique=False)
    op.create_table(
        "user_task_urging",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("user_task_id", sa.UUID(), nullable=False),
        sa.Column("urged_by", sa.Text(), nullable=False),
        sa.Column("told", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_user_task_urging_case_id_case")),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_urging_user_task_id_user_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task_urging")),
    )
    op.create_index(op.f("ix_user_task_urging_case_id"), "user_task_urging", ["case_id"], unique=False)
    op.create_index(op.f("ix_user_task_urging_user_task_id"), "user_task_urging", ["user_task_id"], unique=False)
    op.alter_column("incident", "token_id", existing_type=sa.INTEGER(), nullable=True)
    op.alter_column("job", "token_id", existing_type=sa.INTEGER(), nullable=True)
    op.add_column("user_task", sa.Column("owner", sa.Text(), nullable=True))
    op.add_column("user_task", sa.Column("delegation", sa.Text(), nullable=True))
    op.add_column("user_task", sa.Column("open_correction_requests", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint("delegation", "user_task", "delegation in ('pending', 'resolved')")
