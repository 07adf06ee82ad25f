"""Disputes brought to the arbitration review over HTTP, the way the offices would, with today's dates."""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx

from engine.domain.clock import SHANGHAI
from tests.browser.desk import PASSWORD

PATIENCE_S = 120
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
ITEMS = [
    {"content": "被申请人支付拖欠工资15000元", "cause_code": "wages", "amount": 15000},
    {"content": "被申请人支付经济补偿6000元", "cause_code": "economic-compensation", "amount": 6000},
]
FIXED_ITEM = {"content": "双方确认2024年3月至2026年8月存在劳动关系", "cause_code": "labour-relation"}


class Offices:
    """Everybody's accounts at one system, to bring cases forward."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/api/v1"
        self._clients: dict[str, httpx.Client] = {}
        self.today = datetime.now(SHANGHAI).date()

    def by(self, username: str) -> httpx.Client:
        """Return a client that is signed in as `username`."""
        if username not in self._clients:
            body = {"username": username, "password": PASSWORD}
            answer = httpx.post(f"{self.address}/auth/tokens", json=body, timeout=60).raise_for_status()
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            self._clients[username] = httpx.Client(base_url=self.address, timeout=60, headers=headers)
        return self._clients[username]

    def post(self, by: str, path: str, body: Any = None, **options: Any) -> Any:
        """POST once and return the JSON."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        answer = self.by(by).post(path, json=body, headers=headers, **options)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json() if answer.content else None

    def task(self, by: str, case_id: str, element_id: str) -> str:
        """Wait until a user task is there and return its id."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            found = self.by(by).get("/user-tasks", params={"case_id": case_id, "limit": 50}).raise_for_status().json()
            for task in found["items"]:
                if task["element_id"] == element_id:
                    return str(task["id"])
            assert time.monotonic() < give_up, f"{element_id} did not come: {[t['element_id'] for t in found['items']]}"
            time.sleep(0.5)

    def complete(self, by: str, case_id: str, element_id: str, **variables: Any) -> None:
        """Complete a user task once it is there."""
        task_id = self.task(by, case_id, element_id)
        self.post(by, f"/user-tasks/{task_id}/completion", {"variables": variables})

    def mediated(self, worker: str, employer: str, *, is_mixed: bool = False) -> str:
        """Register a dispute and bring it to the signing of its agreement; return its case's id."""
        day = self.today.isoformat()
        case = {
            "channel": "window",
            "area_code": "370402006",
            "applicants": [{"kind": "person", "name": worker, "phone": "13800138000"}],
            "respondents": [{"kind": "organisation", "name": employer, "legal_representative": "李四"}],
            "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "拖欠三个月工资"}],
        }
        case_id = str(self.post("window", "/cases", case)["id"])
        self.complete(
            "window", case_id, "Task_check_intake", in_scope=True, chosen_way="mediation", already_negotiated=False
        )
        self.complete(
            "head",
            case_id,
            "Task_register_application",
            mediation_application_received_on=day,
            application_form="written",
        )
        self.complete(
            "head",
            case_id,
            "Task_check_application",
            respondent_consents=True,
            mediation_acceptance="accepted",
            mediation_accepted_on=day,
        )
        self.complete(
            "head",
            case_id,
            "Task_appoint_mediator",
            mediator_username="mediator",
            panel="single",
            no_conflict=True,
            rights_notified=True,
        )
        self.complete("mediator", case_id, "Task_hold_sessions", mediation_outcome="agreed", session_count=1)
        payment = {"payer_party_id": "respondent-1", "payee_party_id": "applicant-1", "worker": "applicant-1"}
        due = {"due_on": (self.today + timedelta(days=30)).isoformat()}
        items = [item | payment | due for item in ITEMS] + ([FIXED_ITEM] if is_mixed else [])
        self.complete(
            "mediator",
            case_id,
            "Task_draft_agreement",
            dispute_facts="双方对拖欠工资的事实没有争议。",
            agreement_items=items,
            payment_way="once",
            performance_due_on=due["due_on"],
            performance_method="银行转账",
            ability_to_perform="good",
        )
        return case_id

    def signed(self, worker: str, employer: str, *, is_mixed: bool = False) -> str:
        """Bring a dispute to a signed agreement for which both asked for review; return its case's id."""
        case_id = self.mediated(worker, employer, is_mixed=is_mixed)
        day = self.today.isoformat()
        files = {"file": ("agreement.pdf", SCAN, "application/pdf")}
        sent = self.by("mediator").post(
            f"/cases/{case_id}/documents",
            data={"kind": "signed-agreement", "title": "签署件"},
            files=files,
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        assert sent.is_success, sent.text
        everybody = ("applicant-1", "respondent-1", "mediator-1", "organisation")
        self.complete(
            "mediator",
            case_id,
            "Task_sign_agreement",
            signing_outcome="continue",
            signed_copy=sent.json()["id"],
            agreement_signatures=[{"signatory": code, "signed_on": day} for code in everybody],
        )
        self.complete("mediator", case_id, "Task_choose_confirmation", confirmation_choice="review", both_agree=True)
        return case_id

    def accepted(self, worker: str, employer: str, *, is_mixed: bool = False) -> str:
        """Bring a dispute to the reviewer's desk; return its case's id."""
        case_id = self.signed(worker, employer, is_mixed=is_mixed)
        day = self.today.isoformat()
        self.complete(
            "clerk",
            case_id,
            "Task_register_application",
            review_sheets="joint",
            review_application_received_on=day,
            review_materials=["application", "agreement", "identity", "capacity"],
            review_materials_state="complete",
        )
        decisions = [
            {"item_number": 1, "eligible": "yes"},
            {"item_number": 2, "eligible": "yes"},
            {"item_number": 3, "eligible": "no", "item_ground": "75-4"},
        ]
        part = {"review_scope": "part", "review_item_decisions": decisions} if is_mixed else {"review_scope": "all"}
        self.complete(
            "clerk", case_id, "Task_decide_acceptance", review_acceptance="accepted", review_accepted_on=day, **part
        )
        self.complete("director", case_id, "Task_assign_reviewer", reviewer_username="reviewer", no_conflict=True)
        self.task("reviewer", case_id, "Task_review")
        return case_id
