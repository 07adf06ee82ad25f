"""Which handler does which job type."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from marshmallow import Schema, fields

from handlers.errors import HandlerDefinitionInvalidError, HandlerDoubledError
from handlers.registry import (
    HandlerFunction,
    collect,
    definitions_in,
    handles,
    job_types,
    load_handlers,
    shipped_handlers,
)


class Nothing(Schema):
    """No fields."""


class Letter(Schema):
    """A letter."""

    address = fields.String(required=True)
    weight = fields.Integer()


def handler(job_type: str) -> HandlerFunction:
    @handles(job_type, input=Letter, output=Nothing, zh="寄信", en="Sends a letter")
    def send(context: Any, job: Any, input: Any) -> dict[str, Any]:
        return {}

    return send


def package(folder: Path, **files: str) -> ModuleType:
    """Return an imported package with these modules."""
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    sys.path.insert(0, str(folder.parent))
    try:
        return __import__(folder.name)
    finally:
        sys.path.remove(str(folder.parent))


HANDLER_FILE = """
from handlers.registry import handles
from marshmallow import Schema
class Empty(Schema): pass
"""


def test_the_shipped_handlers_are_those_of_the_folder() -> None:
    folder = Path(__file__).parents[3] / "handlers" / "job_types"
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py") if path.stem != "__init__"}
    assert {definition.job_type for definition in shipped_handlers()} == files


def test_a_job_type_tells_what_it_needs_and_gives() -> None:
    letters = definitions_in_function(handler("send-letter"))
    job_type = job_types(collect(letters))["send-letter"]
    assert job_type.inputs == {"address", "weight"}
    assert job_type.required_inputs == {"address"}
    assert job_type.outputs == frozenset()


def test_two_handlers_for_one_job_type_are_refused_with_both_places_named() -> None:
    doubled = [*definitions_in_function(handler("send-letter")), *definitions_in_function(handler("send-letter"))]
    with pytest.raises(HandlerDoubledError) as refused:
        collect(doubled)
    assert "send-letter" in refused.value.sentence("zh")
    assert refused.value.data["first"].startswith(__name__)


@pytest.mark.parametrize("name", ["SendLetter", "send_letter", "send letter", "", "寄信", "-send"])
def test_a_job_type_that_is_not_kebab_case_is_refused(name: str) -> None:
    with pytest.raises(HandlerDefinitionInvalidError, match="kebab-case"):
        handler(name)


def test_a_file_without_a_handler_is_refused(tmp_path: Path) -> None:
    found = package(tmp_path / "without_handler", empty="")
    with pytest.raises(HandlerDefinitionInvalidError, match=r"without_handler\.empty"):
        list(shipped_handlers(found))


def test_a_file_with_two_handlers_is_refused(tmp_path: Path) -> None:
    one = '@handles("{name}", input=Empty, output=Empty, zh="", en="")\ndef {function}(c, j, i): return {{}}\n'
    two = HANDLER_FILE + one.format(name="a", function="a") + one.format(name="b", function="b")
    found = package(tmp_path / "two_handlers", both=two)
    with pytest.raises(HandlerDefinitionInvalidError, match="this one has 2"):
        list(shipped_handlers(found))


def test_a_handler_imported_from_another_file_does_not_count_as_written_here() -> None:
    module = ModuleType("some_module")
    module.__dict__["send"] = handler("send-letter")
    assert definitions_in(module) == []


def test_every_shipped_handler_says_what_it_does_and_what_its_fields_mean() -> None:
    for definition in load_handlers().values():
        assert definition.zh.endswith("。"), definition.job_type
        assert definition.en.endswith("."), definition.job_type
        for schema in (definition.input_schema(), definition.output_schema()):
            for name, field in schema.fields.items():
                assert field.metadata.keys() >= {"zh", "en"}, f"{definition.job_type}.{name}"


def definitions_in_function(function: HandlerFunction) -> list[Any]:
    """Return the definition a function was marked with."""
    module = ModuleType(function.__module__)
    module.__dict__["function"] = function
    return definitions_in(module)
