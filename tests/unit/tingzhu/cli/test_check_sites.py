"""`tingzhu check` on the files of a site."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.settings import CHECKOUT
from tingzhu.cli import main

OURS = CHECKOUT / "sites" / "zaozhuang"
STATES = "states: [{code: open, name: 待录入, name_en: To be entered}]"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OURS, tmp_path / "zaozhuang"))


def check(*arguments: object, language: str = "zh") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *map(str, arguments), "--lang", language])
    return result.exit_code, result.output


def test_our_own_site_is_refused(site: Path) -> None:
    assert check(site) == (0, f"已检查 {len(list(site.glob('*.yaml')))} 个文件：0 处错误，0 处提醒。\n")


@pytest.mark.parametrize(
    ("file", "content", "zh", "en"),
    [
        (
            "platforms.yaml",
            "platforms: [{key: a}]",
            "平台 a缺少非空的列表 states",
            "platform 'a' needs a list `states`",
        ),
        (
            "platforms.yaml",
            f"platforms: [{{key: a, name: b, name_en: c, {STATES}, columns: [{{heading: 姓名, source: salary}}]}}]",
            "平台 a的列“姓名”的 source“salary”不存在",
            "the column '姓名' of platform 'a' has the unknown source 'salary'",
        ),
        ("platforms.yaml", "platforms: []", "文件缺少非空的列表 platforms", "the file needs a list `platforms`"),
        ("site.yaml", "key: [", "不是有效的 YAML", "it is no YAML"),
        ("organisations.yaml", "[{code: A, name: b, kind: court, area: '1'}]", "organisations.yaml", "unknown area 1"),
        ("play.yaml", "steps: ]", "不是有效的 YAML", "it is no YAML"),
    ],
)
def test_a_mistake_in_a_site_is_found_only_when_the_site_is_used(
    site: Path, file: str, content: str, zh: str, en: str
) -> None:
    (site / file).write_text(content, "utf-8")
    code, said = check(site)
    assert code == 1
    assert f"错误 zaozhuang/{file} [site-file]" in said
    assert zh in said
    assert en in check(site, language="en")[1]


def test_sites_are_left_out_of_the_check_of_an_installation(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "platforms.yaml").write_text("platforms: []", "utf-8")
    monkeypatch.setenv("TINGZHU_SITES_DIR", str(site.parent))
    code, said = check()
    assert code == 1
    assert "zaozhuang/platforms.yaml [site-file]" in said
