"""The versions of a deadline rule as they were proposed and decided, and the files of the texts they rest on."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.deadlines.errors import UnknownDeadlineVersionError
from casework.deadlines.rules import find_rule
from casework.store.tables import deadline_rule_version, stored_file

SEES_PROPOSALS = frozenset({"supervisor", "admin", "designer"})
"""Roles that see versions which were not published."""


def list_versions(connection: sa.Connection, viewer: Viewer, rule_id: str) -> list[Any]:
    """Return the rows of the versions that the office has made, oldest first; raises UnknownDeadlineRuleError.

    Version 1 is none of them: it came with the software.
    """
    find_rule(rule_id)
    statement = _select().where(deadline_rule_version.c.rule_id == rule_id)
    if not viewer.roles & SEES_PROPOSALS:
        statement = statement.where(deadline_rule_version.c.state == "published")
    return list(connection.execute(statement.order_by(deadline_rule_version.c.number)))


def get_version(connection: sa.Connection, viewer: Viewer, rule_id: str, number: int) -> Any:
    """Return the row of a version. Raises UnknownDeadlineRuleError and UnknownDeadlineVersionError."""
    for row in list_versions(connection, viewer, rule_id):
        if row.number == number:
            return row
    raise UnknownDeadlineVersionError(rule=rule_id, number=number)


@dataclass(frozen=True, slots=True, repr=False)
class SourceFile:
    """The text that a version rests on, as it was attached."""

    media_type: str
    content: bytes


def read_source(connection: sa.Connection, bureau: Bureau, viewer: Viewer, rule_id: str, number: int) -> SourceFile:
    """Return the file of a version.

    Raises UnknownDeadlineVersionError, also when there is no file, and StoredFileBrokenError.
    """
    row = get_version(connection, viewer, rule_id, number)
    if row.source_sha256 is None:
        raise UnknownDeadlineVersionError(rule=rule_id, number=number)
    return SourceFile(row.source_media_type, bureau.files.read(row.source_sha256))


def _select() -> sa.Select[Any]:
    return sa.select(deadline_rule_version, stored_file.c.size.label("source_size")).outerjoin(
        stored_file, stored_file.c.sha256 == deadline_rule_version.c.source_sha256
    )
