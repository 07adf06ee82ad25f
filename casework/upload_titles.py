"""What an uploaded file is called that nobody named: in an index of the file, `scan.pdf` tells nothing."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType

from casework.amounts import chinese_date
from engine.domain.clock import shanghai_date

KIND_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "证据材料",
        "identity-document": "身份证明",
        "business-licence": "营业执照",
        "mandate": "授权委托书",
        "stamped-scan": "盖章扫描件",
        "payment-proof": "付款凭证",
        "signed-agreement": "签署的调解协议书",
        "consent-copy": "双方书面同意",
        "service-proof": "送达凭证",
        "other": "其他材料",
    }
)
"""Kind of an upload -> what a file of it is called."""

_SAYS_NOTHING = re.compile(
    r"(scan(ned)?|img|image|photo|pic(ture)?|dsc[nf]?|mmexport|wx_?camera|微信图片|微信截图|屏幕截图|截图|screenshot|扫描(件|文件)?|"
    r"照片|图片|未命名|新建|文件|文档|document|doc|file|untitled|camscanner)?[\s\d_.()（）-]*",
    re.IGNORECASE,
)
"""Names that a scanner, camera or phone gives."""

MAX_TITLE = 200


def upload_title(kind: str, name: str, now: datetime) -> str:
    """Return the title of an upload that came without one: its kind, the day, and what its name adds, if anything.

    A kind that is not listed keeps the file's name.
    """
    title = KIND_TITLES.get(kind)
    if title is None:
        return name[:MAX_TITLE]
    stem = PurePath(name).stem.strip()
    day = f"（{chinese_date(shanghai_date(now))}）"
    if not stem or _SAYS_NOTHING.fullmatch(stem) or title.startswith(stem):
        return title + day
    return f"{title}：{stem}"[: MAX_TITLE - len(day)] + day
