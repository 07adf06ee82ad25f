"""Bases and fields that the schemas share."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.pagination import DEFAULT_LIMIT, LARGEST_LIMIT


class BodySchema(ma.Schema):
    """A request body: unknown fields are refused."""

    class Meta:
        """Refuse what is not known, so that a misspelt field never passes silently."""

        unknown = ma.RAISE


class AnswerSchema(ma.Schema):
    """An answer."""


class SafeDateField(fields.String):
    """The safe date out of a deadline's explanation; null where nothing was counted by a rule."""

    def __init__(self, explanation: str) -> None:
        """Read it from the answer's item `explanation`."""
        description = "The earliest reading of the time limit: no moving for rest days. The institution decides."
        super().__init__(required=True, allow_none=True, metadata={"format": "date", "description": description})
        self._explanation = explanation

    def get_value(self, obj: Any, attr: str, *args: Any, **kwargs: Any) -> Any:
        """Return the date as text, or None."""
        found: Any = super().get_value(obj, self._explanation, *args, **kwargs)
        return found.get("safe") if found else None


class ProvisionalField(fields.Boolean):
    """Whether a deadline's explanation says that it was counted through a year not published yet."""

    def __init__(self, explanation: str) -> None:
        """Read it from the answer's item `explanation`."""
        description = "Reckoned with a year whose calendar is not published yet."
        super().__init__(required=True, metadata={"description": description})
        self._explanation = explanation

    def get_value(self, obj: Any, attr: str, *args: Any, **kwargs: Any) -> bool:
        """Return the mark."""
        found: Any = super().get_value(obj, self._explanation, *args, **kwargs)
        return bool(found and found.get("provisional"))


class QuerySchema(ma.Schema):
    """Query parameters; `lang` is read before any of them."""

    class Meta:
        """Refuse what is not known, so that a misspelt filter never widens a list."""

        unknown = ma.RAISE

    lang = fields.String(
        load_only=True,
        validate=validate.OneOf(["zh", "en"]),
        metadata={"description": "Language of sentences: zh (default) or en."},
    )

    @ma.post_load
    def drop_language(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out the language: it filters nothing."""
        data.pop("lang", None)
        return data


class PageQuerySchema(QuerySchema):
    """Query parameters of a list."""

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, LARGEST_LIMIT),
        metadata={"description": "Largest number of items in the answer."},
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata={"description": "`next_cursor` of the page before."},
    )


def text(longest: int, *, required: bool = False, shortest: int = 0, description: str | None = None) -> fields.String:
    """Return a text field; without `required` it may be missing or null and is then None."""
    metadata = {"description": description} if description else {}
    length = validate.Length(min=shortest, max=longest)
    if required:
        return fields.String(required=True, validate=length, metadata=metadata)
    return fields.String(load_default=None, allow_none=True, validate=length, metadata=metadata)


def page_of(item: type[ma.Schema], name: str) -> type[ma.Schema]:
    """Return the schema of a page of `item`s, named `name` in the OpenAPI document."""
    return AnswerSchema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(
                required=True,
                allow_none=True,
                metadata={"description": "Pass as `?cursor=` for the next page; null on the last one."},
            ),
        },
        name=name,
    )
