"""`homestretch map add | list | remove`: maps of OpenStreetMap data on this machine."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from homestretch.atlas.maps import MapInfo, build, installed, remove
from homestretch.atlas.maps.build import checked_name
from homestretch.atlas.osm.extract import KINDS
from homestretch.kernel.refusal import Refusal

NAME = "map"
HELP = "add a map from an extract of OpenStreetMap data, list the maps, remove one"
LICENSE = "Open Database License 1.0, https://www.openstreetmap.org/copyright"
_USUAL = re.compile(r"(-latest|-\d{6}|-\d{4}(-\d\d){0,2}|\.test)$")  # what download sites put behind a name
PBF_BEGINS = b"OSMHeader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    adding = verbs.add_parser("add", help="build a map, or build it again; the one of that name is replaced at the end")
    adding.add_argument("source", metavar="FILE|URL", help="an extract: .osm.pbf (or .osm, .osm.gz, .osm.bz2)")
    adding.add_argument("--name", default="", help="what the map is called (default: as the file)")
    verbs.add_parser("list", help="the maps that are here")
    removing = verbs.add_parser("remove", help="take a map away")
    removing.add_argument("name", metavar="NAME")
    for verb in (adding, removing, verbs.choices["list"]):
        verb.add_argument("--json", action="store_true", help="print one JSON object, last")


def run(args: argparse.Namespace, home: Path, at: datetime) -> int:
    """JSON of `add`: `{"map": {...}}`; of `list`: `{"maps": [...]}`; of `remove`: `{"removed": name}`."""
    folder = home / "maps"
    if args.verb == "list":
        _say_list(installed(folder), as_json=args.json)
    elif args.verb == "remove":
        remove(folder, args.name)
        print(json.dumps({"removed": args.name}) if args.json else f"{args.name} is removed")
    else:
        _add(args, home, at)
    return 0


def _add(args: argparse.Namespace, home: Path, at: datetime) -> None:
    name = checked_name(args.name or _name_of(args.source))
    with _progress(sys.stderr) as told, _here(args.source, home / "downloads", told) as extract:
        info = build(extract, home / "maps", name=name, progress=told, at=at)
    print(json.dumps({"map": _shown(info)}, ensure_ascii=False) if args.json else _for_people(info))


def _name_of(source: str) -> str:
    """The file's own name in small letters: https://.../europe/malta-latest.osm.pbf is malta."""
    words = source.split("?")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    for kind in sorted(KINDS, key=len, reverse=True):
        words = words.removesuffix(kind)
    return re.sub(r"[^a-z0-9]+", "-", _USUAL.sub("", words)).strip("-")[:40].strip("-")


@contextmanager
def _here(source: str, downloads: Path, told: Callable[[str, float], None]) -> Iterator[Path]:
    """The extract as a file: as given, or downloaded and taken away afterwards."""
    if not re.match(r"[a-z][a-z0-9+.-]*://", source, re.IGNORECASE):
        yield Path(source)
        return
    extract = _download(source, downloads, told)
    try:
        yield extract
    finally:
        extract.unlink(missing_ok=True)


def _download(url: str, downloads: Path, told: Callable[[str, float], None]) -> Path:
    """Refuses `map.download_failed`; what came before a break is kept for the next time."""
    from homestretch.providers.download import Wanted, fetch
    from homestretch.providers.errors import ProviderError

    downloads.mkdir(parents=True, exist_ok=True)
    ending = url.split("?")[0].rstrip("/").rsplit("/", 1)[-1][-60:]
    if not ending.lower().endswith(KINDS):
        ending = "extract.osm.pbf"
    target = downloads / f"{hashlib.sha256(url.encode()).hexdigest()[:12]}-{ending}"
    is_pbf = ending.lower().endswith(".pbf")
    room = shutil.disk_usage(downloads).free
    wanted = Wanted(url, target, room, lambda head: not is_pbf or PBF_BEGINS in head)
    try:
        fetch(wanted, lambda here, whole: told(_amount(here, whole), 0.0))
    except ProviderError as error:
        again = "run the same command again: it goes on where it stopped"
        remedy = again if error.kind == "deferred" else "check the address in a browser; extracts end in .osm.pbf"
        raise Refusal("map.download_failed", f"{error.code}: {error.cause}", remedy=remedy, field="source") from error
    return target


def _amount(here: int, whole: int) -> str:
    share = f" of {whole / 2**20:.1f}" if whole else ""
    return f"downloading {here / 2**20:.1f}{share} MB"


@contextmanager
def _progress(stream: TextIO) -> Iterator[Callable[[str, float], None]]:
    """One line that is written again and again, gone at the end; without a terminal, a line for each step."""
    said, width = "", 0

    def told(what: str, share: float) -> None:
        nonlocal said, width
        if stream.isatty():
            text = f"{what} {100 * share:.0f} %" if share else what
            stream.write("\r" + text.ljust(width))
            width = len(text)
        elif what.split()[0] != said:
            stream.write(f"{what}\n")
        said = what.split()[0]
        stream.flush()

    try:
        yield told
    finally:
        if width:
            stream.write("\r" + " " * width + "\r")
            stream.flush()


def _shown(info: MapInfo) -> dict[str, Any]:
    return dict(json.loads(info.written()))


def _say_list(maps: list[MapInfo], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"maps": [_shown(info) for info in maps]}, ensure_ascii=False))
    elif not maps:
        print("No map is here. Add one: homestretch map add FILE.osm.pbf")
    for info in [] if as_json else maps:
        print(f"{info.name}  {_box(info)}  {_age(info)}, version {info.version}  {info.attribution}")


def _for_people(info: MapInfo) -> str:
    counted = info.counts.get("basemap", {})
    parts = ", ".join(f"{counted[word]:,} {words}" for word, words in _WORDS.items() if counted.get(word))
    return (
        f"{info.name} is added: {parts}\n"
        f"It reaches {_box(info)}, {_age(info)}. Look at it: /map/{info.name} of the running server.\n"
        f"{info.attribution}, {LICENSE}"
    )


_WORDS = {"road": "stretches of road", "building": "buildings", "house": "house numbers"}


def _box(info: MapInfo) -> str:
    box = info.bounds
    return f"lat {box.south:.3f} to {box.north:.3f}, lon {box.west:.3f} to {box.east:.3f}"


def _age(info: MapInfo) -> str:
    return f"data of {info.osm_date[:10]}" if info.osm_date else "data of unknown age"
