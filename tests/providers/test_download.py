"""A large file arrives whole, goes on where it broke off, and is not taken for what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from homestretch.providers.download import Wanted, fetch
from homestretch.providers.errors import ProviderError
from tests.providers.listener import Answer, Listener, Received, closed_port, listening

FILE = b"OSMHeader" + bytes(range(256)) * 40


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as made:
        yield made


def wanted(server: Listener, folder: Path, room: int = 10**9, path: str = "/x.osm.pbf") -> Wanted:
    return Wanted(f"{server.url}{path}", folder / "x.osm.pbf", room, lambda head: head.startswith(b"OSMHeader"))


def whole(request: Received) -> Answer:
    """A server that can go on in the middle, while its file is the same."""
    asked, same = request.headers.get("range", ""), request.headers.get("if-range") == '"one"'
    if asked and same:
        first = int(asked.removeprefix("bytes=").removesuffix("-"))
        part = FILE[first:]
        return Answer(206, part, {"ETag": '"one"', "Content-Range": f"bytes {first}-{len(FILE) - 1}/{len(FILE)}"})
    return Answer(200, FILE, {"ETag": '"one"'})


def broken(_: Received) -> Answer:
    """Announces all of it, sends the first 1,000 bytes, and hangs up."""
    length = {"Content-Length": str(len(FILE)), "ETag": '"one"', "Connection": "close"}
    return Answer(200, FILE[:1000], length)


def test_a_file_arrives_whole_and_says_how_far_it_is(server: Listener, tmp_path: Path) -> None:
    server.say(whole)
    told: list[tuple[int, int]] = []
    fetch(wanted(server, tmp_path), lambda here, of: told.append((here, of)))
    assert (tmp_path / "x.osm.pbf").read_bytes() == FILE
    assert told[-1] == (len(FILE), len(FILE))
    assert [path.name for path in tmp_path.iterdir()] == ["x.osm.pbf"]


def test_a_broken_download_goes_on_where_it_stopped(server: Listener, tmp_path: Path) -> None:
    server.say(broken)
    with pytest.raises(ProviderError) as caught:
        fetch(wanted(server, tmp_path), lambda *_: None)
    assert (caught.value.kind, caught.value.code) == ("deferred", "cut_short")
    assert not (tmp_path / "x.osm.pbf").exists()
    server.say(whole)
    fetch(wanted(server, tmp_path), lambda *_: None)
    assert server.received[-1].headers["range"] == "bytes=1000-"
    assert (tmp_path / "x.osm.pbf").read_bytes() == FILE


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: Listener, tmp_path: Path) -> None:
    server.say(broken)
    with pytest.raises(ProviderError):
        fetch(wanted(server, tmp_path), lambda *_: None)
    newer = b"OSMHeader" + FILE[::-1]
    server.say(Answer(200, newer, {"ETag": '"two"'}))
    fetch(wanted(server, tmp_path), lambda *_: None)
    assert (tmp_path / "x.osm.pbf").read_bytes() == newer


def test_a_redirect_is_followed(server: Listener, tmp_path: Path) -> None:
    def moved(request: Received) -> Answer:
        return whole(request) if request.target == "/there" else Answer(302, b"", {"Location": "/there"})

    server.say(moved)
    fetch(wanted(server, tmp_path), lambda *_: None)
    assert (tmp_path / "x.osm.pbf").read_bytes() == FILE


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (Answer(200, b"<html>Not found</html>"), "permanent", "not_this_kind"),
        (Answer(404, b"no"), "permanent", "refused"),
        (Answer(503, b"", {"Retry-After": "5"}), "deferred", "busy"),
        (Answer(416, b""), "deferred", "changed"),
        (Answer(302, b"", {"Location": "ftp://elsewhere/x"}), "permanent", "request_malformed"),
    ],
)
def test_what_is_no_file_is_not_kept(server: Listener, tmp_path: Path, answer: Answer, kind: str, code: str) -> None:
    server.say(answer)
    with pytest.raises(ProviderError) as caught:
        fetch(wanted(server, tmp_path), lambda *_: None)
    assert (caught.value.kind, caught.value.code) == (kind, code)
    assert list(tmp_path.iterdir()) == []


def test_a_file_larger_than_the_disk_is_not_begun(server: Listener, tmp_path: Path) -> None:
    server.say(whole)
    with pytest.raises(ProviderError, match="no_room"):
        fetch(wanted(server, tmp_path, room=5000), lambda *_: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["ftp://x/y", "http://", "file:///etc/passwd", "http://[:::/"])
def test_only_http_is_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(ProviderError, match="url_refused"):
        fetch(Wanted(url, tmp_path / "x", 10**9, bool), lambda *_: None)


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="unreachable"):
        fetch(Wanted(f"http://127.0.0.1:{closed_port()}/x", tmp_path / "x", 10**9, bool), lambda *_: None)
