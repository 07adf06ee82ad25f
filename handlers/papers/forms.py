"""The empty forms as files: written when an installation is prepared, handed out by the API, printed by the command."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from casework.paper_forms import INDEX
from handlers.papers.blank import blank_content
from handlers.papers.content import PAPERS
from handlers.papers.paper import Paper
from handlers.papers.rendering import TEMPLATES, render_paper

FORMS: Mapping[str, Paper] = MappingProxyType({kind: paper for kind, paper in PAPERS.items() if paper.is_form})
"""The papers that can be printed empty."""

_UNDATED = datetime(2008, 5, 1, tzinfo=UTC)
"""The date in the metadata of empty forms: the same form is always the same file."""


def render_form(kind: str, fonts: tuple[Path, ...]) -> bytes:
    """Return the empty form of a paper as PDF; `kind` is a key of FORMS."""
    return render_paper(kind, blank_content(FORMS[kind]), fonts, _UNDATED)


def write_forms(folder: Path, fonts: tuple[Path, ...]) -> bool:
    """Write every empty form and their index to `folder`; return False when they stood there already.

    The index comes last and is moved into place, so that a reader sees old forms or new ones with their index.
    """
    index = {"stamp": _stamp(), "forms": [_row(paper) for paper in FORMS.values()]}
    target = folder / INDEX
    if target.exists() and json.loads(target.read_text("utf-8")) == index:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for kind in FORMS:
        (folder / f"{kind}.pdf").write_bytes(render_form(kind, fonts))
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps(index, ensure_ascii=False), "utf-8")
    fresh.replace(target)
    return True


def _row(paper: Paper) -> dict[str, str]:
    return {"kind": paper.kind, "title": paper.title, "title_en": paper.title_en}


def _stamp() -> str:
    """Return a digest of everything that the forms are made from, the typesetter aside."""
    digest = hashlib.sha256()
    for template in sorted(TEMPLATES.glob("*.typ")):
        digest.update(template.read_bytes())
    digest.update(json.dumps([blank_content(paper) for paper in FORMS.values()], ensure_ascii=False).encode())
    return digest.hexdigest()
