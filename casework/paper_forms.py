"""Empty forms of papers: which there are, and their files as preparation left them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.errors import NotFoundError

FOLDER = "paper-forms"
"""Below the installation's data folder."""
INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A paper that can be printed empty."""

    kind: str
    title: str
    title_en: str

    def as_dict(self) -> dict[str, Any]:
        """Return the form as JSON."""
        return {"kind": self.kind, "title": self.title, "title_en": self.title_en}


def list_paper_forms(folder: Path) -> list[PaperForm]:
    """Return the forms in `folder`, in the order of a case's stages; none when nobody prepared them."""
    index = folder / INDEX
    if not index.exists():
        return []
    return [PaperForm(**row) for row in json.loads(index.read_text("utf-8"))["forms"]]


def read_paper_form(folder: Path, kind: str) -> tuple[PaperForm, bytes]:
    """Return a form with its PDF. Raises NotFoundError."""
    for form in list_paper_forms(folder):
        if form.kind == kind:
            return form, (folder / f"{form.kind}.pdf").read_bytes()
    raise NotFoundError(what="paper form", id=kind)
