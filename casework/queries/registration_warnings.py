"""What a clerk should look at when a dispute is registered, without forbidding it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from casework.access import Viewer
from casework.causes import cause
from casework.encryption import Keyring
from casework.identity_numbers import is_resident_number, is_social_credit_code, normalised
from casework.queries.find_duplicates import Duplicate, find_duplicates
from casework.registration import NewParty, RegisterDispute

GROUP_SIZE = 10
"""From this number of workers a dispute is a group dispute (劳动争议调解仲裁法 Art. 7)."""


@dataclass(frozen=True, slots=True)
class RegistrationWarning:
    """Something that does not forbid the registration but somebody should look at; holds no personal data."""

    code: str
    zh: str
    en: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the warning as JSON."""
        return {"code": self.code, "zh": self.zh, "en": self.en, "data": dict(self.data)}


def registration_warnings(
    connection: sa.Connection, keyring: Keyring, registration: RegisterDispute, viewer: Viewer | None = None
) -> list[RegistrationWarning]:
    """Return what somebody should look at, duplicates first.

    A case that looks the same is named to a viewer who has it in scope. Of others an officer is told only that there may
    be one, and a party nothing: they could try out who has a dispute with whom.
    """
    duplicates = find_duplicates(
        connection,
        keyring,
        registration.applicants,
        registration.respondents,
        {each.cause_code for each in registration.claims},
        viewer,
    )
    found = [_duplicate_warning(duplicate) for duplicate in duplicates if duplicate.is_visible]
    is_officer = viewer is None or bool(viewer.roles - {"worker", "employer"})
    if is_officer and any(each.is_open and not each.is_visible for each in duplicates):
        found.append(_ELSEWHERE)
    if registration.workers >= GROUP_SIZE:
        found.append(
            RegistrationWarning(
                "group",
                f"涉及劳动者 {registration.workers} 人，达到 {GROUP_SIZE} 人，应按群体性争议处理并及时报告。",
                f"{registration.workers} workers: handle this as a group dispute and report it.",
                {"worker_count": registration.workers},
            )
        )
    if "migrant-wage" in registration.flags:
        found.append(
            RegistrationWarning(
                "migrant-wage",
                "涉及农民工工资，应优先办理。",
                "Migrant workers' wages are at stake: handle this first.",
            )
        )
    if any(not cause(each.cause_code).may_be_reviewed for each in registration.claims):
        found.append(
            RegistrationWarning(
                "review-excluded",
                "确认劳动关系的请求可以调解，但不能申请仲裁审查。",
                "Claims to confirm an employment relationship can be mediated, but not sent to arbitration review.",
            )
        )
    found.extend(_doubtful_numbers(registration))
    return found


_ELSEWHERE = RegistrationWarning(
    "duplicate-elsewhere",
    "相同当事人、相同案由的案件可能已在其他机构办理中，请向当事人核实。",
    "The same parties may have an open case with the same cause at another body; ask them.",
)


def _duplicate_warning(duplicate: Duplicate) -> RegistrationWarning:
    if not duplicate.is_open:
        return RegistrationWarning(
            "handled-before",
            f"相同当事人、相同案由的案件曾经办理，已结束：{duplicate.number}（{duplicate.business_key}）。",
            f"The same parties had a case with the same cause, which has ended: {duplicate.business_key}.",
            {"case_id": str(duplicate.case_id), "business_key": duplicate.business_key, "number": duplicate.number},
        )
    return RegistrationWarning(
        "duplicate",
        f"相同当事人、相同案由的案件已登记：{duplicate.number}（{duplicate.business_key}）。请核对是否重复。",
        f"The same parties have a case with the same cause: {duplicate.business_key}. Check that this is another one.",
        {"case_id": str(duplicate.case_id), "business_key": duplicate.business_key, "number": duplicate.number},
    )


def _doubtful_numbers(registration: RegisterDispute) -> list[RegistrationWarning]:
    found = []
    for at, each in registration.people():
        number = normalised(each.id_number or "")
        if len(number) != 18:
            continue
        is_person = not isinstance(each, NewParty) or each.kind == "person"
        if not (is_resident_number(number) if is_person else is_social_credit_code(number)):
            found.append(
                RegistrationWarning(
                    "id-number-doubtful",
                    f"{at} 的证件号码校验位不符，请核对。",
                    f"The check digit of the number of {at} does not fit; please check it.",
                    {"field": f"{at}.id_number"},
                )
            )
    return found
