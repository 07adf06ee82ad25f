"""Every kind of paper by its name, and what its template is filled with."""

from collections.abc import Mapping
from types import MappingProxyType

from handlers.papers.kinds import archive, confirmation, intake, mediation, negotiation, performance, review
from handlers.papers.paper import Content, Paper, PaperSources
from handlers.papers.shared import cleaned, shared

PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        paper.kind: paper
        for stage in (intake, negotiation, mediation, review, confirmation, performance, archive)
        for paper in stage.PAPERS
    }
)
"""Every kind of paper by its name; the template is the file of the same name in `templates`."""


def paper_content(paper: Paper, sources: PaperSources) -> Content:
    """Return the data for the paper's template; the case lacks nothing for it (`refuse_incomplete`)."""
    content: Content = cleaned(shared(paper, sources) | paper.content(sources))
    return content
