"""What a clerk should look at when a dispute is registered, without forbidding it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

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
    connection: sa.Connection, keyring: Keyring, registration: RegisterDispute
) -> list[RegistrationWarning]:
    """Return what somebody should look at, duplicates first."""
    found = [
        _duplicate_warning(duplicate)
        for duplicate in find_duplicates(
            connection,
            keyring,
            registration.applicants,
            registration.respondents,
            {each.cause_code for each in registration.claims},
        )
    ]
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


def _duplicate_warning(duplicate: Duplicate) -> RegistrationWarning:
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
