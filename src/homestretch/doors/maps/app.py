"""`/map/...`: which maps there are, a page of each, their styles, their tiles.

Plain ASGI beside Django, for a page asks for thirty tiles at once.

Open to all: the data is everybody's, it says nothing of orders or vehicles, and the recipient's page needs it too. The
address of a tile holds the map's version, so browsers keep it for ever; an old version's address leads to the new one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence

from django.http.request import split_domain_port, validate_host

from homestretch.doors.maps.answers import (
    Answer,
    as_asked,
    file_answer,
    page_answer,
    send_answer,
    style_answer,
    tile_answer,
)
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.web.maps import MODES, Served, Shelf
from homestretch.web.plain import Receive, Scope, Send, header, refuse

PREFIX = "/map"


class Maps:
    """The door. `url` is this installation's address, `hosts` the names that it answers to, `origins` what another
    style may load from."""

    def __init__(self, shelf: Shelf, url: str, hosts: Sequence[str], origins: Sequence[str] = ()) -> None:
        self._shelf, self._url, self._hosts = shelf, url, list(hosts)
        self._origins = "".join(f" {origin}" for origin in origins)

    @staticmethod
    def takes(path: str) -> bool:
        """Whether an address belongs to this door."""
        return path == PREFIX or path.startswith(f"{PREFIX}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  nothing is received
        """Answer one request."""
        try:
            answer = await asyncio.to_thread(self._answer, scope)
        except Refusal as refusal:
            await refuse(send, refusal, self._url)
            return
        await send_answer(send, as_asked(scope, answer), is_head=scope["method"] == "HEAD")

    def _answer(self, scope: Scope) -> Answer:
        """In a thread: it reads the disk. Refuses `request.method_not_allowed`, `map.not_found`."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise Refusal("request.method_not_allowed", "maps are read only", remedy="use GET")
        words = [word for word in scope["path"].removeprefix(PREFIX).split("/") if word]
        maps = self._shelf.maps()
        if not words:
            return Answer(json.dumps([_shown(one) for one in maps]).encode(), cache="no-cache")
        named = {one.name: one for one in maps}
        if words[0] not in named or len(words) == 2:
            raise not_found("map")
        one = named[words[0]]
        if len(words) == 1:
            return page_answer(one, self._origins)
        version, rest = words[1], words[2:]
        if version != one.version:
            return Answer(b"", status=302, headers=((b"location", f"{one.address}/{'/'.join(rest)}".encode()),))
        return self._of(one, rest, scope)

    def _of(self, one: Served, rest: list[str], scope: Scope) -> Answer:
        kinds: dict[str, Callable[[], Answer]] = {
            f"style-{mode}.json": lambda mode=mode: style_answer(one, mode, self._base(scope))  # type: ignore[misc]
            for mode in MODES
        }
        kinds["basemap.pmtiles"] = lambda: file_answer(one, header(scope, b"range"))
        if len(rest) == 1 and rest[0] in kinds:
            return kinds[rest[0]]()
        if len(rest) == 3 and rest[2].endswith(".mvt"):
            z, x, y = rest[0], rest[1], rest[2].removesuffix(".mvt")
            if all(word.isascii() and word.isdecimal() and len(word) < 9 for word in (z, x, y)):
                return tile_answer(one, int(z), int(x), int(y), header(scope, b"accept-encoding"))
        raise not_found("map")

    def _base(self, scope: Scope) -> str:
        """The address under which the asker reached us, where it is one of ours: tiles come from there too."""
        host = header(scope, b"host")
        if validate_host(split_domain_port(host)[0], self._hosts):
            return f"{self._url.split('://', 1)[0]}://{host}"
        return self._url


def _shown(one: Served) -> dict[str, object]:
    box = one.bounds
    return {
        "name": one.name,
        "version": one.version,
        "bounds": {"south": box.south, "west": box.west, "north": box.north, "east": box.east},
        "tiles": f"{one.address}/{{z}}/{{x}}/{{y}}.mvt",
        "styles": {mode: one.style_address(mode) for mode in MODES},
        "attribution": one.attribution,
    }
