"""Add the register of service."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "service_record",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("counts_on", sa.Date(), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("has_consent", sa.Boolean(), nullable=False),
        sa.Column("has_photographs", sa.Boolean(), nullable=False),
        sa.Column("proof_document_id", sa.UUID(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "method in ('direct', 'left', 'affixed', 'post', 'electronic', 'agent', 'notice')",
            name=op.f("ck_service_record_method"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_service_record_case_id_dispute")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_service_record_document_id_document")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_service_record_party_id_party")),
        sa.ForeignKeyConstraint(
            ["proof_document_id"], ["document.id"], name=op.f("fk_service_record_proof_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["service_record.id"], name=op.f("fk_service_record_superseded_by_service_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record")),
    )
    op.create_index("ix_service_record_case_id_kind", "service_record", ["case_id", "kind"], unique=False)
    op.create_index(op.f("ix_service_record_document_id"), "service_record", ["document_id"], unique=False)
    op.create_index(op.f("ix_service_record_party_id"), "service_record", ["party_id"], unique=False)
    op.create_index(
        "uq_service_record_current",
        "service_record",
        ["case_id", "kind", "document_id", "party_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
        postgresql_nulls_not_distinct=True,
    )
