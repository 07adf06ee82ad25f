"""Let parties and the office write to each other."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "party_message",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("is_from_party", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.CheckConstraint("answer in ('agreed', 'refused')", name=op.f("ck_party_message_answer")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_party_message_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_party_message_case_id_dispute")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_party_message_document_id_document")),
        sa.ForeignKeyConstraint(
            ["party_id", "case_id"], ["party.id", "party.case_id"], name=op.f("fk_party_message_party_id_case_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_message")),
    )
    op.create_index(op.f("ix_party_message_case_id"), "party_message", ["case_id"], unique=False)
    op.create_index(op.f("ix_party_message_party_id"), "party_message", ["party_id"], unique=False)
