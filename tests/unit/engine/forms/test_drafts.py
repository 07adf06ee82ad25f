"""Drafts: kept as they are, as long as their types fit."""

from typing import Any

import pytest

from engine.domain.errors import FormInvalidError


@pytest.fixture
def form(build: Any) -> Any:
    return build.form(
        build.field(validate={"required": True, "minLength": 5}),
        build.field("number", key="amount", validate={"min": 100}),
        build.field("datetime", key="filed_on", subtype="date"),
        build.field("select", key="kind", values=[{"label": "A", "value": "a"}]),
        build.rows(build.field(validate={"required": True}), properties={"minRows": "2"}),
    )


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"name": ""},
        {"name": "x", "amount": 1, "kind": "gone"},
        {"amount": None, "filed_on": None, "kind": None},
        {"filed_on": "2026-02-01", "applicants": [{}]},
    ],
)
def test_unfinished_draft_is_kept_as_it_is(form: Any, draft: dict[str, Any]) -> None:
    assert form.validate_draft(draft) == draft


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        ({"amount": "x"}, "amount"),
        ({"filed_on": "soon"}, "filed_on"),
        ({"applicants": {"name": "x"}}, "applicants"),
        ({"applicants": [{"name": 5}]}, "applicants[0].name"),
        ({"role": "admin"}, "role"),
        ({"name": "\0"}, "name"),
    ],
)
def test_draft_of_the_wrong_type_is_refused(form: Any, draft: dict[str, Any], path: str) -> None:
    with pytest.raises(FormInvalidError) as caught:
        form.validate_draft(draft)
    assert [problem.path for problem in caught.value.data["problems"]] == [path]
