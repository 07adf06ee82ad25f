"""send-case: sends the case to a court, an arbitration institution or a union station, whose people see it from then on."""

from typing import Any

from marshmallow import Schema, fields, validate

from casework.organisations import RECEIVER_COLUMNS
from handlers.context import HandlerContext
from handlers.registry import HandlerJob, handles


class SendCaseInput(Schema):
    """To whom."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(sorted(RECEIVER_COLUMNS)),
        metadata={"zh": "接收单位的类型", "en": "Kind of body that receives it"},
    )
    organisation_code = fields.String(
        allow_none=True,
        metadata={
            "zh": "接收单位的代码；省略时按区域确定",
            "en": "Its code; the competent one of the area when left out",
        },
    )


class SendCaseOutput(Schema):
    """Who has the case now."""

    organisation_code = fields.String(required=True, metadata={"zh": "单位代码", "en": "Code of the body"})


@handles(
    "send-case",
    input=SendCaseInput,
    output=SendCaseOutput,
    zh="将案件送交法院、仲裁院或者工会驻站。",
    en="Sends the case to a court, an arbitration institution or a union station.",
)
def send_case(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, str]:
    """Send; twice is once."""
    found = context.send_to(job.case_id, input["kind"], input.get("organisation_code") or None)
    return {"organisation_code": found.code}
