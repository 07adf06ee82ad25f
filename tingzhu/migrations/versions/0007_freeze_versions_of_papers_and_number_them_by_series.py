"""Freeze versions of papers and number them by series."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "verification_failure",
        sa.Column("client_index", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_index", name=op.f("pk_verification_failure")),
    )
    op.create_index(op.f("ix_verification_failure_first_at"), "verification_failure", ["first_at"], unique=False)
    op.create_table(
        "case_number",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.UUID(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["dispute.case_id"], name=op.f("fk_case_number_case_id_dispute")),
        sa.ForeignKeyConstraint(["issuer_id"], ["organisation.id"], name=op.f("fk_case_number_issuer_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_number")),
        sa.UniqueConstraint("case_id", "series", "issuer_id", name=op.f("uq_case_number_case_id_series_issuer_id")),
        sa.UniqueConstraint(
            "series", "issuer_id", "year", "position", name=op.f("uq_case_number_series_issuer_id_year_position")
        ),
        sa.UniqueConstraint("stem", name=op.f("uq_case_number_stem")),
    )
    op.create_table(
        "document_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("role in ('editable', 'sealed', 'scan')", name=op.f("ck_document_file_role")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_file_document_id_document")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_document_file_sha256_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_document_file_idempotency_key")),
    )
    op.create_index(op.f("ix_document_file_document_id"), "document_file", ["document_id"], unique=False)
    op.create_index(op.f("ix_document_file_sha256"), "document_file", ["sha256"], unique=False)
    op.add_column("document", sa.Column("paper_id", sa.UUID(), nullable=True))
    op.add_column("document", sa.Column("issuer_id", sa.UUID(), nullable=True))
    op.add_column("document", sa.Column("party_id", sa.UUID(), nullable=True))
    op.create_foreign_key(op.f("fk_document_party_id_party"), "document", "party", ["party_id"], ["id"])
    op.add_column("document", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("verification_index", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("document", sa.Column("superseded_by", sa.UUID(), nullable=True))
    op.add_column("document", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("document", sa.Column("voided_by", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("void_reason", sa.Text(), nullable=True))
    op.drop_constraint(op.f("uq_document_case_id_kind_version"), "document", type_="unique")
    # until now every version had a number of its own: each is a paper of its own
    op.execute(
        "update document set paper_id = id, version = 1,"
        " source = case when number is null then 'uploaded' else 'rendered' end"
    )
    op.alter_column("document", "paper_id", nullable=False)
    op.alter_column("document", "source", nullable=False)
    op.create_check_constraint(op.f("ck_document_source"), "document", "source in ('rendered', 'uploaded', 'edited')")
    op.create_index(op.f("ix_document_number"), "document", ["number"], unique=False)
    op.create_unique_constraint(op.f("uq_document_paper_id_version"), "document", ["paper_id", "version"])
    op.create_unique_constraint(op.f("uq_document_verification_index"), "document", ["verification_index"])
    op.create_foreign_key(op.f("fk_document_issuer_id_organisation"), "document", "organisation", ["issuer_id"], ["id"])
    op.create_foreign_key(op.f("fk_document_paper_id_document"), "document", "document", ["paper_id"], ["id"])
    op.create_foreign_key(op.f("fk_document_superseded_by_document"), "document", "document", ["superseded_by"], ["id"])
    op.add_column("issued_number", sa.Column("case_id", sa.UUID(), nullable=True))
    op.add_column("issued_number", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("issued_number", sa.Column("series", sa.Text(), nullable=True))
    op.add_column("issued_number", sa.Column("issuer_id", sa.UUID(), nullable=True))
    op.add_column("issued_number", sa.Column("suffix", sa.Integer(), nullable=True))
    op.add_column("issued_number", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("issued_number", sa.Column("voided_by", sa.Text(), nullable=True))
    op.add_column("issued_number", sa.Column("void_reason", sa.Text(), nullable=True))
    op.execute(
        "update issued_number set case_id = document.case_id, kind = document.kind, series = document.kind, suffix = 0"
        " from document where document.idempotency_key = issued_number.idempotency_key"
    )
    op.execute("delete from issued_number where case_id is null")  # printed on no paper
    for column in ("case_id", "kind", "series", "suffix"):
        op.alter_column("issued_number", column, nullable=False)
    op.drop_constraint(op.f("uq_issued_number_number"), "issued_number", type_="unique")
    op.drop_constraint(op.f("uq_issued_number_scope_year_position"), "issued_number", type_="unique")
    op.create_index(op.f("ix_issued_number_case_id"), "issued_number", ["case_id"], unique=False)
    op.create_unique_constraint(op.f("uq_issued_number_number_kind"), "issued_number", ["number", "kind"])
    op.create_foreign_key(
        op.f("fk_issued_number_case_id_dispute"), "issued_number", "dispute", ["case_id"], ["case_id"]
    )
    op.create_foreign_key(
        op.f("fk_issued_number_issuer_id_organisation"), "issued_number", "organisation", ["issuer_id"], ["id"]
    )
    op.drop_column("issued_number", "scope")
    op.drop_column("issued_number", "position")
    op.drop_column("issued_number", "year")
