"""The tables of the dispute domain, on the MetaData that the whole system shares.

Columns written with `_sealed` hold a personal datum encrypted with its row and column as associated data
(`casework.encryption`). Columns ending in `_index` hold a keyed digest by which a datum can be found, not read.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from engine.store.tables import Instant, metadata

ORGANISATION_KINDS = (
    "enterprise",
    "peoples",
    "street",
    "industry",
    "regional",
    "chamber",
    "alliance",
    "social",
    "arbitration",
    "court",
    "union",
    "bureau",
)


def _id() -> "sa.Column[object]":
    return sa.Column("id", UUID(as_uuid=True), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> "sa.Column[object]":
    return sa.Column(name, UUID(as_uuid=True), sa.ForeignKey(target), nullable=nullable, index=index)


def _case(*, index: bool = True) -> "sa.Column[object]":
    return _ref("case_id", "dispute.case_id", index=index)


def _sealed(name: str, *, nullable: bool = True) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _one_of(column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=column)


organisation = sa.Table(
    "organisation",
    metadata,
    _id(),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("area_code", sa.Text, nullable=False),
    # codes from the top of the area tree down to this one, e.g. 10/1001/100101/
    sa.Column("area_path", sa.Text, nullable=False),
    _ref("parent_id", "organisation.id", nullable=True, index=True),
    sa.Column("accepts", sa.Boolean, nullable=False, server_default="true"),
    sa.Column("industries", ARRAY(sa.Text), nullable=False, server_default="{}"),
    # unified social credit code of the employer whose committee this is
    sa.Column("employer_code", sa.Text, index=True),
    sa.Column("address", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("seal_name", sa.Text),
    # the part that numbers of its papers carry, e.g. a place's short name
    sa.Column("number_word", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    _one_of("kind", *ORGANISATION_KINDS),
    sa.Index("ix_organisation_kind_area_path", "kind", "area_path"),
)

user_account = sa.Table(
    "user_account",
    metadata,
    _id(),
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    _sealed("display_name", nullable=False),
    _sealed("phone"),
    _sealed("email"),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.Column("area_code", sa.Text),
    sa.Column("area_path", sa.Text),
    _ref("organisation_id", "organisation.id", nullable=True, index=True),
    sa.Column("is_active", sa.Boolean, nullable=False, server_default="true"),
    sa.Column("is_demo", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("language", sa.Text, nullable=False, server_default="zh"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    _one_of("language", "zh", "en"),
    sa.Index("ix_user_account_roles", "roles", postgresql_using="gin"),
)

access_token = sa.Table(
    "access_token",
    metadata,
    # SHA-256 of the token, hexadecimal; the token itself is kept nowhere
    sa.Column("token_hash", sa.Text, primary_key=True),
    _ref("user_id", "user_account.id", index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("last_used_at", Instant),
    sa.Column("revoked_at", Instant),
)

saved_filter = sa.Table(
    "saved_filter",
    metadata,
    _id(),
    _ref("user_id", "user_account.id", index=True),
    # both may name a person
    _sealed("name", nullable=False),
    _sealed("query", nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

calendar_feed = sa.Table(
    "calendar_feed",
    metadata,
    _id(),
    _ref("user_id", "user_account.id", index=True),
    # SHA-256 of the secret in its address, hexadecimal; the secret itself is kept nowhere
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    sa.Column("whose", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    _one_of("whose", "me", "organisation"),
)

login_failure = sa.Table(
    "login_failure",
    metadata,
    # keyed digest: what people type into the wrong field may be a password
    sa.Column("username_index", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", Instant, nullable=False, index=True),
)

dispute = sa.Table(
    "dispute",
    metadata,
    sa.Column("case_id", UUID(as_uuid=True), sa.ForeignKey("case.id"), primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("cause_code", sa.Text, nullable=False, index=True),
    # where the work is or was done
    sa.Column("area_code", sa.Text, nullable=False),
    sa.Column("area_path", sa.Text, nullable=False),
    sa.Column("industry", sa.Text),
    sa.Column("worker_count", sa.Integer, nullable=False),
    # what the employer is by its social credit code, e.g. enterprise; null where none was given
    sa.Column("employer_kind", sa.Text),
    sa.Column("claim_total", sa.Numeric(16, 2), nullable=False),
    sa.Column("stage", sa.Text, nullable=False, index=True),
    sa.Column("flags", ARRAY(sa.Text), nullable=False, server_default="{}"),
    _ref("organisation_id", "organisation.id", nullable=True, index=True),
    _ref("arbitration_organisation_id", "organisation.id", nullable=True, index=True),
    _ref("court_id", "organisation.id", nullable=True, index=True),
    _ref("union_organisation_id", "organisation.id", nullable=True, index=True),
    sa.Column("registered_at", Instant, nullable=False),
    # actor ids, e.g. `user:window`
    sa.Column("registered_by", sa.Text, nullable=False, index=True),
    sa.Column("first_asked", sa.Text, nullable=False, index=True),
    sa.CheckConstraint("worker_count >= 1", name="worker_count"),
    sa.CheckConstraint("claim_total >= 0", name="claim_total"),
    sa.Index("ix_dispute_area_path", "area_path", postgresql_ops={"area_path": "text_pattern_ops"}),
    sa.Index("ix_dispute_registered", sa.text("registered_at desc"), sa.text("case_id desc")),
)

stage_change = sa.Table(
    "stage_change",
    metadata,
    _id(),
    _case(index=False),
    # 1, 2, ... within the case: one step may pass several stages at one instant
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("case_id", "position"),
)

party = sa.Table(
    "party",
    metadata,
    _id(),
    _case(),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    _sealed("name", nullable=False),
    # resident identity number, or an organisation's unified social credit code
    _sealed("id_number"),
    _sealed("phone"),
    _sealed("email"),
    _sealed("address"),
    _sealed("legal_representative"),
    sa.Column("name_index", sa.Text, nullable=False, index=True),
    # keyed digests of every two neighbouring characters of the name (casework/name_grams.py); none: not made yet
    sa.Column("name_grams", ARRAY(sa.BigInteger)),
    sa.Column("id_number_index", sa.Text, index=True),
    _ref("user_account_id", "user_account.id", nullable=True, index=True),
    _one_of("side", "applicant", "respondent"),
    _one_of("kind", "person", "organisation"),
    sa.UniqueConstraint("case_id", "side", "position"),
    sa.Index("ix_party_name_grams", "name_grams", postgresql_using="gin"),
    sa.Index("ix_party_without_name_grams", "id", postgresql_where=sa.text("name_grams is null")),
    # what is bound to a party and its case refers to both at once
    sa.UniqueConstraint("id", "case_id"),
)

agent = sa.Table(
    "agent",
    metadata,
    _id(),
    _case(),
    _ref("party_id", "party.id", index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("powers", sa.Text, nullable=False),
    _sealed("name", nullable=False),
    _sealed("id_number"),
    _sealed("phone"),
    _ref("user_account_id", "user_account.id", nullable=True, index=True),
    _one_of("kind", "lawyer", "legal-worker", "relative", "union", "staff", "other"),
    _one_of("powers", "general", "special"),
)

claim = sa.Table(
    "claim",
    metadata,
    _id(),
    _case(),
    # the applicant who claims; none means every applicant together
    _ref("party_id", "party.id", nullable=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("cause_code", sa.Text, nullable=False),
    sa.Column("amount", sa.Numeric(16, 2)),
    _sealed("facts"),
    # what its limitation begins with: when the party knew or should have known, and the rule for wages
    sa.Column("known_on", sa.Date),
    sa.Column("employment_ended_on", sa.Date),
    # none: nobody said, the cause decides
    sa.Column("is_wage_arrears", sa.Boolean),
    sa.CheckConstraint("amount >= 0", name="amount"),
    sa.UniqueConstraint("case_id", "position"),
)

limitation_event = sa.Table(
    "limitation_event",
    metadata,
    _id(),
    _case(),
    # none: for every claim
    sa.Column("claim_position", sa.Integer),
    sa.Column("kind", sa.Text, nullable=False),
    # of an interruption its day; of a suspension the first and the day after the last
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("ended_on", sa.Date),
    # the proof
    _ref("document_id", "document.id", nullable=True),
    _sealed("note"),
    sa.Column("is_retracted", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    _sealed("reason"),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "limitation_event.id", nullable=True),
)

event_date = sa.Table(
    "event_date",
    metadata,
    _id(),
    _case(index=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("value", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    # the words of the correction, about a person perhaps
    _sealed("reason"),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "event_date.id", nullable=True),
    sa.Index("ix_event_date_case_id_name", "case_id", "name"),
    sa.Index(
        "uq_event_date_current", "case_id", "name", unique=True, postgresql_where=sa.text("superseded_at is null")
    ),
)

deadline_event = sa.Table(
    "deadline_event",
    metadata,
    _id(),
    _case(),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # begin of the suspension, day counted from anew, day of the approval
    sa.Column("happened_on", sa.Date, nullable=False),
    # the day on which a suspended clock runs again; the agreed last day of an extension
    sa.Column("until", sa.Date),
    sa.Column("units", sa.Integer),
    _sealed("approved_by"),
    _ref("document_id", "document.id", nullable=True),
    _sealed("note"),
    sa.Column("is_retracted", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    _sealed("reason"),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "deadline_event.id", nullable=True),
    _one_of("kind", "suspension", "restart", "extension"),
)

statement = sa.Table(
    "statement",
    metadata,
    _id(),
    _case(index=False),
    sa.Column("name", sa.Text, nullable=False),
    _sealed("content", nullable=False),
    # what processes may know of the content, e.g. whether an agreement's items can be reviewed: all, none, mixed
    sa.Column("code", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "statement.id", nullable=True),
    sa.Index("ix_statement_case_id_name", "case_id", "name"),
    sa.Index("uq_statement_current", "case_id", "name", unique=True, postgresql_where=sa.text("superseded_at is null")),
)

appointment = sa.Table(
    "appointment",
    metadata,
    _id(),
    _case(),
    sa.Column("role", sa.Text, nullable=False),
    _ref("user_id", "user_account.id", index=True),
    sa.Column("appointed_at", Instant, nullable=False),
    sa.Column("appointed_by", sa.Text, nullable=False),
    sa.Column("ended_at", Instant),
    # mediator-2 and mediator-3 sit on a panel with the mediator, who presides
    _one_of("role", "mediator", "mediator-2", "mediator-3", "reviewer"),
    sa.Index("uq_appointment_current", "case_id", "role", unique=True, postgresql_where=sa.text("ended_at is null")),
)

stored_file = sa.Table(
    "stored_file",
    metadata,
    # SHA-256 of the plain bytes, hexadecimal; the encrypted bytes lie below the var directory
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.CheckConstraint("size >= 0", name="size"),
)

document = sa.Table(
    "document",
    metadata,
    _id(),
    _case(),
    # the first version's id: all versions of one paper share it
    _ref("paper_id", "document.id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    _sealed("title", nullable=False),
    sa.Column("sha256", sa.Text, sa.ForeignKey("stored_file.sha256"), nullable=False, index=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("is_confidential", sa.Boolean, nullable=False, server_default="false"),
    # who stands at its head: the organisation whose number it carries; none for papers of the parties
    _ref("issuer_id", "organisation.id", nullable=True),
    # the one party it is for; none: all of them
    _ref("party_id", "party.id", nullable=True),
    # `rendered` by us, `uploaded` as it is, `edited` by hand from what we rendered
    sa.Column("source", sa.Text, nullable=False),
    # why there is this version, in somebody's words
    _sealed("reason"),
    # digest of number and verification code; only papers that carry a code have one
    sa.Column("verification_index", sa.Text, unique=True),
    # where signatures and seals go: [{kind, page, x, y}], points from the top left
    sa.Column("seal_places", JSONB),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "document.id", nullable=True),
    sa.Column("voided_at", Instant),
    sa.Column("voided_by", sa.Text),
    _sealed("void_reason"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    _one_of("source", "rendered", "uploaded", "edited"),
    sa.UniqueConstraint("paper_id", "version"),
)

registration_draft = sa.Table(
    "registration_draft",
    metadata,
    _id(),
    # who registers; nobody else sees it
    _ref("user_id", "user_account.id", index=True),
    # what was filled in so far, JSON
    _sealed("content", nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False, index=True),
)

registration_attachment = sa.Table(
    "registration_attachment",
    metadata,
    _id(),
    sa.Column(
        "draft_id",
        UUID(as_uuid=True),
        sa.ForeignKey("registration_draft.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("kind", sa.Text, nullable=False),
    _sealed("title", nullable=False),
    sa.Column("sha256", sa.Text, sa.ForeignKey("stored_file.sha256"), nullable=False, index=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("is_confidential", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

document_file = sa.Table(
    "document_file",
    metadata,
    _id(),
    _ref("document_id", "document.id", index=True),
    # `editable`: the same paper for a word processor; `sealed`: with electronic seals and signatures, the newest
    # holding all before it; `scan`: of the sealed paper original
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, sa.ForeignKey("stored_file.sha256"), nullable=False, index=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    _one_of("role", "editable", "sealed", "scan"),
)

service_record = sa.Table(
    "service_record",
    metadata,
    _id(),
    _case(index=False),
    # code of the kind of paper
    sa.Column("kind", sa.Text, nullable=False),
    # the very paper that was served; none: a paper that is not kept here
    _ref("document_id", "document.id", nullable=True, index=True),
    _ref("party_id", "party.id", index=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("sent_on", sa.Date),
    # the day on the receipt, or on which it was left, affixed or announced
    sa.Column("served_on", sa.Date),
    # the day on which the law takes it as served; none: not served
    sa.Column("counts_on", sa.Date),
    sa.Column("is_refused", sa.Boolean, nullable=False),
    sa.Column("has_consent", sa.Boolean, nullable=False),
    sa.Column("has_photographs", sa.Boolean, nullable=False),
    _ref("proof_document_id", "document.id", nullable=True),
    _sealed("note"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "service_record.id", nullable=True),
    _one_of("method", "direct", "left", "affixed", "post", "electronic", "agent", "notice"),
    sa.Index("ix_service_record_case_id_kind", "case_id", "kind"),
    sa.Index(
        "uq_service_record_current",
        "case_id",
        "kind",
        "document_id",
        "party_id",
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
        postgresql_nulls_not_distinct=True,
    ),
)

instalment = sa.Table(
    "instalment",
    metadata,
    _id(),
    _case(index=False),
    # what promises it: a plan of instalments, the items of an agreement or a settlement, or an agreement's sum alone
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("amount", sa.Numeric(14, 2), nullable=False),
    # none: due on the day of performance
    sa.Column("due_on", sa.Date),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("superseded_at", Instant),
    _one_of("source", "instalments", "agreement_items", "settlement_items", "agreement_amount"),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.Index(
        "uq_instalment_current", "case_id", "position", unique=True, postgresql_where=sa.text("superseded_at is null")
    ),
)

instalment_payment = sa.Table(
    "instalment_payment",
    metadata,
    _id(),
    _case(),
    # of the instalment for which it was paid; none: for the first that is open
    sa.Column("position", sa.Integer),
    sa.Column("amount", sa.Numeric(14, 2), nullable=False),
    sa.Column("paid_on", sa.Date, nullable=False),
    _ref("proof_document_id", "document.id", nullable=True),
    _sealed("note"),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    # paid on a settlement that was not kept, before a mediation agreement took its place
    sa.Column("is_of_earlier_agreement", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("superseded_at", Instant),
    # why it was withdrawn
    _sealed("reason"),
    sa.CheckConstraint("amount > 0", name="amount"),
)

paper_reissue = sa.Table(
    "paper_reissue",
    metadata,
    # under which the next version is made: the id of the job that makes it
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    _ref("document_id", "document.id", index=True),
    _sealed("reason", nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
)

seal_key = sa.Table(
    "seal_key",
    metadata,
    _id(),
    # whose: an organisation's seal or a person's signature
    _ref("organisation_id", "organisation.id", nullable=True, index=True),
    _ref("user_id", "user_account.id", nullable=True, index=True),
    sa.Column("algorithm", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    # X.509, base64 of DER; the chain above it, where an authority issued it
    sa.Column("certificate", sa.Text, nullable=False),
    sa.Column("chain", ARRAY(sa.Text), nullable=False, server_default="{}"),
    # PKCS#8, base64 of DER, encrypted under the master secret
    sa.Column("private_key_sealed", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("retired_at", Instant),
    _one_of("level", "basic", "certified"),
    sa.CheckConstraint("(organisation_id is null) <> (user_id is null)", name="holder"),
    sa.Index(
        "uq_seal_key_current",
        "organisation_id",
        "user_id",
        unique=True,
        postgresql_where=sa.text("retired_at is null"),
        postgresql_nulls_not_distinct=True,
    ),
)

document_seal = sa.Table(
    "document_seal",
    metadata,
    _id(),
    _case(),
    _ref("document_id", "document.id", index=True),
    _ref("document_file_id", "document_file.id"),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("organisation_id", "organisation.id", nullable=True),
    _ref("user_id", "user_account.id", nullable=True),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("signed_on", sa.Date, nullable=False),
    # `local`, `gateway`, or `paper` for a scan
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("algorithm", sa.Text, nullable=False),
    # SHA-256 of the signer's certificate, and what else the provider gave as evidence
    sa.Column("certificate_sha256", sa.Text),
    sa.Column("evidence", JSONB, nullable=False, server_default="{}"),
    # SHA-256 of what was signed
    sa.Column("signed_sha256", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("sealed_at", Instant, nullable=False),
    sa.Column("sealed_by", sa.Text, nullable=False),
    _one_of("kind", "organisation-seal", "mediator-signature", "arbitrator-signature"),
    _one_of("level", "paper-scan", "basic", "certified"),
    _one_of("provider", "local", "gateway", "paper"),
)

signature = sa.Table(
    "signature",
    metadata,
    _id(),
    _case(index=False),
    # the mediation agreement that was signed, where this system made it
    _ref("document_id", "document.id", nullable=True),
    # who had to sign: applicant-1, respondent-2, mediator-1, organisation, workers
    sa.Column("signatory", sa.Text, nullable=False),
    sa.Column("signer", sa.Text, nullable=False),
    _ref("party_id", "party.id", nullable=True),
    _ref("user_id", "user_account.id", nullable=True),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("signed_by", sa.Text, nullable=False),
    sa.Column("signed_on", sa.Date, nullable=False),
    # when somebody who was represented agreed
    sa.Column("consented_on", sa.Date),
    _ref("proof_document_id", "document.id", nullable=True),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    # why it was withdrawn or corrected, about a person perhaps
    _sealed("reason"),
    sa.Column("superseded_at", Instant),
    _ref("superseded_by", "signature.id", nullable=True),
    _one_of("signer", "party", "mediator", "organisation", "workers"),
    _one_of("level", "basic", "paper-scan", "certified"),
    _one_of("signed_by", "self", "agent", "representative"),
    sa.Index("ix_signature_case_id", "case_id"),
    sa.Index(
        "uq_signature_current", "case_id", "signatory", unique=True, postgresql_where=sa.text("superseded_at is null")
    ),
)

number_sequence = sa.Table(
    "number_sequence",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

issued_number = sa.Table(
    "issued_number",
    metadata,
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    _case(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("series", sa.Text, nullable=False),
    _ref("issuer_id", "organisation.id", nullable=True),
    sa.Column("number", sa.Text, nullable=False),
    # 0: the bare number of the case in its series; 1, 2, ...: its suffix
    sa.Column("suffix", sa.Integer, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("voided_at", Instant),
    sa.Column("voided_by", sa.Text),
    _sealed("void_reason"),
    sa.UniqueConstraint("number", "kind"),
)

case_number = sa.Table(
    "case_number",
    metadata,
    _id(),
    _case(index=False),
    sa.Column("series", sa.Text, nullable=False),
    _ref("issuer_id", "organisation.id"),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    # the number without its ending, e.g. to be followed by 号 or by -2号
    sa.Column("stem", sa.Text, nullable=False, unique=True),
    sa.Column("issued_at", Instant, nullable=False),
    sa.UniqueConstraint("case_id", "series", "issuer_id"),
    sa.UniqueConstraint("series", "issuer_id", "year", "position"),
)

verification_failure = sa.Table(
    "verification_failure",
    metadata,
    # keyed digest of who asked: an address is a personal datum
    sa.Column("client_index", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("first_at", Instant, nullable=False, index=True),
)

notification = sa.Table(
    "notification",
    metadata,
    _id(),
    # none: about no case, e.g. a calendar year that is missing
    _ref("case_id", "dispute.case_id", nullable=True, index=True),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    _ref("user_id", "user_account.id", nullable=True),
    _ref("party_id", "party.id", nullable=True),
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("delivered_at", Instant),
    sa.Column("read_at", Instant),
    sa.Column("external_id", sa.Text),
    _one_of("channel", "in-app", "email", "sms"),
    _one_of("state", "pending", "delivered", "failed"),
    sa.CheckConstraint("(user_id is null) <> (party_id is null)", name="recipient"),
    sa.Index("ix_notification_user_id_created_at", "user_id", "created_at"),
    sa.Index("ix_notification_party_id_created_at", "party_id", "created_at"),
    sa.Index("ix_notification_pending", "created_at", postgresql_where=sa.text("state = 'pending'")),
)


def _party_of_case() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["party_id", "case_id"], ["party.id", "party.case_id"])


party_invitation = sa.Table(
    "party_invitation",
    metadata,
    _id(),
    _case(),
    sa.Column("party_id", UUID(as_uuid=True), nullable=False),
    # keyed digest of the secret in the link
    sa.Column("link_index", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    # wrong codes since the last right one
    sa.Column("guesses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_at", Instant),
    sa.Column("withdrawn_at", Instant),
    sa.Column("withdrawn_by", sa.Text),
    _party_of_case(),
    sa.Index("uq_party_invitation_current", "party_id", unique=True, postgresql_where=sa.text("withdrawn_at is null")),
)

party_code = sa.Table(
    "party_code",
    metadata,
    _id(),
    _case(),
    sa.Column("party_id", UUID(as_uuid=True), nullable=False),
    # what it is for: opening a session by a link, or signing
    _ref("invitation_id", "party_invitation.id", nullable=True, index=True),
    sa.Column("purpose", sa.Text, nullable=False),
    # what is signed with it
    _ref("document_id", "document.id", nullable=True),
    # keyed digest of this row's id and the code
    sa.Column("code_index", sa.Text, nullable=False),
    sa.Column("guesses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    # another was asked for since, or too many were guessed
    sa.Column("ended_at", Instant),
    _party_of_case(),
    _one_of("purpose", "session", "signature"),
    sa.CheckConstraint("(purpose = 'session') = (invitation_id is not null)", name="invitation"),
)

party_session = sa.Table(
    "party_session",
    metadata,
    _id(),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("party_id", UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("level", sa.Text, nullable=False),
    _ref("invitation_id", "party_invitation.id", nullable=True),
    # the paper whose number and code opened it
    _ref("document_id", "document.id", nullable=True),
    # SHA-256 of the token, hexadecimal; the token itself is kept nowhere
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("ended_at", Instant),
    _party_of_case(),
    _one_of("level", "code", "letter"),
    sa.CheckConstraint("(level = 'code') = (invitation_id is not null)", name="invitation"),
    sa.CheckConstraint("(level = 'letter') = (document_id is not null)", name="document"),
)

party_message = sa.Table(
    "party_message",
    metadata,
    _id(),
    _case(),
    sa.Column("party_id", UUID(as_uuid=True), nullable=False, index=True),
    # `message`, or what the party declares: see casework/party_messages.py
    sa.Column("kind", sa.Text, nullable=False),
    # what was answered: agreed, refused
    sa.Column("answer", sa.Text),
    sa.Column("is_from_party", sa.Boolean, nullable=False),
    _sealed("text"),
    # of a payment that was reported
    sa.Column("amount", sa.Numeric(14, 2)),
    sa.Column("happened_on", sa.Date),
    _ref("document_id", "document.id", nullable=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    # by the other end
    sa.Column("read_at", Instant),
    sa.Column("read_by", sa.Text),
    _party_of_case(),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("answer in ('agreed', 'refused')", name="answer"),
)

# What caseworkers write about a case for each other; never changed, never shown to a party.
case_note = sa.Table(
    "case_note",
    metadata,
    _id(),
    _case(),
    # read by the mediators of the case alone
    sa.Column("is_confidential", sa.Boolean, nullable=False),
    _sealed("text", nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
)

application = sa.Table(
    "application",
    metadata,
    _id(),
    # SHA-256 of the token by which its author comes back, hexadecimal
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    # what was filled in, plain JSON
    sa.Column("content_sealed", sa.Text, nullable=False),
    # where the work is or was done; none until it is submitted
    sa.Column("area_path", sa.Text),
    # which notice on personal information was agreed to, and when
    sa.Column("notice_version", sa.Text),
    sa.Column("consented_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("submitted_at", Instant),
    sa.Column("receipt_number", sa.Text, unique=True),
    # keyed digest of receipt number and code
    sa.Column("receipt_index", sa.Text, unique=True),
    sa.Column("decided_at", Instant),
    sa.Column("decided_by", sa.Text),
    _ref("case_id", "dispute.case_id", nullable=True),
    # why it was rejected, or given back to be mended
    sa.Column("rejection_sealed", sa.Text),
    # where its author should go instead
    sa.Column("referral", sa.Text),
    _one_of("state", "draft", "submitted", "returned", "accepted", "rejected"),
    sa.CheckConstraint("state = 'draft' or (submitted_at is not null and consented_at is not null)", name="submitted"),
    sa.Index("ix_application_submitted", "submitted_at", "id", postgresql_where=sa.text("state = 'submitted'")),
)

application_file = sa.Table(
    "application_file",
    metadata,
    _id(),
    sa.Column(
        "application_id",
        UUID(as_uuid=True),
        sa.ForeignKey("application.id", ondelete="cascade"),
        nullable=False,
        index=True,
    ),
    sa.Column("name_sealed", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    # of the whole, as the sender says; checked when all of it is here
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("received", sa.Integer, nullable=False, server_default="0"),
    sa.Column("media_type", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("completed_at", Instant),
    sa.CheckConstraint("received >= 0 and received <= size", name="received"),
)

application_chunk = sa.Table(
    "application_chunk",
    metadata,
    sa.Column(
        "file_id", UUID(as_uuid=True), sa.ForeignKey("application_file.id", ondelete="cascade"), primary_key=True
    ),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("content_sealed", sa.LargeBinary, nullable=False),
)

throttle = sa.Table(
    "throttle",
    metadata,
    # keyed digest of what is counted: an address, a link
    sa.Column("subject_index", sa.Text, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    # when the counter may go
    sa.Column("ends_at", Instant, nullable=False, index=True),
)

court_filing = sa.Table(
    "court_filing",
    metadata,
    _id(),
    _case(),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("court_filing_number", sa.Text, index=True),
    sa.Column("document_ids", ARRAY(UUID(as_uuid=True)), nullable=False, server_default="{}"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("filed_at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    sa.Column("decided_on", sa.Date),
    # number of the court's own paper
    sa.Column("document_number", sa.Text),
    _sealed("reason"),
    _one_of("state", "filed", "accepted", "refused", "confirmed", "rejected"),
)

outside_record = sa.Table(
    "outside_record",
    metadata,
    _id(),
    _case(index=False),
    # key of the site's platforms.yaml
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    # the number that the case has there
    sa.Column("outside_number", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("superseded_at", Instant),
    # rows of one case and platform: the old one is closed before the new one is written
    sa.Column("superseded_by", UUID(as_uuid=True)),
    sa.Index(
        "uq_outside_record_current",
        "case_id",
        "platform",
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    ),
)

case_access = sa.Table(
    "case_access",
    metadata,
    _id(),
    _case(),
    _ref("user_id", "user_account.id", index=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

calendar_year = sa.Table(
    "calendar_year",
    metadata,
    _id(),
    sa.Column("year", sa.Integer, nullable=False),
    # 1, 2, ...: every notice entered for a year is kept, the last one counts
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("notice_number", sa.Text, nullable=False),
    # [{day, name}] and [day], as entered; `calendar_day` holds what is counted with
    sa.Column("rest_days", JSONB, nullable=False),
    sa.Column("make_up_days", JSONB, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    _sealed("reason"),
    sa.UniqueConstraint("year", "version"),
)

deadline_recount = sa.Table(
    "deadline_recount",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    # what changed for many cases at once, plain JSON, e.g. {"kind": "calendar-year", "year": 2027, "version": 1}
    sa.Column("cause", JSONB, nullable=False),
    # the same as one word, e.g. calendar-year/2027/1
    sa.Column("cause_key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="pending"),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    # timers and due dates that came out otherwise
    sa.Column("moved", JSONB, nullable=False, server_default="[]"),
    sa.Column("problem", sa.Text),
    _one_of("state", "pending", "done", "failed"),
    sa.UniqueConstraint("cause_key", "case_id"),
    sa.Index("ix_deadline_recount_pending", "requested_at", "id", postgresql_where=sa.text("state = 'pending'")),
)

deadline_rule_version = sa.Table(
    "deadline_rule_version",
    metadata,
    _id(),
    sa.Column("rule_id", sa.Text, nullable=False),
    # 2, 3, ...: version 1 of every rule comes with the software
    sa.Column("number", sa.Integer, nullable=False),
    # fields of the normal form that differ from the version before (casework/deadlines/rule_changes.py)
    sa.Column("changes", JSONB, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    # keep: what began before has the old rule; change: what still runs has the new one
    sa.Column("cases_before", sa.Text, nullable=False),
    # `start` of the period, or the name of the event date that tells whether a case began before
    sa.Column("deciding_date", sa.Text, nullable=False),
    # where the new text stands, in words; and the text itself as a file
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_sha256", sa.Text, sa.ForeignKey("stored_file.sha256")),
    sa.Column("source_media_type", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    # why it was published, rejected or withdrawn
    sa.Column("remark", sa.Text),
    _one_of("state", "proposed", "published", "rejected", "withdrawn"),
    _one_of("cases_before", "keep", "change"),
    sa.CheckConstraint("number >= 2", name="number"),
    sa.CheckConstraint("state <> 'published' or ended_by <> proposed_by", name="second_person"),
    sa.CheckConstraint("(state = 'proposed') = (ended_at is null)", name="ended_at"),
    sa.CheckConstraint("(source_sha256 is null) = (source_media_type is null)", name="source_file"),
    sa.UniqueConstraint("rule_id", "number"),
    sa.Index(
        "uq_deadline_rule_version_proposed", "rule_id", unique=True, postgresql_where=sa.text("state = 'proposed'")
    ),
)

calendar_day = sa.Table(
    "calendar_day",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("is_working", sa.Boolean, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

scenario_run = sa.Table(
    "scenario_run",
    metadata,
    _id(),
    # folder of a process below the processes of the installation; null: all of them
    sa.Column("folder", sa.Text),
    # one scenario alone; null: all of the folder
    sa.Column("file", sa.Text),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("started_at", Instant),
    # the last sign of life of whoever plays it
    sa.Column("heard_at", Instant),
    sa.Column("ended_at", Instant),
    # the models that were played: [{"id", "key", "version", "name"}]
    sa.Column("versions", JSONB, nullable=False, server_default="[]"),
    sa.Column("total", sa.Integer),
    # per process how many elements were passed, and which never
    sa.Column("coverage", JSONB, nullable=False, server_default="[]"),
    # why it could not be played: {"code", "zh", "en"}
    sa.Column("problem", JSONB),
    _one_of("state", "waiting", "running", "finished", "failed"),
    # one at a time: it is long work
    sa.Index(
        "uq_scenario_run_under_way",
        sa.text("(true)"),
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'running')"),
    ),
    sa.Index("ix_scenario_run_requested_at", "requested_at", "id"),
)

scenario_result = sa.Table(
    "scenario_result",
    metadata,
    _id(),
    sa.Column(
        "run_id", UUID(as_uuid=True), sa.ForeignKey("scenario_run.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("file", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("played_at", Instant, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    # null: everything came as written
    sa.Column("failure", JSONB),
    # [process key, element id], in order, each as often as it was passed
    sa.Column("passed", JSONB, nullable=False),
)
