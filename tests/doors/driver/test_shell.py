"""The app's shell, its worker and its manifest: the same for everybody, and built of what is there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from homestretch.doors.driver import bundle, shell
from homestretch.web.qr import phone_address, qr_svg

built = pytest.mark.skipif(bundle.bundle() is None, reason="the frontend is not built: make install")


def chunk(file: str, **more: list[str]) -> dict[str, object]:
    return {"file": file, **more}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A bundle of five files, one of them needed only when a code is scanned."""
    manifest = {
        "driver/main.tsx": chunk("driver.js", css=["driver.css"], imports=["_shared.js"], dynamicImports=["scan"]),
        "_shared.js": chunk("shared.js"),
        "scan": chunk("scan.js", assets=["scan.wasm"], imports=["_shared.js"]),
        "driver/worker.ts": chunk("driver-worker.js"),
        "board/main.tsx": chunk("board.js"),
    }
    for name in ("driver.js", "driver.css", "shared.js", "scan.js", "scan.wasm", "driver-worker.js", "board.js"):
        (tmp_path / name).write_text(f"/* {name} */")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    find = finders.find

    def found(path: str, **more: bool) -> object:
        return str(tmp_path / "manifest.json") if path.endswith("manifest.json") else find(path, **more)

    monkeypatch.setattr(bundle.finders, "find", found)
    return tmp_path


def test_the_phone_keeps_all_that_the_app_may_ever_load_and_nothing_of_other_pages(made):
    app = bundle.bundle()
    names = [Path(address).name for address, _ in app.files]
    assert names[:5] == ["driver.css", "driver.js", "scan.js", "scan.wasm", "shared.js"]
    assert "board.js" not in names
    digest = hashlib.sha256((made / "shared.js").read_bytes()).digest()
    assert dict(app.files)["/static/web/built/shared.js"] == f"sha256-{base64.b64encode(digest).decode()}"


def test_another_build_is_another_version_and_another_worker(made, db):
    first = Client().get("/drive/sw.js").content
    (made / "scan.js").write_text("/* new */")
    manifest = made / "manifest.json"
    manifest.write_text(manifest.read_text() + " ")
    second = Client().get("/drive/sw.js").content
    assert first != second


def test_the_worker_may_serve_the_whole_app_and_is_asked_for_anew(made, db):
    answer = Client().get("/drive/sw.js")
    assert answer["Service-Worker-Allowed"] == "/drive/"
    assert "connect-src 'self'" in answer["Content-Security-Policy"]  # without it the worker could fetch nothing
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    about = json.loads(re.match(r"self\.HOMESTRETCH=(.*);\n", answer.content.decode())[1])
    assert about["shell"] == "/drive/"
    assert about["version"] == bundle.bundle().version


def test_the_shell_knows_nobody_and_allows_no_stranger(made, db):
    answer = Client().get("/drive/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "unsafe-inline" not in policy
    assert "nonce" not in policy  # it is kept on the phone: there is no request that a nonce could be of
    assert answer["Cache-Control"] == "no-cache"
    text = answer.content.decode()
    assert "/static/web/built/driver.js" in text
    assert not answer.cookies
    assert not re.findall(r"<script(?! type=\"module\" src=\"/static/)", text)


def test_a_server_without_the_built_app_says_so(db, monkeypatch):
    monkeypatch.setattr(shell, "bundle", lambda: None)
    assert b"not built on this server" in Client().get("/drive/").content
    assert Client().get("/drive/sw.js").status_code == 404


def test_it_can_be_installed(db):
    about = json.loads(Client().get("/drive/manifest.webmanifest").content)
    assert (about["start_url"], about["scope"], about["display"]) == ("/drive/", "/drive/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in about["icons"]}
    for icon in about["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon
    assert any(icon.get("purpose") == "maskable" for icon in about["icons"])


@built
def test_the_built_bundle_holds_the_app_and_its_reader_of_codes():
    names = {Path(address).name for address, _ in bundle.bundle().files}
    assert {"driver.js", "driver.css", "zxing_reader.wasm"} <= names
    worker = bundle.bundle().worker
    assert not re.search(r"^\s*(import|export)\b", worker), "a worker is a plain script"


def test_a_qr_code_holds_the_address_with_the_code_behind_the_hash(settings):
    settings.HOMESTRETCH_URL = "https://vans.example"
    assert phone_address("ABCDE-12345") == "https://vans.example/drive/#code=ABCDE-12345"
    svg = qr_svg(phone_address("ABCDE-12345"))
    assert svg.startswith("<svg")
    assert "script" not in svg
