"""The tree of errors of every package: sentences in two languages, stable codes."""

import importlib
import re
import string
from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TingzhuError,
    TooManyAttemptsError,
    UnauthenticatedError,
    UnavailableError,
    UserTaskAlreadyClaimedError,
    error_code,
)

PACKAGES = ("engine", "casework", "handlers", "api", "tingzhu")
ROOT = Path(__file__).parents[4]
DECLARES_AN_ERROR = re.compile(r"^class \w+\(\w*Error\b", re.MULTILINE)
FAMILIES = {
    TingzhuError,
    InvalidInputError,
    UnauthenticatedError,
    ForbiddenError,
    NotFoundError,
    ConflictError,
    UnavailableError,
    TooManyAttemptsError,
}
HAN = re.compile(r"[\u4e00-\u9fff]")


def import_modules_with_errors() -> None:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if DECLARES_AN_ERROR.search(file.read_text(encoding="utf-8")):
                module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                importlib.import_module(module.removesuffix(".__init__"))


def subclasses(error: type[TingzhuError]) -> set[type[TingzhuError]]:
    found = {error}
    for subclass in error.__subclasses__():
        found |= subclasses(subclass)
    return found


def shipped_errors() -> list[type[TingzhuError]]:
    import_modules_with_errors()
    found = {error for error in subclasses(TingzhuError) if error.__module__.partition(".")[0] in PACKAGES}
    return sorted(found, key=lambda error: (error.__module__, error.__name__))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def without_language(names: set[str]) -> set[str]:
    """Drop the language off `reason_zh`, `reason_en`, `zh`, `en`: a field may hold words, one per language."""
    return {re.sub(r"(^|_)(zh|en)$", "", name) for name in names}


@pytest.fixture(scope="module", name="errors")
def _errors() -> list[type[TingzhuError]]:
    return shipped_errors()


def names_of(errors: Iterable[type[TingzhuError]]) -> list[str]:
    return [f"{error.__module__}.{error.__name__}" for error in errors]


def test_all_packages_are_looked_at(errors: list[type[TingzhuError]]) -> None:
    assert {error.__module__.partition(".")[0] for error in errors} == set(PACKAGES)
    assert len(errors) > 60


def test_every_error_speaks_both_languages(errors: list[type[TingzhuError]]) -> None:
    mute = [e for e in errors if not HAN.search(e.zh) or not e.en.strip() or HAN.search(e.en) or e.zh == e.en]
    assert names_of(mute) == []


def test_both_sentences_of_an_error_tell_the_same_facts(errors: list[type[TingzhuError]]) -> None:
    apart = [e for e in errors if without_language(fields(e.zh)) != without_language(fields(e.en))]
    assert names_of(apart) == []


def test_sentences_are_filled_with_plain_names(errors: list[type[TingzhuError]]) -> None:
    reaching = [e for e in errors if not all(name.isidentifier() for name in fields(e.zh) | fields(e.en))]
    assert names_of(reaching) == []


def test_every_error_but_the_families_has_sentences_of_its_own(errors: list[type[TingzhuError]]) -> None:
    borrowed = [e for e in errors if e not in FAMILIES and (e.en == TingzhuError.en or e.zh == TingzhuError.zh)]
    assert names_of(borrowed) == []


def test_every_error_says_what_it_is_and_is_named_so(errors: list[type[TingzhuError]]) -> None:
    unsaid = [e for e in errors if not (e.__doc__ or "").strip() or not e.__name__.endswith("Error")]
    assert names_of(unsaid) == []


def test_a_filled_sentence_has_no_gaps(errors: list[type[TingzhuError]]) -> None:
    for error in errors:
        raised = error.__new__(error)
        TingzhuError.__init__(raised, **dict.fromkeys(fields(error.zh) | fields(error.en), 7))
        assert not re.search(r"[{}]", raised.sentence("zh") + raised.sentence("en")), error.__name__


def test_codes_are_unique(errors: list[type[TingzhuError]]) -> None:
    codes = [error_code(error) for error in errors]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_a_code_is_the_name_in_snake_case_without_error() -> None:
    error = UserTaskAlreadyClaimedError(element_name="调解", assignee="mediator")
    assert error.code == "user_task_already_claimed"
    assert str(error) == error.sentence("en")
    assert "mediator" in error.sentence("zh")
    assert error.data == {"element_name": "调解", "assignee": "mediator"}
