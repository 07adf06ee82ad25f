"""What a paper prints so that a stranger can check it: code, address of the page, and a QR code that holds both."""

import io

import segno

from casework.documents import PaperIssue
from casework.verification import PAGE, page_address


def verification_mark(issue: PaperIssue, address: str) -> dict[str, str]:
    """Return what templates show as `paper.verification`: code, page, its address with both, and that as QR code (SVG).

    `address` is where people reach this system, e.g. `https://example.cn`.
    """
    picture = io.BytesIO()
    target = page_address(address, issue.number, issue.code)
    code = segno.make(target, error="m", micro=False)
    code.save(picture, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return {"code": issue.code, "page": f"{address}{PAGE}", "address": target, "qr": picture.getvalue().decode()}
