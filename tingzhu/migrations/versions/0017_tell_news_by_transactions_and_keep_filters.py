"""Tell news by transactions, and keep filters."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_filter_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index(op.f("ix_saved_filter_user_id"), "saved_filter", ["user_id"], unique=False)
    op.add_column(
        "user_task",
        sa.Column(
            "written_in",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_user_task_open_for_nobody",
        "user_task",
        ["id"],
        unique=False,
        postgresql_where=sa.text(
            "state in ('created', 'assigned') and candidate_groups = '{}'::text[] and candidate_users = '{}'::text[]"
        ),
    )
    op.create_index(
        "ix_user_task_open_users",
        "user_task",
        ["candidate_users"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    )
    op.create_index(op.f("ix_user_task_written_in"), "user_task", ["written_in"], unique=False)
    op.add_column(
        "user_task_comment",
        sa.Column(
            "written_in",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_user_task_comment_written_in"), "user_task_comment", ["written_in"], unique=False)
    op.add_column(
        "user_task_urging",
        sa.Column(
            "written_in",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_user_task_urging_written_in"), "user_task_urging", ["written_in"], unique=False)
    op.execute(
        """
        create function note_writing_transaction() returns trigger language plpgsql as $$
        begin
            new.written_in = (pg_current_xact_id()::text)::bigint;
            return new;
        end
        $$
        """
    )
    # a draft that is saved is nobody's news
    op.execute(
        """
        create trigger user_task_written
        before update of state, assignee, owner, delegation, open_correction_requests, candidate_groups,
            candidate_users, priority, due_at, follow_up_at, escalated_at
        on user_task for each row execute function note_writing_transaction()
        """
    )
