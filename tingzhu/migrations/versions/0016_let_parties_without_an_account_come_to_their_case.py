"""Let parties without an account come to their case."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply."""
    op.create_unique_constraint(op.f("uq_party_id_case_id"), "party", ["id", "case_id"])
    op.create_table(
        "throttle",
        sa.Column("subject_index", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_index", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_ends_at"), "throttle", ["ends_at"], unique=False)
    op.create_table(
        "party_invitation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("link_index", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_party_invitation_case_id_dispute")),
        sa.ForeignKeyConstraint(
            ["party_id", "case_id"],
            ["party.id", "party.case_id"],
            name=op.f("fk_party_invitation_party_id_case_id_party"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_invitation")),
        sa.UniqueConstraint("link_index", name=op.f("uq_party_invitation_link_index")),
    )
    op.create_index(op.f("ix_party_invitation_case_id"), "party_invitation", ["case_id"], unique=False)
    op.create_index(op.f("ix_party_invitation_expires_at"), "party_invitation", ["expires_at"], unique=False)
    op.create_index(
        "uq_party_invitation_current",
        "party_invitation",
        ["party_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "party_code",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("invitation_id", sa.UUID(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("code_index", sa.Text(), nullable=False),
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'session') = (invitation_id is not null)", name=op.f("ck_party_code_invitation")
        ),
        sa.CheckConstraint("purpose in ('session', 'signature')", name=op.f("ck_party_code_purpose")),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_party_code_case_id_dispute")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_party_code_document_id_document")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["party_invitation.id"], name=op.f("fk_party_code_invitation_id_party_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["party_id", "case_id"], ["party.id", "party.case_id"], name=op.f("fk_party_code_party_id_case_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_code")),
    )
    op.create_index(op.f("ix_party_code_case_id"), "party_code", ["case_id"], unique=False)
    op.create_index(op.f("ix_party_code_invitation_id"), "party_code", ["invitation_id"], unique=False)
    op.create_table(
        "party_session",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("invitation_id", sa.UUID(), nullable=True),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(level = 'code') = (invitation_id is not null)", name=op.f("ck_party_session_invitation")),
        sa.CheckConstraint("(level = 'letter') = (document_id is not null)", name=op.f("ck_party_session_document")),
        sa.CheckConstraint("level in ('code', 'letter')", name=op.f("ck_party_session_level")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_party_session_document_id_document")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["party_invitation.id"], name=op.f("fk_party_session_invitation_id_party_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["party_id", "case_id"], ["party.id", "party.case_id"], name=op.f("fk_party_session_party_id_case_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_party_session_token_hash")),
    )
    op.create_index(op.f("ix_party_session_expires_at"), "party_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_party_session_party_id"), "party_session", ["party_id"], unique=False)
    op.create_index(
        "ix_notification_pending",
        "notification",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
