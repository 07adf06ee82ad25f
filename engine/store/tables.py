"""The tables of the workflow core, on the one MetaData that the whole system shares."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, UUID

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Instant = sa.DateTime(timezone=True)


def _id() -> "sa.Column[object]":
    return sa.Column("id", UUID(as_uuid=True), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> "sa.Column[object]":
    return sa.Column(name, UUID(as_uuid=True), sa.ForeignKey(target), nullable=nullable, index=index)


def _written_in() -> "sa.Column[int]":
    """Return the number of the transaction that wrote a row last: what tells a reader's news (docs/decisions/0012)."""
    now = sa.text("(pg_current_xact_id()::text)::bigint")
    return sa.Column("written_in", sa.BigInteger, nullable=False, server_default=now, index=True)


def _state(*states: str) -> "tuple[sa.Column[str], sa.CheckConstraint]":
    listed = ", ".join(f"'{state}'" for state in states)
    return sa.Column("state", sa.Text, nullable=False), sa.CheckConstraint(f"state in ({listed})", name="state")


case = sa.Table(
    "case",
    metadata,
    _id(),
    sa.Column("business_key", sa.Text, nullable=False, unique=True),
    sa.Column("history_seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("head_hash", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    # whether the host keeps a matter of its own about it; false: processes tried out, or run for the bench
    sa.Column("is_hosted", sa.Boolean, nullable=False, server_default="false"),
    sa.Index("ix_case_not_hosted", "id", postgresql_where=sa.text("not is_hosted")),
)

resource = sa.Table(
    "resource",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("content", BYTEA, nullable=False),
)

deployment = sa.Table(
    "deployment",
    metadata,
    _id(),
    sa.Column("content_hash", sa.Text, nullable=False, index=True),
    sa.Column("note", sa.Text),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("findings", JSONB, nullable=False, server_default="[]"),
)

deployment_resource = sa.Table(
    "deployment_resource",
    metadata,
    sa.Column("deployment_id", UUID(as_uuid=True), sa.ForeignKey("deployment.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, sa.ForeignKey("resource.hash"), nullable=False),
    sa.Column("is_carried", sa.Boolean, nullable=False, server_default="false"),
    sa.CheckConstraint("kind in ('bpmn', 'dmn', 'form')", name="kind"),
)

process_definition = sa.Table(
    "process_definition",
    metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    _ref("deployment_id", "deployment.id", index=True),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("resource_hash", sa.Text, sa.ForeignKey("resource.hash"), nullable=False),
    sa.Column("closure_hash", sa.Text, nullable=False),
    sa.Column("start_messages", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("key", "version"),
)

process_instance = sa.Table(
    "process_instance",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("definition_id", "process_definition.id", index=True),
    _ref("deployment_id", "deployment.id"),
    sa.Column("process_key", sa.Text, nullable=False),
    *_state("active", "suspended", "completed", "canceled"),
    sa.Column("snapshot", JSONB),
    sa.Column("snapshot_format", sa.Integer, nullable=False),
    sa.Column("pending", JSONB, nullable=False, server_default="[]"),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

user_task = sa.Table(
    "user_task",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("instance_id", "process_instance.id", index=True),
    sa.Column("token_id", sa.Integer, nullable=False),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_name", sa.Text, nullable=False),
    sa.Column("form_key", sa.Text),
    sa.Column("assignee", sa.Text),
    sa.Column("candidate_groups", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("candidate_users", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("priority", sa.Integer, nullable=False, server_default="50"),
    sa.Column("due_at", Instant),
    sa.Column("follow_up_at", Instant),
    sa.Column("due_explanation", JSONB),
    # when those responsible and their supervisors were told that it is overdue
    sa.Column("escalated_at", Instant),
    *_state("created", "assigned", "completed", "canceled"),
    # while the task is delegated and after it was given back: whose it is, an actor id
    sa.Column("owner", sa.Text),
    # pending: the assignee works on it for the owner; resolved: given back, the owner completes it
    sa.Column("delegation", sa.Text),
    # how many requests for correction it waits for; it cannot be completed meanwhile
    sa.Column("open_correction_requests", sa.Integer, nullable=False, server_default="0"),
    sa.Column("draft", JSONB),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    sa.Column("on_behalf_of", JSONB),
    # kept up by the trigger user_task_written
    _written_in(),
    sa.CheckConstraint("delegation in ('pending', 'resolved')", name="delegation"),
    sa.Index("ix_user_task_open_due", "due_at", "id", postgresql_where=sa.text("state in ('created', 'assigned')")),
    # lists of open tasks: by due time, those without one last; newest first
    sa.Index(
        "ix_user_task_open_by_due",
        sa.text("coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)"),
        "id",
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    ),
    sa.Index(
        "ix_user_task_open_by_age", "created_at", "id", postgresql_where=sa.text("state in ('created', 'assigned')")
    ),
    sa.Index("ix_user_task_open_assignee", "assignee", postgresql_where=sa.text("state = 'assigned'")),
    sa.Index("ix_user_task_delegated", "owner", postgresql_where=sa.text("delegation = 'pending'")),
    sa.Index("ix_user_task_done", "ended_by", "ended_at", "id", postgresql_where=sa.text("state = 'completed'")),
    sa.Index(
        "ix_user_task_open_users",
        "candidate_users",
        postgresql_using="gin",
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    ),
    sa.Index(
        "ix_user_task_open_for_nobody",
        "id",
        postgresql_where=sa.text(
            "state in ('created', 'assigned') and candidate_groups = '{}'::text[] and candidate_users = '{}'::text[]"
        ),
    ),
    sa.Index(
        "ix_user_task_open_groups",
        "candidate_groups",
        postgresql_using="gin",
        postgresql_where=sa.text("state in ('created', 'assigned')"),
    ),
)

sa.event.listen(
    user_task,
    "after_create",
    sa.DDL(  # type: ignore[no-untyped-call]  # the library gives it no types
        """
        create function note_writing_transaction() returns trigger language plpgsql as $$
        begin
            new.written_in = (pg_current_xact_id()::text)::bigint;
            return new;
        end
        $$
        """
    ),
)
# a draft that is saved is nobody's news
sa.event.listen(
    user_task,
    "after_create",
    sa.DDL(  # type: ignore[no-untyped-call]  # the library gives it no types
        """
        create trigger user_task_written
        before update of state, assignee, owner, delegation, open_correction_requests, candidate_groups,
            candidate_users, priority, due_at, follow_up_at, escalated_at
        on user_task for each row execute function note_writing_transaction()
        """
    ),
)

user_task_comment = sa.Table(
    "user_task_comment",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    _written_in(),
)

# Up to when somebody has read the comments on a user task; no row: never.
user_task_comment_reading = sa.Table(
    "user_task_comment_reading",
    metadata,
    sa.Column("user_task_id", UUID(as_uuid=True), sa.ForeignKey("user_task.id"), primary_key=True),
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("read_at", Instant, nullable=False),
)

# What a completion said and what stood before it: for taking it back, and for correcting its data later.
user_task_completion = sa.Table(
    "user_task_completion",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    _ref("instance_id", "process_instance.id"),
    sa.Column("completed_at", Instant, nullable=False),
    sa.Column("completed_by", sa.Text, nullable=False),
    # variables that the form set, and the number of the scope they were set from
    sa.Column("variables", JSONB, nullable=False),
    sa.Column("scope", sa.Integer, nullable=False),
    # names of the host's inputs that the form gave; their values are the host's
    sa.Column("inputs", ARRAY(sa.Text), nullable=False, server_default="{}"),
    # ends of the case's history before and after it
    sa.Column("seq_before", sa.BigInteger, nullable=False),
    sa.Column("seq_after", sa.BigInteger),
    # the state before, while nothing else was completed in the instance
    sa.Column("before", JSONB),
    sa.Column("retracted_at", Instant),
    sa.Index("ix_user_task_completion_before", "instance_id", postgresql_where=sa.text("before is not null")),
)

# Texts of the office's verbs are stored sealed by whoever serves them, like comments.
user_task_handover = sa.Table(
    "user_task_handover",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("handed_by", sa.Text, nullable=False),
    sa.Column("holder_before", sa.Text),
    sa.Column("to_user", sa.Text),
    sa.Column("to_group", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.CheckConstraint("(to_user is null) <> (to_group is null)", name="receiver"),
)

user_task_delegation = sa.Table(
    "user_task_delegation",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("delegate", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    # resolved: the delegate gave it back; recalled: it was taken back
    *_state("pending", "resolved", "recalled"),
    sa.Column("answer", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    sa.Index(
        "uq_user_task_delegation_pending",
        "user_task_id",
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    ),
)

user_task_urging = sa.Table(
    "user_task_urging",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("urged_by", sa.Text, nullable=False),
    # actor ids of those who were told
    sa.Column("told", ARRAY(sa.Text), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    _written_in(),
)

user_task_copy = sa.Table(
    "user_task_copy",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id"),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("sent_by", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("acknowledged_at", Instant),
    sa.UniqueConstraint("user_task_id", "reader"),
    sa.Index("ix_user_task_copy_reader", "reader", "created_at"),
)

user_task_correction_request = sa.Table(
    "user_task_correction_request",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("asked_by", sa.Text, nullable=False),
    # who is asked: an actor id with the completed task it is about, or a reference of the host (a party's id)
    sa.Column("asked_user", sa.Text),
    _ref("about_user_task_id", "user_task.id", nullable=True),
    sa.Column("asked_party", sa.Text),
    # what is missing, a list
    sa.Column("missing", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    _ref("reminder_job_id", "job.id", nullable=True),
    *_state("open", "answered", "withdrawn"),
    sa.Column("answer", sa.Text),
    sa.Column("on_behalf_of", JSONB),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    sa.CheckConstraint("(asked_user is null) <> (asked_party is null)", name="asked"),
    sa.Index("ix_user_task_correction_request_open", "asked_by", postgresql_where=sa.text("state = 'open'")),
)

user_task_correction = sa.Table(
    "user_task_correction",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("user_task_id", "user_task.id", index=True),
    sa.Column("corrected_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    # [{name, old, new}]; the host's texts by reference
    sa.Column("changes", JSONB, nullable=False),
    # what moved, and what can no longer change
    sa.Column("consequences", JSONB, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

job = sa.Table(
    "job",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("instance_id", "process_instance.id", index=True),
    # null: asked for by a person beside the process, whose tokens its outcome does not move
    sa.Column("token_id", sa.Integer),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_name", sa.Text, nullable=False),
    sa.Column("job_type", sa.Text, nullable=False),
    sa.Column("input", JSONB, nullable=False),
    # waiting: may be leased once run_at has come; leased: a worker runs it; failed: out of retries, an incident is open
    *_state("waiting", "leased", "failed", "completed", "canceled"),
    sa.Column("retry_delays", JSONB, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retries_left", sa.Integer, nullable=False),
    sa.Column("run_at", Instant, nullable=False),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_expires_at", Instant),
    sa.Column("failure", sa.Text),
    sa.Column("result", JSONB),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index("ix_job_waiting", "run_at", postgresql_where=sa.text("state = 'waiting'")),
    sa.Index("ix_job_leased", "lease_expires_at", postgresql_where=sa.text("state = 'leased'")),
)

timer = sa.Table(
    "timer",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("instance_id", "process_instance.id", index=True),
    sa.Column("token_id", sa.Integer, nullable=False),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("expression", sa.Text, nullable=False),
    sa.Column("inputs_read", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("explanation", JSONB),
    sa.Column("is_provisional", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("repeats_left", sa.Integer),
    sa.Column("interval_seconds", sa.BigInteger),
    # failed: the step it caused could not be taken, an incident is open
    *_state("waiting", "fired", "failed", "canceled"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("lateness_ms", sa.BigInteger),
    sa.Index("ix_timer_due", "due_at", "id", postgresql_where=sa.text("state = 'waiting'")),
    sa.CheckConstraint("kind in ('date', 'duration', 'cycle')", name="kind"),
)

message_subscription = sa.Table(
    "message_subscription",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("instance_id", "process_instance.id", index=True),
    sa.Column("token_id", sa.Integer, nullable=False),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_name", sa.Text, nullable=False),
    sa.Column("message_name", sa.Text, nullable=False),
    *_state("waiting", "ended"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index(
        "ix_message_subscription_waiting", "case_id", "message_name", postgresql_where=sa.text("state = 'waiting'")
    ),
)

incident = sa.Table(
    "incident",
    metadata,
    _id(),
    _ref("case_id", "case.id", index=True),
    _ref("instance_id", "process_instance.id", index=True),
    _ref("job_id", "job.id", nullable=True, index=True),
    _ref("timer_id", "timer.id", nullable=True, index=True),
    sa.Column("token_id", sa.Integer),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # in Chinese; or, of a foreign worker's job, in its own words
    sa.Column("message", sa.Text, nullable=False),
    # the same in English, where it is known
    sa.Column("message_en", sa.Text),
    *_state("open", "resolved"),
    sa.Column("raised_at", Instant, nullable=False),
    # actor id of whoever sees to it
    sa.Column("assignee", sa.Text),
    sa.Column("resolved_at", Instant),
    sa.Column("resolved_by", sa.Text),
    sa.Column("resolution", sa.Text),
    sa.Index("ix_incident_open", "raised_at", "id", postgresql_where=sa.text("state = 'open'")),
)

history = sa.Table(
    "history",
    metadata,
    sa.Column("case_id", UUID(as_uuid=True), sa.ForeignKey("case.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("on_behalf_of", JSONB),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("instance_id", UUID(as_uuid=True)),
    sa.Column("element_id", sa.Text),
    sa.Column("element_name", sa.Text),
    # attested in clear: covered by the hash as they stand
    sa.Column("facts", JSONB, nullable=False),
    # attested by salted digest: value and salt may be erased, the digest stays and the chain holds
    sa.Column("values", JSONB, nullable=False),
    sa.Column("salts", JSONB, nullable=False),
    sa.Column("digests", JSONB, nullable=False),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

idempotency_key = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("actor_id", sa.Text, primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("response", JSONB),
    sa.Column("headers", JSONB),
    sa.Column("created_at", Instant, nullable=False, index=True),
)
