"""Everything in the folder of a site that keeps it from being used, found before the site is."""

from pathlib import Path

import yaml

from casework.errors import SiteInvalidError
from casework.platforms import platforms
from casework.site import load_site
from engine.domain.findings import Finding

RULE = "site-file"


def is_site(folder: Path) -> bool:
    """Return whether a folder is that of a site."""
    return (folder / "site.yaml").is_file()


def check_site(folder: Path) -> list[Finding]:
    """Return what is wrong with the files of a site: the first thing of each part that is read by itself."""
    found: list[Finding] = []
    for path in sorted(folder.glob("*.y*ml")):
        try:
            yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            zh, en = f"不是有效的 YAML：{error}", f"it is no YAML: {error}"
            found.append(Finding(f"{folder.name}/{path.name}", RULE, zh, en))
    if found:
        return found
    for read in (load_site, platforms):
        try:
            read(folder)
        except SiteInvalidError as error:
            file = f"{folder.name}/{Path(error.data['file']).name}"
            found.append(Finding(file, RULE, error.sentence("zh"), error.sentence("en")))
    return found
