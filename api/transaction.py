"""One request, one transaction, one commit: the only place of the API that commits.

The order is fixed: begin, authenticate, check the route's rule, parse and run the view, keep the answer under the
request's Idempotency-Key, commit. An error rolls everything back, the key included. A transaction that lost against
others (a deadlock) or whose connection broke runs again a bounded number of times; even a connection
lost during the commit is safe to repeat, since the key tells whether the commit had arrived.

A request about many things (`answers_by_item`) is the exception: each of its items is one transaction with one commit,
under the request's key and the item's own name. Sent again, it does what is left, and answers as before for the rest.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, make_response, request
from werkzeug.exceptions import HTTPException

from api import idempotency
from api.authentication import authenticate, authenticate_party
from api.context import RequestContext, current, enter
from api.database import db
from api.faults import is_connection_lost, is_database_fault, is_worth_repeating
from api.readings import note_reading
from api.rules import Rule
from api.runtime import runtime
from engine.domain.actor import Actor
from engine.domain.errors import TingzhuError, UnauthenticatedError

log = logging.getLogger("tingzhu.api")

PAUSES_SECONDS = (0.05, 0.2, 0.5)
"""Pauses before the second, third and fourth attempt at a transaction."""

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ANONYMOUS = Actor("anonymous")

Answer = TypeVar("Answer")


def in_transaction(view: Callable[..., Any], rule: Rule) -> Callable[..., Response]:
    """Wrap `view`, whose access rule is `rule`, into the request's transaction."""

    @wraps(view)
    def run(**arguments: Any) -> Response:
        if rule.body_limit is not None:
            request.max_content_length = rule.body_limit
        return _repeated(lambda: _attempt(view, rule, arguments))

    return run


def run_item(name: str, sent: Any, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do one item of a request that answers by item, in a transaction of its own; return its answer.

    `name` tells the item from the request's others, `sent` (plain JSON) is what the request says of it, and `work` does
    it in the transaction that `current()` holds and returns plain JSON without personal data. What was done under the
    request's key before is not done again: the answer of then is returned. Raises what `work` raises, and
    IdempotencyKeyReusedError when the key stands for something else of the same item; nothing is written then.
    """
    keyed = idempotency.keyed_item(request, current().actor.id, name, sent)
    return _repeated(lambda: _attempt_item(keyed, work))


def _repeated(attempt: Callable[[], Answer]) -> Answer:
    """Return what `attempt` returns, made again when it lost against other transactions or its connection broke."""
    for pause in (*PAUSES_SECONDS, None):
        try:
            return attempt()
        except (TingzhuError, HTTPException):
            raise
        except Exception as error:
            _drop_session(error)  # the last time, too: rolling back what broke would fail in the request's teardown
            if pause is None or not is_worth_repeating(error):
                raise
            log.info("running %s %s again after %s", request.method, request.path, type(error).__name__)
            time.sleep(pause)
    raise AssertionError("the last attempt either answers or raises")


def _attempt(view: Callable[..., Any], rule: Rule, arguments: dict[str, Any]) -> Response:
    context = _begin(rule, arguments)
    if request.method in READING_METHODS:
        response = make_response(view(**arguments))
        is_noted = rule.scope == "case" and note_reading(context, arguments, view.__name__)
        if is_noted or rule.logs_reading:
            db.session.commit()
        return response
    # answers to strangers hold tokens, and one stranger's key is no other stranger's: none of them is kept
    keyed = None
    if not rule.is_public or rule.needs_key:
        keyed = idempotency.keyed_request(
            request, context.actor.id, is_required=request.method == "POST" and rule.needs_key
        )
    if rule.answers_by_item:
        return make_response(view(**arguments))
    try:
        response = make_response(view(**arguments))
    except rule.commits_on:
        db.session.commit()
        raise
    except UnauthenticatedError:
        raise  # nobody unknown is given somebody's answer
    except Exception as error:
        if keyed is None or is_database_fault(error):
            raise
        db.session.rollback()
        answer = idempotency.find_answer(db.session.connection(), keyed)
        if answer is None:
            raise
        return answer
    return _finish(context, keyed, response)


def _attempt_item(keyed: idempotency.KeyedRequest, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    db.session.rollback()  # what the request has read so far
    context = current()
    context.renew()
    kept = idempotency.find_answer(context.connection, keyed)
    if kept is None:
        try:
            kept = _finish(context, keyed, make_response(work()))
        except Exception as error:
            if is_database_fault(error):
                raise
            db.session.rollback()
            context.renew()
            kept = idempotency.find_answer(context.connection, keyed)  # of a twin that was faster
            if kept is None:
                raise
    answer: dict[str, Any] = kept.get_json()
    return answer


def _begin(rule: Rule, arguments: dict[str, Any]) -> RequestContext:
    """Open the transaction and find out who asks; raises UnauthenticatedError and ForbiddenError."""
    parts = runtime()
    now = parts.platform.clock.now()
    if rule.is_public:
        context = RequestContext(parts, ANONYMOUS, now, None)
    else:
        connection = db.session.connection()
        beside = () if rule.prefetch is None else (rule.prefetch(**arguments),)
        identify = authenticate_party if rule.admits_parties else authenticate
        viewer, rows = identify(connection, request, now, *beside)
        rule.check(viewer)
        context = RequestContext(parts, viewer.actor, now, viewer, rows[0] if rows else None, connection)
    enter(context)
    return context


def _finish(context: RequestContext, keyed: idempotency.KeyedRequest | None, response: Response) -> Response:
    """Keep the answer, commit, and return the answer that counts: this one, or that of a faster twin."""
    if keyed is None:
        db.session.commit()
        return response
    if idempotency.keep_answer_and_commit(context.connection, keyed, response, context.now):
        return response
    db.session.rollback()
    answer = idempotency.find_answer(db.session.connection(), keyed)
    if answer is None:
        raise AssertionError("a key that is taken has an answer")
    return answer


def _drop_session(error: BaseException) -> None:
    """Give the connection back; one that broke is thrown away."""
    if is_connection_lost(error):
        db.session().invalidate()
    db.session.remove()
