"""Keep keys and the log of seals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "seal_key",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("chain", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("private_key_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level in ('basic', 'certified')", name=op.f("ck_seal_key_level")),
        sa.CheckConstraint("(organisation_id is null) <> (user_id is null)", name=op.f("ck_seal_key_holder")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_seal_key_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_seal_key_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_key")),
    )
    op.create_index(op.f("ix_seal_key_organisation_id"), "seal_key", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_seal_key_user_id"), "seal_key", ["user_id"], unique=False)
    op.create_index(
        "uq_seal_key_current",
        "seal_key",
        ["organisation_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("retired_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "document_seal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("document_file_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("certificate_sha256", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("signed_sha256", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('organisation-seal', 'mediator-signature', 'arbitrator-signature')",
            name=op.f("ck_document_seal_kind"),
        ),
        sa.CheckConstraint("level in ('paper-scan', 'basic', 'certified')", name=op.f("ck_document_seal_level")),
        sa.CheckConstraint("provider in ('local', 'gateway', 'paper')", name=op.f("ck_document_seal_provider")),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_document_seal_case_id_dispute")),
        sa.ForeignKeyConstraint(
            ["document_file_id"], ["document_file.id"], name=op.f("fk_document_seal_document_file_id_document_file")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_seal_document_id_document")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_document_seal_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_document_seal_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_seal")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_document_seal_idempotency_key")),
    )
    op.create_index(op.f("ix_document_seal_case_id"), "document_seal", ["case_id"], unique=False)
    op.create_index(op.f("ix_document_seal_document_id"), "document_seal", ["document_id"], unique=False)
    op.add_column("document", sa.Column("seal_places", postgresql.JSONB(), nullable=True))
