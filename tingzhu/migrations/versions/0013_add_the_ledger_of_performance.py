"""Add the ledger of performance."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "instalment",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source in ('instalments', 'agreement_items', 'settlement_items')", name=op.f("ck_instalment_source")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_instalment_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_instalment_case_id_dispute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
    )
    op.create_index(
        "uq_instalment_current",
        "instalment",
        ["case_id", "position"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "instalment_payment",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("proof_document_id", sa.UUID(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_instalment_payment_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_instalment_payment_case_id_dispute")),
        sa.ForeignKeyConstraint(
            ["proof_document_id"], ["document.id"], name=op.f("fk_instalment_payment_proof_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_payment")),
    )
    op.create_index(op.f("ix_instalment_payment_case_id"), "instalment_payment", ["case_id"], unique=False)
