"""Names, numbers, addresses and free text about persons stand in clear in no table at all."""

import json
import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from casework.commands.correct_event_date import correct_event_date
from casework.documents import store_document
from casework.drafts import seal_draft
from casework.notifications import record_notification
from casework.queries.read_dispute import read_dispute
from casework.registration import NewClaim
from engine.commands.save_draft import save_draft
from engine.domain.resource import Resource
from tests.bpmn_builder import END, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import Office, company, lawyer, person

MARKERS = (
    "张标记",
    "标记有限公司",
    "李标记",
    "王标记",
    "11010519491231002X",
    "91370402MA3DEMA11E",
    "13812345678",
    "marker@example.cn",
    "标记路77号",
    "标记事实",
    "标记条款",
    "6222000011112222",
    "标记理由",
    "标记文书",
    "标记草稿",
    "标记姓名",
)

AGREEMENT = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node("userTask", "agree", camunda_candidateGroups="mediator", camunda_formKey="agreement"),
        node("userTask", "after", camunda_candidateGroups="mediator"),
        "start>agree",
        "agree>after",
        "after>end",
    )
)
FORM = json.dumps(
    {
        "type": "default",
        "id": "agreement",
        "schemaVersion": 19,
        "components": [
            {"type": "textarea", "id": "f1", "key": "agreement_terms", "label": "协议内容"},
            {"type": "datetime", "subtype": "date", "id": "f2", "key": "agreement_effective_on", "dateLabel": "生效"},
            {"type": "number", "id": "f3", "key": "agreed_amount", "label": "金额", "decimalDigits": 2},
            {
                "type": "dynamiclist",
                "id": "f4",
                "path": "instalments",
                "label": "分期",
                "components": [
                    {"type": "number", "id": "f5", "key": "amount", "label": "金额", "decimalDigits": 2},
                    {"type": "datetime", "subtype": "date", "id": "f6", "key": "due_on", "dateLabel": "日期"},
                    {"type": "textfield", "id": "f7", "key": "account", "label": "账号"},
                ],
            },
        ],
    }
).encode()


def rows_with(connection: sa.Connection, marker: str) -> list[str]:
    """Return the tables of which a row, written out as text, holds the marker."""
    tables = sa.inspect(connection).get_table_names()
    found = []
    for table in tables:
        count = connection.execute(
            sa.text(f'select count(*) from "{table}" as row where position(:marker in row::text) > 0'),
            {"marker": marker},
        ).scalar_one()
        if count:
            found.append(table)
    return found


def test_a_name_typed_anywhere_stands_in_clear_nowhere(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.deploy(AGREEMENT, Resource("agreement.form", FORM))
    viewer = office.user("med", "mediator")
    done = office.register(
        applicants=(
            person(
                "张标记",
                id_number="11010519491231002X",
                phone="13812345678",
                email="marker@example.cn",
                address="标记路77号",
                agents=(lawyer("王标记", phone="13812345678"),),
            ),
        ),
        respondents=(company("标记有限公司", id_number="91370402MA3DEMA11E", legal_representative="李标记"),),
        claims=(NewClaim("wages", Decimal("18000"), "标记事实"),),
    )
    task_id = office.task("agree").id
    with office.as_user("med") as uow:
        save_draft(uow, task_id, seal_draft(office.bureau.keyring, task_id, {"agreement_terms": "标记草稿"}))
    with office.begin() as connection:
        assert rows_with(connection, "标记草稿") == []
    office.complete(
        "agree",
        {
            "agreement_terms": "标记条款：张标记得一万元。",
            "agreement_effective_on": "2026-03-02",
            "agreed_amount": 10000,
            "instalments": [{"amount": 10000, "due_on": "2026-04-01", "account": "6222000011112222"}],
        },
        actor=viewer.actor,
    )
    with office.as_user("med") as uow:
        correct_event_date(uow, office.bureau, done.case_id, "received_on", date(2026, 3, 1), "标记理由")
        store_document(
            uow,
            office.bureau,
            done.case_id,
            kind="other",
            title="标记文书",
            content="标记文书".encode(),
            media_type="text/plain",
            idempotency_key="k",
        )
        record_notification(
            uow,
            done.case_id,
            template="attention",
            channel="in-app",
            idempotency_key="n",
            user_id=viewer.user_id,
        )
    with office.begin() as connection:
        assert {marker: rows_with(connection, marker) for marker in MARKERS} == {marker: [] for marker in MARKERS}
        record = read_dispute(connection, office.bureau, done.case_id)
    assert record.statements["agreement_terms"] == "标记条款：张标记得一万元。"
    assert [each.account for each in record.instalments] == ["6222000011112222"]
    assert not [entry for entry in caplog.records for marker in MARKERS if marker in entry.getMessage()]


def test_the_search_finds_what_is_there(office: Office) -> None:
    """Guards the test above: the same search sees a word that does stand in a table."""
    office.register()
    with office.begin() as connection:
        assert set(rows_with(connection, "枣劳人登〔2026〕1号")) >= {"dispute", "history"}


def test_records_in_clear_do_not_print_themselves(office: Office) -> None:
    done = office.register(applicants=(person("张标记"),))
    with office.begin() as connection:
        record = read_dispute(connection, office.bureau, done.case_id)
    for value in (record, record.parties[0], record.claims[0], person("张标记"), replace(person("张标记"))):
        assert "张标记" not in repr(value)
