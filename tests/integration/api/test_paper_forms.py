"""Empty forms of papers over HTTP."""

from pathlib import Path

from casework.paper_forms import FOLDER
from casework.settings import CHECKOUT
from handlers.papers.forms import FORMS, write_forms
from tests.integration.api.service_desk import ServiceDesk

FONTS = (CHECKOUT / "build" / "assets" / "fonts",)


def test_the_window_prints_an_empty_form_after_preparation(desk: ServiceDesk) -> None:
    assert desk.get("/api/v1/paper-forms") == {"items": []}
    folder = desk.settings.var_dir / FOLDER
    assert write_forms(folder, FONTS)
    assert not write_forms(folder, FONTS)
    listed = desk.get("/api/v1/paper-forms")["items"]
    assert [row["kind"] for row in listed] == list(FORMS)
    answer = desk.call("GET", "/api/v1/paper-forms/mediation-application/content", by="worker")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert "filename*=UTF-8''%E8%B0%83%E8%A7%A3" in answer.headers["Content-Disposition"]


def test_a_form_that_does_not_exist_is_not_found_wherever_its_name_points(desk: ServiceDesk) -> None:
    write_forms(desk.settings.var_dir / FOLDER, FONTS)
    for kind in ("award", "index", "..%2F..%2Fsecret", "index.json"):
        assert desk.call("GET", f"/api/v1/paper-forms/{kind}/content", by="window").status_code == 404


def test_what_is_not_found_is_named_in_the_language_of_the_answer(desk: ServiceDesk) -> None:
    answer = desk.call("GET", "/api/v1/paper-forms/poem/content", headers={"Accept-Language": "zh"})
    assert "没有找到空白文书 poem" in answer.get_json()["detail"]


def test_forms_are_written_again_when_one_of_another_version_lies_there(tmp_path: Path) -> None:
    assert write_forms(tmp_path, FONTS)
    (tmp_path / "index.json").write_text('{"stamp": "old", "forms": []}', "utf-8")
    assert write_forms(tmp_path, FONTS)
