"""Papers of service, follow-up and archive."""

from handlers.papers.basis import case_rules
from handlers.papers.kinds.review import performed
from handlers.papers.paper import Paper

PAPERS = (
    Paper(
        "service-receipt",
        "送达回证",
        "Receipt of service",
        "archive",
        "送达文书时，每一方一份",
        "when a paper is served, one for each party",
        ("receipt", "clerk"),
        (case_rules("20"),),
        issuer="organisation",
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "follow-up-record",
        "回访记录",
        "Record of a follow-up",
        "archive",
        "履行期限届满后回访时",
        "at the follow-up after performance was due",
        ("mediator",),
        issuer="organisation",
        content=performed,
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "archive-index",
        "归档目录",
        "Index of the file",
        "archive",
        "结案归档时",
        "when the closed case is filed",
        ("archivist",),
        (case_rules("21", "22", "24"),),
        issuer="organisation",
        is_numbered=False,
    ),
)
