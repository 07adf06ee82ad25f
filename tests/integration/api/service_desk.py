"""An office with the HTTP API in front of it: tests speak to it from the outside, as users with tokens."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from api import create_app
from api.database import db
from casework.encryption import place
from casework.passwords import hash_password
from casework.settings import Settings
from casework.store.tables import user_account
from casework.tokens import issue_token
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import Actor
from engine.domain.job_type import JobType
from engine.domain.resource import Resource
from tests.bpmn_builder import END, START, catches_message, file, message, node, process
from tests.integration.casework.office import GML, PLAIN_DISPUTE, SITES, Office

PASSWORD = "correct horse"
SECRET = "court and bureau share this"

# role, area, organisation of the site: all of them reach a case of the street GML once it is sent to their body
PEOPLE: Mapping[str, tuple[str, str | None, str | None]] = {
    "window": ("window-clerk", "370400", "ZZ-HRSS"),
    "window2": ("window-clerk", "370400", "ZZ-HRSS"),
    "mediator": ("mediator", GML, "SZ-GML-MED"),
    "head": ("organisation-head", GML, "SZ-GML-MED"),
    "clerk": ("arbitration-clerk", "370402", "SZ-ARB"),
    "reviewer": ("reviewer", "370402", "SZ-ARB"),
    "director": ("arbitration-director", "370402", "SZ-ARB"),
    "court": ("court-liaison", "370402", "SZ-COURT"),
    "union": ("union-station", "370400", "ZZ-UNION"),
    "worker": ("worker", None, None),
    "employer": ("employer", None, None),
    "supervisor": ("supervisor", "370400", "ZZ-HRSS"),
    "second": ("supervisor", "370400", "ZZ-HRSS"),
    "district": ("supervisor", "370402", "SZ-HRSS"),
    "tengzhou": ("supervisor", "370481", None),
    "designer": ("designer", "370400", "ZZ-HRSS"),
    "admin": ("admin", "370400", "ZZ-HRSS"),
    "partner": ("external-worker", None, None),
}

WITHDRAWABLE = file(
    message("m_withdrawal", "withdrawal"),
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk"),
        node("boundaryEvent", "gone", catches_message("m_withdrawal"), attachedToRef="a"),
        "start>a",
        "a>end",
        "gone>end",
    ),
)

CASE = {
    "channel": "window",
    "area_code": GML,
    "applicants": [{"kind": "person", "name": "张三", "id_number": "370402199001011234", "phone": "13800000000"}],
    "respondents": [{"kind": "organisation", "name": "某某机械有限公司", "legal_representative": "李四"}],
    "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "2026年6月至8月工资未发。"}],
}


@cache
def password_hash() -> str:
    """Return the hash of everybody's password."""
    return hash_password(PASSWORD)


class ServiceDesk(Office):
    """An office whose database the API serves."""

    def __init__(self, engine: sa.Engine, var: Path, dispute_file: bytes = PLAIN_DISPUTE, **settings: Any) -> None:
        super().__init__(engine, var, dispute_file)
        job_types = {"work": JobType("work", frozenset({"n"}), frozenset({"done"}))}
        self.platform = replace(self.platform, job_types=job_types)
        self.settings = Settings(
            var_dir=var, sites_dir=SITES, site="zaozhuang", court_gateway_secret=SECRET, **settings
        )
        self.app: Flask = create_app(
            self.platform, self.settings, engine.url.render_as_string(hide_password=False), self.bureau
        )
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        """Give back every connection."""
        with self.app.app_context():
            db.engine.dispose()

    def token(self, username: str) -> str:
        """Return an access token of one of PEOPLE, whose account is made at first use."""
        if username not in self._tokens:
            role, area, organisation = PEOPLE[username]
            with self.work(Actor("system")) as uow:
                self._tokens[username] = issue_token(uow, self._account(uow, username, role, area, organisation)).token
        return self._tokens[username]

    def _account(self, uow: UnitOfWork, username: str, role: str, area: str | None, code: str | None) -> UUID:
        """Write an account as `create_user` does, with a password hash that the whole run shares: hashing is slow."""
        user_id = uow.ids()
        uow.connection.execute(
            sa.insert(user_account).values(
                id=user_id,
                username=username,
                password_hash=password_hash(),
                display_name=self.bureau.keyring.seal(username, place("user_account", "display_name", user_id)),
                roles=[role],
                area_code=area,
                area_path=self.bureau.site.areas[area].path if area else None,
                organisation_id=self.organisation_id(code) if code else None,
                created_at=uow.now,
                updated_at=uow.now,
            )
        )
        return user_id

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str | None = "window",
        key: str | None = "",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Send a request as one of PEOPLE (None: nobody); POSTs get a fresh Idempotency-Key unless one is given."""
        sent = dict(headers or {})
        if by is not None:
            sent.setdefault("Authorization", f"Bearer {self.token(by)}")
        if method == "POST" and key is not None:
            sent.setdefault("Idempotency-Key", key or str(uuid4()))
        if body is not None:
            options["json"] = body
        with self.app.test_client(use_cookies=False) as client:
            address = path if path.startswith("/api/") else f"/api/v1{path}"
            return client.open(address, method=method, headers=sent, **options)

    def get(self, path: str, *, by: str | None = "window", **options: Any) -> Any:
        """GET and return the JSON; the answer must be 200."""
        answer = self.call("GET", path, by=by, **options)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: Any = None, *, by: str | None = "window", **options: Any) -> Any:
        """POST and return the JSON (None for 204); the answer must be 2xx."""
        answer = self.call("POST", path, body, by=by, **options)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json() if answer.status_code != 204 else None

    def problem(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        """Send a request that must be answered with a problem; return its status and code."""
        answer = self.call(method, path, body, **options)
        assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)
        told = answer.get_json()
        assert told["status"] == answer.status_code
        assert {"type", "title", "status", "code", "detail", "instance"} <= told.keys()
        return told["status"], told["code"]

    def case(self, **changes: Any) -> dict[str, Any]:
        """Register a dispute over HTTP and return the answer."""
        found: dict[str, Any] = self.post("/cases", CASE | changes)
        return found

    def trial(
        self,
        *parts: str,
        key: str = "trial",
        forms: Mapping[str, bytes] | None = None,
        declared: str = "",
        **variables: Any,
    ) -> Any:
        """Deploy a process of these parts and start it in a case that is no dispute; return the step's outcome."""
        self.deploy(
            file(process(key, *parts, variables=declared)),
            *(Resource(name, content) for name, content in (forms or {}).items()),
            name=f"{key}.bpmn",
        )
        started = self.post(
            "/process-instances",
            {"process_key": key, "business_key": f"{key}-{uuid4()}", "variables": variables},
            by="admin",
        )
        return started
