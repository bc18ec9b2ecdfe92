"""What the door answers with: a tile, a style, a stretch of the file."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from homestretch.atlas.tiles.store import open_tiles
from homestretch.atlas.tiles.style import style_of
from homestretch.kernel.refusal import Refusal
from homestretch.web.maps import Served
from homestretch.web.plain import JSON, Header, Scope, Send, header

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
MVT = b"application/vnd.mapbox-vector-tile"
PMTILES = b"application/vnd.pmtiles"
MOST_AT_ONCE = 4 * 2**20  # bytes of the file in one answer: a reader asks for kilobytes
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `etag` without its quotes."""

    body: bytes
    kind: bytes = JSON
    status: int = 200
    cache: str = "no-store"
    etag: str = ""
    headers: tuple[Header, ...] = field(default=())


def tile_answer(one: Served, z: int, x: int, y: int, accepted: str) -> Answer:
    """A tile, as it lies there where the asker takes that; 204 where there is nothing to draw.

    Refuses `map.tile_not_found` for what is no tile of the world.
    """
    tiles = open_tiles(one.tiles)
    try:
        tile = tiles.tile(z, x, y)
    except (ValueError, OverflowError) as error:
        raise Refusal("map.tile_not_found", f"{z}/{x}/{y} is no tile", remedy="x and y are below 2 to the z") from error
    if tile is None:
        return Answer(b"", MVT, status=204, cache=FOR_EVER, etag=one.version)
    if not tiles.is_gzipped:
        return Answer(tile, MVT, cache=FOR_EVER, etag=one.version)
    if "gzip" not in accepted:
        return Answer(gzip.decompress(tile), MVT, cache=FOR_EVER, etag=f"{one.version}-plain", headers=_BY_ENCODING)
    packed = (*_BY_ENCODING, (b"content-encoding", b"gzip"))
    return Answer(tile, MVT, cache=FOR_EVER, etag=one.version, headers=packed)


_BY_ENCODING: tuple[Header, ...] = ((b"vary", b"accept-encoding"),)


def style_answer(one: Served, mode: str, base: str) -> Answer:
    """Our style, or the operator's with `{tiles}` and `{url}` put in. Refuses `map.style_unavailable`."""
    tiles = f"{base}{one.address}/{{z}}/{{x}}/{{y}}.mvt"
    if one.style:
        body = _theirs(Path(one.style), tiles, base)
    else:
        made = style_of(tiles, one.bounds, dark=mode == "dark", attribution=one.attribution)
        body = json.dumps(made, ensure_ascii=False).encode()
    etag = hashlib.sha256(body).hexdigest()[:20]
    return Answer(body, cache=ASK_AGAIN, etag=etag, headers=((b"vary", b"host"),))


def _theirs(path: Path, tiles: str, base: str) -> bytes:
    try:
        text = path.read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        cause = f"{path.name} cannot be read as a style"
        raise Refusal("map.style_unavailable", cause, remedy="correct HOMESTRETCH_MAP_STYLE") from error
    return text.replace("{tiles}", tiles).replace("{url}", base).encode()


_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{name} · map · Homestretch</title>
  <link rel="icon" href="/static/web/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/static/web/built/basemap.css">
  <link rel="stylesheet" href="/static/web/map.css">
  <script type="module" src="/static/web/built/map-view.js"></script>
</head>
<body>
  <div id="map" data-light="{light}" data-dark="{dark}" data-bounds="{bounds}" data-attribution="{said}"></div>
</body>
</html>
"""
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:{origins}; worker-src 'self' blob:; connect-src 'self'{origins};"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def page_answer(one: Served, origins: str) -> Answer:
    """A page with nothing but the map. `origins`: what another style may load from, each after a space."""
    box = one.bounds
    page = _PAGE.format(
        name=escape(one.name),
        light=escape(one.style_address("light")),
        dark=escape(one.style_address("dark")),
        bounds=f"{box.west},{box.south},{box.east},{box.north}",
        said=escape(one.attribution) if one.style else "",
    )
    policy = (b"content-security-policy", _POLICY.format(origins=origins).encode())
    return Answer(page.encode(), b"text/html; charset=utf-8", cache=ASK_AGAIN, headers=(policy,))


def file_answer(one: Served, asked: str) -> Answer:
    """A stretch of the PMTiles file, for programs that read it themselves. Refuses `map.range_malformed`."""
    size = one.tiles.stat().st_size
    match = _RANGE.fullmatch(asked.strip())
    if match is None or int(match[1]) >= size:
        remedy = f"send Range: bytes=first-last, within {size} bytes, at most {MOST_AT_ONCE} at once"
        raise Refusal("map.range_malformed", "the file is read in stretches", remedy=remedy)
    first = int(match[1])
    last = min(int(match[2] or size), size - 1, first + MOST_AT_ONCE - 1)
    with one.tiles.open("rb") as file:
        file.seek(first)
        body = file.read(max(0, last - first + 1))
    headers = ((b"content-range", f"bytes {first}-{last}/{size}".encode()), (b"accept-ranges", b"bytes"))
    return Answer(body, PMTILES, status=206, cache=FOR_EVER, etag=one.version, headers=headers)


def as_asked(scope: Scope, answer: Answer) -> Answer:
    """Nothing but 304 where the asker has it already."""
    seen = {word.strip().removeprefix("W/").strip('"') for word in header(scope, b"if-none-match").split(",")}
    if answer.status == 200 and answer.etag and answer.etag in seen:
        return Answer(b"", answer.kind, 304, answer.cache, answer.etag)
    return answer


async def send_answer(send: Send, answer: Answer, *, is_head: bool) -> None:
    """Write it; to HEAD without the body."""
    headers = [
        (b"content-type", answer.kind),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", answer.cache.encode()),
        (b"x-content-type-options", b"nosniff"),
        *answer.headers,
    ]
    if answer.etag:
        headers.append((b"etag", f'"{answer.etag}"'.encode()))
    if answer.status in (204, 304):
        headers = [one for one in headers if one[0] not in (b"content-type", b"content-length", b"content-encoding")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
