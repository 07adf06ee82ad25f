"""The pages about data tell what the code has."""

import re

import casework.store.tables  # noqa: F401 - declares the tables
from casework.event_dates import EVENT_DATES
from casework.named_inputs import INPUT_NAMES
from casework.roles import ROLES
from casework.stages import _OUTCOMES
from engine.store.tables import metadata
from tests.integration.casework.office import SITES

DOCS = SITES.parent / "docs"
PAGE = (DOCS / "reference" / "data-model.md").read_text("utf-8")
WORDS = set(re.findall(r"`([a-z0-9_-]+)`", PAGE))


def test_a_table_or_column_is_missing_on_the_page() -> None:
    assert sorted(set(metadata.tables) - WORDS) == []
    section = PAGE[PAGE.index("## Dispute domain") : PAGE.index("## Event dates")]
    rows = {
        match[1]: set(re.findall(r"`([a-z0-9_]+)`", match[0]))
        for match in re.finditer(r"^\| `([a-z_]+)` \|.*$", section, re.MULTILINE)
    }
    left_out = {"id", "case_id", "created_at", "updated_at", "issued_at"}
    for name, told in rows.items():
        assert sorted(set(metadata.tables[name].columns.keys()) - told - left_out) == [], name


def test_a_sealed_column_is_not_marked_or_a_plain_one_is() -> None:
    sealed = set(re.findall(r"`([a-z_]+)` sealed", PAGE))
    assert sealed == {
        "display_name",
        "phone",
        "email",
        "name",
        "id_number",
        "address",
        "legal_representative",
        "facts",
        "reason",
        "void_reason",
        "private_key_sealed",
        "content",
        "title",
        "query",
        "content_sealed",
        "name_sealed",
        "rejection_sealed",
        "text",
        "approved_by",
        "note",
    }


def test_an_event_date_is_missing_or_has_another_name() -> None:
    for entry in EVENT_DATES.values():
        future = " yes " if entry.may_be_future else " "
        assert f"| `{entry.name}` | {entry.zh} | `{entry.stage}` |{future}|" in PAGE


def test_a_named_input_or_an_outcome_is_missing() -> None:
    assert sorted(set(INPUT_NAMES) - WORDS) == []
    for variable, values in _OUTCOMES.items():
        assert {variable, *values} - {"breach"} <= WORDS


def test_a_role_is_missing_on_the_privacy_page() -> None:
    privacy = (DOCS / "explanation" / "privacy.md").read_text("utf-8")
    missing = [role.zh for role in ROLES.values() if role.zh.partition("（")[0] not in privacy]
    assert missing == []
