"""The bare Flask application of the floor: one route, raw SQL, nothing else. Served as the product is."""

import os
import threading
from pathlib import Path
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request

from tests.performance.by_hand import Template, complete

app = Flask(__name__)
_local = threading.local()
_template: list[Template] = []


@app.get("/health")
def health() -> str:
    """Say that the server is up."""
    return "up"


@app.post("/user-tasks/<task_id>/completion")
def completion(task_id: str) -> Response:
    """Complete a user task by hand."""
    if not _template:
        _template.append(Template.read(Path(os.environ["BENCH_TEMPLATE"])))
    body = request.get_data()
    orjson.loads(body)
    answer = complete(_connection(), _template[0], task_id, request.headers["Idempotency-Key"], body)
    return Response(orjson.dumps(answer), mimetype="application/json")


def _connection() -> "psycopg.Connection[Any]":
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["BENCH_DATABASE"])
    return _local.connection  # type: ignore[no-any-return]
