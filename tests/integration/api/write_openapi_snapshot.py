"""Writes the contract's snapshot: python -m tests.integration.api.write_openapi_snapshot"""

import json
import tempfile
from pathlib import Path

import sqlalchemy as sa

from api import create_app
from casework.bureau import open_bureau
from casework.settings import Settings
from tests.integration.api.test_openapi import SNAPSHOT
from tests.integration.casework.office import SECRET, SITES


def main() -> None:
    """Build an application without a database and write down what it says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        bureau = open_bureau(SITES / "zaozhuang", Path(folder), SECRET)
        app = create_app(
            None,  # type: ignore[arg-type] - no request is answered but the one for the document
            Settings(var_dir=Path(folder), sites_dir=SITES, site="zaozhuang"),
            str(sa.URL.create("postgresql+psycopg", host="127.0.0.1")),
            bureau,
        )
        answer = app.test_client().get("/api/openapi.json")
    SNAPSHOT.write_text(json.dumps(answer.get_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
