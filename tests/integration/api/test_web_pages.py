"""The files of the web application as the server gives them out."""

import gzip

import pytest
from flask import Flask

from api.web_pages import register_web_pages

SCRIPT = b"console.log('a script of the build');" * 40


@pytest.fixture
def client(tmp_path):
    assets = tmp_path / "web" / "assets"
    assets.mkdir(parents=True)
    (assets / "page-1.js").write_bytes(SCRIPT)
    (assets / "page-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "bare-1.css").write_bytes(b"p{}")
    (tmp_path / "secret.js.gz").write_bytes(b"elsewhere")
    app = Flask("test", static_folder=None)
    register_web_pages(app, tmp_path / "web")
    return app.test_client()


def test_a_script_travels_uncompressed(client) -> None:
    answer = client.get("/app/assets/page-1.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == SCRIPT
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["Cache-Control"]


def test_whoever_cannot_unpack_gets_packed_bytes(client) -> None:
    for accepted in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}):
        answer = client.get("/app/assets/page-1.js", headers=accepted)
        assert "Content-Encoding" not in answer.headers
        assert answer.data == SCRIPT
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_file_without_a_packed_copy_is_not_found(client) -> None:
    assert client.get("/app/assets/bare-1.css", headers={"Accept-Encoding": "gzip"}).data == b"p{}"


@pytest.mark.parametrize("name", ["../../secret.js", "..%2f..%2fsecret.js", "%2e%2e/%2e%2e/secret.js", "none.js"])
def test_a_file_outside_the_build_is_given_out(client, name) -> None:
    answer = client.get(f"/app/assets/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 404
    assert b"elsewhere" not in answer.data
