"""Names of elements and texts of forms in the reader's language, at the one place where answers are written."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import fields

from api.languages import language_of
from api.runtime import runtime
from casework.model_words import ModelWords


class ModelName(fields.String):
    """The name of an element, lane or process: English for an English reader where the models' catalogue knows it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        name = super()._serialize(value, attr, obj, **kwargs)
        return name if name is None else shown_name(name)


class FormText(fields.String):
    """A label or a choice of a form, in the reader's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        text = super()._serialize(value, attr, obj, **kwargs)
        return text if text is None else shown_label(text)


class ModelForm(fields.Dict):
    """A form-js form, its texts in the reader's language; keys, values and rules as they are."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        form: dict[str, Any] | None = super()._serialize(value, attr, obj, **kwargs)  # type: ignore[no-untyped-call]
        return form if form is None else shown_form(form)


def shown_name(name: str) -> str:
    """Return the name of an element, lane or process as the reader of the answer reads it."""
    return _words().name(name, language_of(request))


def shown_label(text: str) -> str:
    """Return a text of a form as the reader of the answer reads it."""
    return _words().label(text, language_of(request))


def shown_sentence(sentence: str) -> str:
    """Return a sentence that quotes names of elements, each as the reader of the answer reads it."""
    return _words().sentence(sentence, language_of(request))


def shown_drawing(content: bytes) -> bytes:
    """Return a BPMN file to look at, its names as the reader of the answer reads them."""
    return _words().drawing(content, language_of(request))


def shown_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form as the reader of the answer reads it."""
    return _words().form(form, language_of(request))


def _words() -> ModelWords:
    return runtime().bureau.words
