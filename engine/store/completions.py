"""What completions of user tasks said, and the state before them: statements of the hot path and of its undoing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.store.raw import Batch, as_jsonb
from engine.store.tables import user_task_completion

_FORGET = "update user_task_completion set before = null where instance_id = %s and before is not null"

# Everything of the process that waits in the case, so that what the step opens, closes or moves can be told from it.
_KEEP = """
    insert into user_task_completion
        (id, case_id, user_task_id, instance_id, completed_at, completed_by, variables, scope, inputs, seq_before, before)
    select %s, i.case_id, t.id, i.id, %s, %s, %s, %s, %s, %s, jsonb_build_object(
        'snapshot', i.snapshot,
        'task', jsonb_build_object('assignee', t.assignee, 'state', t.state, 'owner', t.owner,
                                   'delegation', t.delegation, 'draft', t.draft),
        'user_task', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'due_at', due_at,
                'follow_up_at', follow_up_at, 'due_explanation', due_explanation,
                'escalated_at', escalated_at)), '[]')
            from user_task where case_id = i.case_id and state in ('created', 'assigned')),
        'job', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state)), '[]')
            from job where case_id = i.case_id and state in ('waiting', 'leased', 'failed') and token_id is not null),
        'timer', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'due_at', due_at, 'due_on', due_on,
                'explanation', explanation, 'is_provisional', is_provisional)), '[]')
            from timer where case_id = i.case_id and state in ('waiting', 'failed')),
        'message_subscription', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state)), '[]')
            from message_subscription where case_id = i.case_id and state = 'waiting'),
        'incident', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state)), '[]')
            from incident where case_id = i.case_id and state = 'open' and token_id is not null),
        'host', ({bookmark})
    )
    from user_task t join process_instance i on i.id = t.instance_id where t.id = %s
"""

_CLOSE = (
    'update user_task_completion set seq_after = c.history_seq from "case" c'
    " where c.id = user_task_completion.case_id and user_task_completion.id = %s"
)


def keep_completion(
    batch: Batch,
    *,
    completion_id: UUID,
    user_task_id: UUID,
    instance_id: UUID,
    case_id: UUID,
    bookmark_sql: str,
    now: datetime,
    actor_id: str,
    variables: Mapping[str, Any],
    inputs: Sequence[str],
    scope: int,
    seq_before: int,
) -> None:
    """Keep what a completion says and how everything stands before it; an earlier state of the instance is forgotten.

    `variables` are encoded; `bookmark_sql` is the host's (one parameter, the case's id). Send it before any other write.
    """
    batch.add(_FORGET, (instance_id,))
    params = (
        completion_id,
        now,
        actor_id,
        as_jsonb(dict(variables)),
        scope,
        list(inputs),
        seq_before,
        case_id,
        user_task_id,
    )
    batch.add(_KEEP.replace("{bookmark}", bookmark_sql), params)


def close_completion(completion_id: UUID) -> tuple[str, Sequence[Any]]:
    """Return the statement that notes where the case's history ends after a completion."""
    return _CLOSE, (completion_id,)


def latest_completion(connection: sa.Connection, user_task_id: UUID) -> sa.Row[Any] | None:
    """Return the completion of a user task that stands, or None."""
    return connection.execute(
        sa.select(user_task_completion)
        .where(user_task_completion.c.user_task_id == user_task_id, user_task_completion.c.retracted_at.is_(None))
        .order_by(user_task_completion.c.completed_at.desc(), user_task_completion.c.id.desc())
        .limit(1)
    ).one_or_none()
