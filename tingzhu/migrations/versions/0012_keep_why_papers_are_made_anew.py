"""Keep why papers are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "paper_reissue",
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_paper_reissue_document_id_document")),
        sa.PrimaryKeyConstraint("idempotency_key", name=op.f("pk_paper_reissue")),
    )
    op.create_index(op.f("ix_paper_reissue_document_id"), "paper_reissue", ["document_id"], unique=False)
