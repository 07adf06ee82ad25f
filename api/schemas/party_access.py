"""Shapes of the parties' way in: invitations, codes and sessions."""

from marshmallow import fields, validate

from api.schemas.fields import AnswerSchema, BodySchema

LEVELS = ("code", "letter", "account")


class InvitationBodySchema(BodySchema):
    """Which party is invited."""

    party_id = fields.UUID(required=True)
    is_sent = fields.Boolean(
        load_default=True,
        metadata={"description": "Whether the link goes out by text message; else it is shown at the window."},
    )


class InvitationSchema(AnswerSchema):
    """A party's way to its case."""

    id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "locked", "expired", "withdrawn"]))
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True, metadata={"description": "Username."})
    expires_at = fields.AwareDateTime(required=True)


class InvitationsSchema(AnswerSchema):
    """Every invitation to a case, newest first."""

    items = fields.List(fields.Nested(InvitationSchema), required=True)


class InvitationLinkSchema(AnswerSchema):
    """The address in an invitation."""

    address = fields.String(
        required=True, metadata={"description": "To be shown as a QR code at the window. Opens nothing without a code."}
    )


class PartyCodeBodySchema(BodySchema):
    """The link for which a code is wanted."""

    link = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "What stands behind `#link=` in the address.", "example": "0" * 32},
    )


class PartyCodeSchema(AnswerSchema):
    """Where the code goes, if the link is good for one."""

    phone = fields.String(required=True, metadata={"description": "Masked.", "example": "138******01"})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds for which the code is good."})
    digits = fields.Integer(required=True)


class PartySessionBodySchema(PartyCodeBodySchema):
    """Link and code."""

    code = fields.String(required=True, validate=validate.Length(1, 50), load_only=True)


class LetterSessionBodySchema(BodySchema):
    """Number and code of a letter."""

    number = fields.String(required=True, validate=validate.Length(1, 200))
    code = fields.String(required=True, validate=validate.Length(1, 50), load_only=True)


class SeatSchema(AnswerSchema):
    """A party of a case for which the caller speaks."""

    case_id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    number = fields.String(required=True, metadata={"description": "Of the case."})
    side = fields.String(required=True, validate=validate.OneOf(["applicant", "respondent"]))
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))
    name = fields.String(required=True)


class PartyIdentitySchema(AnswerSchema):
    """Who the caller is on the party desk."""

    level = fields.String(
        required=True,
        validate=validate.OneOf(LEVELS),
        metadata={
            "description": "How the caller came: by link and code, by number and code of a letter, or with an account."
        },
    )
    expires_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When the session ends; null for an account."}
    )
    seats = fields.List(fields.Nested(SeatSchema), required=True)


class IssuedPartySessionSchema(AnswerSchema):
    """A session: its token is shown once, kept nowhere in clear."""

    access_token = fields.String(
        required=True, allow_none=True, metadata={"description": "Null for a browser, which has it in a cookie."}
    )
    token_type = fields.Constant("Bearer", required=True)
    expires_at = fields.AwareDateTime(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS[:2]))
    case_id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
