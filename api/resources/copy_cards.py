"""Copy cards: what to type at platforms where the same case must be entered again, and what became of it there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from api.actors import shown_actor
from api.context import current
from api.document_content import download
from api.routes import Routes
from api.rules import ARBITRATION, MEDIATION, WINDOW, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.access import require
from casework.commands.keep_outside_record import keep_outside_record, outside_history
from casework.file_types import EXCEL
from casework.platforms import Platform, platform_of, platforms
from casework.queries.read_dispute import DisputeRecord, read_dispute
from casework.spreadsheets import Sheet, workbook
from casework.users import user_names

routes = Routes("copy-cards", __name__, url_prefix="/api/v1/cases/<uuid:case_id>/copy-cards", description="Copy cards")
TYPISTS = (*WINDOW, *MEDIATION, *ARBITRATION, "court-liaison")
"""Those who may see identity numbers of the parties in full."""


class CopyFieldSchema(AnswerSchema):
    """One field of a platform's form."""

    heading = fields.String(required=True)
    value = fields.String(required=True, allow_none=True, metadata={"description": "Null: the case does not know it."})


class OutsideRecordSchema(AnswerSchema):
    """Where the case stands at a platform."""

    state = fields.String(required=True)
    outside_number = fields.String(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    recorded_by_name = fields.String(required=True, allow_none=True)


class CopyCardSchema(AnswerSchema):
    """What to type at one platform, in the order of its form."""

    platform = fields.String(required=True, metadata={"example": "court-mediation"})
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    states = fields.List(fields.Nested(TermSchema), required=True)
    fields_ = fields.List(fields.Nested(CopyFieldSchema), required=True, data_key="fields", attribute="fields")
    record = fields.Nested(OutsideRecordSchema, required=True, allow_none=True)
    history = fields.List(
        fields.Nested(OutsideRecordSchema),
        required=True,
        metadata={"description": "Every record that was kept, the one that stands first."},
    )


class CopyCardsSchema(AnswerSchema):
    """The copy cards of a case."""

    items = fields.List(fields.Nested(CopyCardSchema), required=True)


class OutsideRecordBodySchema(BodySchema):
    """Where the case stands at a platform."""

    state = fields.String(required=True, validate=validate.Length(1, 50), metadata={"example": "entered"})
    outside_number = text(100, description="The number that the case has there.")


@routes.route("", methods=["GET"])
@requires(*TYPISTS, owner="casework", scope="case")
@routes.response(200, CopyCardsSchema)
def list_copy_cards(case_id: UUID) -> dict[str, Any]:
    """What to type at each platform of the site, with the number and state that the case has there."""
    context = current()
    record = _record(case_id)
    known = outside_history(context.connection, case_id)
    writers = {shown_actor(row["recorded_by"]) or "" for rows in known.values() for row in rows}
    names = user_names(context.connection, context.bureau, writers)
    cards = []
    for platform in platforms(context.bureau.site.folder).values():
        kept = [_shown(row, names) for row in known.get(platform.key, [])]
        cards.append(
            {
                "platform": platform.key,
                "name": platform.name,
                "name_en": platform.name_en,
                "states": [term.as_dict() for term in platform.states.values()],
                "fields": [{"heading": each.heading, "value": each.value(record)} for each in platform.columns],
                "record": kept[0] if kept else None,
                "history": kept,
            }
        )
    return {"items": cards}


@routes.route("/<string:platform>", methods=["PUT"])
@requires(*TYPISTS, owner="casework", scope="case")
@routes.arguments(OutsideRecordBodySchema)
@routes.response(204)
def put_outside_record(body: dict[str, Any], case_id: UUID, platform: str) -> None:
    """Record the number and state that the case has at a platform; what was recorded before is kept."""
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    found = _platform(platform)
    keep_outside_record(context.work, case_id, found, body["state"], body["outside_number"])


@routes.route("/<string:platform>/content", methods=["GET"])
@requires(*TYPISTS, owner="casework", scope="case")
@routes.response(200, {"type": "string", "format": "binary"}, content_type=EXCEL)
def get_copy_card_content(case_id: UUID, platform: str) -> Response:
    """A copy card as a spreadsheet: the platform's columns, and the case as one row."""
    record = _record(case_id)
    found = _platform(platform)
    headings = [each.heading for each in found.columns]
    row = [each.value(record) for each in found.columns]
    title = f"{record.number} {found.name}"
    return download(workbook(Sheet(record.business_key, title, headings, [row])), EXCEL, title)


def _shown(row: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    by = shown_actor(row["recorded_by"])
    return {**row, "recorded_by": by, "recorded_by_name": names.get(by or "")}


def _record(case_id: UUID) -> DisputeRecord:
    context = current()
    require(context.connection, context.viewer, "work", case_id)
    return read_dispute(context.connection, context.bureau, case_id)


def _platform(key: str) -> Platform:
    return platform_of(current().bureau.site.folder, key)
