"""Disputes brought into mediation over HTTP, for tests of the case page."""

from tests.browser.review_cases import Offices


def in_mediation(offices: Offices, worker: str, employer: str) -> str:
    """Register a dispute whose application for mediation was received today; return its case's id."""
    case = {
        "channel": "window",
        "area_code": "370402006",
        "applicants": [{"kind": "person", "name": worker, "phone": "13800138111"}],
        "respondents": [{"kind": "organisation", "name": employer, "phone": "06320000111"}],
        "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "拖欠三个月工资"}],
    }
    case_id = str(offices.post("window", "/cases", case)["id"])
    chosen = {"in_scope": True, "chosen_way": "mediation", "already_negotiated": False}
    offices.complete("window", case_id, "Task_check_intake", **chosen)
    day = offices.today.isoformat()
    received = {"mediation_application_received_on": day, "application_form": "written"}
    offices.complete("head", case_id, "Task_register_application", **received)
    offices.task("head", case_id, "Task_check_application")
    return case_id
