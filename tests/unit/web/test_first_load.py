"""What must be loaded before a caseworker sees the inbox, as the build says it."""

import gzip
import json
from collections.abc import Iterable
from typing import Any

import pytest

from casework.settings import CHECKOUT

WEB = CHECKOUT / "build" / "assets" / "web"
LIMIT = 250 * 1024
"""Bytes, compressed: what a county's line brings in a few seconds."""

ENTRY = "index.html"
INBOX = (ENTRY, "src/shell/AppFrame.vue", "src/features/inbox/InboxPage.vue")
HEAVY = {
    "the form viewer": "src/features/task/form/engine.ts",
    "the diagram viewer": "node_modules/bpmn-js/lib/NavigatedViewer.js",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((WEB / "manifest.json").read_text())
    return found


def parts(manifest: dict[str, Any], roots: Iterable[str]) -> set[str]:
    """Return the chunks that the chunks `roots` import, themselves included; what loads on demand is not followed."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += manifest[name].get("imports", [])
    return found


def files(manifest: dict[str, Any], chunks: Iterable[str]) -> set[str]:
    """Return the script and style files of `chunks`."""
    return {name for chunk in chunks for name in (manifest[chunk]["file"], *manifest[chunk].get("css", []))}


def test_the_inbox_loads_more_than_250_kilobytes_before_it_shows_anything(manifest) -> None:
    sizes = {name: len(gzip.compress((WEB / name).read_bytes(), 9)) for name in files(manifest, parts(manifest, INBOX))}
    assert sizes
    assert sum(sizes.values()) < LIMIT, sorted(sizes.items(), key=lambda item: -item[1])


@pytest.mark.parametrize("what", HEAVY)
def test_a_heavy_library_is_loaded_with_the_inbox(manifest, what) -> None:
    first = files(manifest, parts(manifest, INBOX))
    assert HEAVY[what] in manifest, "this library is no longer loaded on demand, or under another name"
    library = manifest[HEAVY[what]]
    assert library["isDynamicEntry"]
    assert library["file"] not in first
    assert first.isdisjoint(library.get("css", []))


def test_words_of_a_heavy_library_are_in_the_files_of_the_inbox(manifest) -> None:
    text = "".join((WEB / name).read_text() for name in files(manifest, parts(manifest, INBOX)))
    for word in ("fjs-", "bjs-", "djs-", "echarts", "zrender"):
        assert word not in text, word


def test_a_file_of_the_build_has_no_compressed_copy(manifest) -> None:
    for name in files(manifest, manifest):
        plain = (WEB / name).read_bytes()
        packed = WEB / f"{name}.gz"
        if len(plain) > 1000 and name.endswith((".js", ".css")):
            assert gzip.decompress(packed.read_bytes()) == plain, name
