"""Add signatures and panels."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "signature",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=True),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("proof_document_id", sa.UUID(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("level in ('basic', 'paper-scan', 'certified')", name=op.f("ck_signature_level")),
        sa.CheckConstraint("signed_by in ('self', 'agent', 'representative')", name=op.f("ck_signature_signed_by")),
        sa.CheckConstraint(
            "signer in ('party', 'mediator', 'organisation', 'workers')", name=op.f("ck_signature_signer")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_signature_case_id_dispute")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_signature_document_id_document")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_signature_party_id_party")),
        sa.ForeignKeyConstraint(
            ["proof_document_id"], ["document.id"], name=op.f("fk_signature_proof_document_id_document")
        ),
        sa.ForeignKeyConstraint(["superseded_by"], ["signature.id"], name=op.f("fk_signature_superseded_by_signature")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signature_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index("ix_signature_case_id", "signature", ["case_id"], unique=False)
    op.create_index(
        "uq_signature_current",
        "signature",
        ["case_id", "signatory"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.add_column("statement", sa.Column("code", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_appointment_role"), "appointment", type_="check")
    op.create_check_constraint(
        op.f("ck_appointment_role"), "appointment", "role in ('mediator', 'mediator-2', 'mediator-3', 'reviewer')"
    )
