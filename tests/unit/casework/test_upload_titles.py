"""What an upload is called that came without a title."""

from datetime import UTC, datetime

import pytest

from casework.upload_titles import upload_title

NOW = datetime(2026, 9, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "title"),
    [
        ("evidence", "scan.pdf", "证据材料（2026年9月2日）"),
        ("evidence", "IMG_20260901_0003.JPG", "证据材料（2026年9月2日）"),
        ("evidence", "微信图片_20260901.png", "证据材料（2026年9月2日）"),
        ("evidence", "2026-09-01 (2).pdf", "证据材料（2026年9月2日）"),
        ("identity-document", "扫描件.pdf", "身份证明（2026年9月2日）"),
        ("evidence", "6月工资流水.pdf", "证据材料：6月工资流水（2026年9月2日）"),
        ("evidence", "scanner-log-of-shifts.pdf", "证据材料：scanner-log-of-shifts（2026年9月2日）"),
        ("evidence", "证据.pdf", "证据材料（2026年9月2日）"),
        ("mandate", "授权委托书.pdf", "授权委托书（2026年9月2日）"),
        ("something-else", "scan.pdf", "scan.pdf"),
    ],
)
def test_a_file_without_a_title_is_called_by_its_kind_and_day(kind: str, name: str, title: str) -> None:
    assert upload_title(kind, name, NOW) == title


def test_a_long_name_leaves_room_for_the_day() -> None:
    title = upload_title("evidence", "证" * 300 + ".pdf", NOW)
    assert len(title) == 200
    assert title.endswith("（2026年9月2日）")
