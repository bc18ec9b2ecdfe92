"""Addresses of real extracts, found as they are written, misspelled, without their town, turned around, and back."""

from __future__ import annotations

import argparse
import json
import random
import string
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from homestretch.atlas.addresses import AddressBook, Hit, build_addresses
from homestretch.kernel.geo import Point, distance_m, offset

CITIES = ("liechtenstein", "malta-2018", "helsinki-centre", "heidelberg")
WITHIN_M = 30
REVERSE_M = 10
LONGEST_MS = 10
NONSENSE = 1000
FLOORS = {"exact": 0.95, "typo": 0.93, "no_city": 0.90, "swapped": 0.94, "reverse": 0.98}
LETTERS = string.ascii_lowercase
Figures = dict[str, Any]


@dataclass(frozen=True)
class Address:
    """A house as the extract has it, read apart from what is measured."""

    street: str
    number: str
    city: str
    postcode: str
    point: Point

    @property
    def town(self) -> str:
        """Postcode and town, as far as the extract says them."""
        return f"{self.postcode} {self.city}".strip()


def addresses(path: Path) -> list[Address]:
    """All nodes and ways with a street and a number; a way is where the middle of its corners is."""
    found = []
    things = osmium.FileProcessor(str(path)).with_locations()
    for thing in things.with_filter(osmium.filter.KeyFilter("addr:housenumber")):
        tags = dict(thing.tags)
        if "addr:street" not in tags or thing.is_relation():
            continue
        corners = [(n.lat, n.lon) for n in thing.nodes if n.location.valid()] if thing.is_way() else [thing_at(thing)]
        if corners:
            lat, lon = np.mean(corners[:-1] if len(corners) > 3 else corners, axis=0)
            words = [tags.get(f"addr:{name}", "").strip() for name in ("street", "housenumber", "city", "postcode")]
            found.append(Address(*words, Point(float(lat), float(lon))))
    return found


def thing_at(node: Any) -> tuple[float, float]:
    """Where a node is."""
    return node.lat, node.lon


def unique(known: Sequence[Address], *, by_town: bool) -> list[Address]:
    """Those whose words mean one house: all houses of the same street and number (and town, where both say one) lie
    within 30 m."""
    alike: defaultdict[tuple[str, str], list[Address]] = defaultdict(list)
    for address in known:
        alike[_door(address)].append(address)
    return [
        one
        for one in known
        if all(
            distance_m(one.point, other.point) <= WITHIN_M
            for other in alike[_door(one)]
            if not (by_town and one.city and other.city and one.city.casefold() != other.city.casefold())
        )
    ]


def _door(address: Address) -> tuple[str, str]:
    return address.street.casefold(), address.number.casefold()


def exact(address: Address, draw: random.Random) -> str:  # noqa: ARG001
    """As it stands on an envelope."""
    return ", ".join(part for part in (f"{address.street} {address.number}", address.town) if part)


def typo(address: Address, draw: random.Random) -> str:
    """One letter of the street's name left out, doubled by another, replaced, or swapped with the next."""
    name = list(address.street)
    at = draw.randrange(len(name))
    kind = draw.choice(("leave", "add", "replace", "swap"))
    if kind == "leave":
        del name[at]
    elif kind == "add":
        name.insert(at, draw.choice(LETTERS))
    elif kind == "replace":
        name[at] = draw.choice(LETTERS)
    elif at + 1 < len(name):
        name[at], name[at + 1] = name[at + 1], name[at]
    return ", ".join(part for part in (f"{''.join(name)} {address.number}", address.town) if part)


def no_city(address: Address, draw: random.Random) -> str:  # noqa: ARG001
    """Street and number alone."""
    return f"{address.street} {address.number}"


def swapped(address: Address, draw: random.Random) -> str:  # noqa: ARG001
    """The number in front."""
    return " ".join(part for part in (address.number, address.street, address.town) if part)


WRITTEN: dict[str, Callable[[Address, random.Random], str]] = {
    "exact": exact,
    "typo": typo,
    "no_city": no_city,
    "swapped": swapped,
}


@dataclass
class Tally:
    """Answers of one kind: how many, how many were right, their milliseconds, and what went wrong."""

    asked: int
    right: int
    ms: list[float]
    misses: list[dict[str, Any]]

    def figures(self) -> dict[str, Any]:
        """What is printed."""
        p50, p99 = np.percentile(self.ms, [50, 99]) if self.ms else (0.0, 0.0)
        share = round(self.right / max(1, self.asked), 4)
        return {"asked": self.asked, "top1": share, "p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2)}


def ask(drawn: Sequence[Address], seed: int, kind: str, answer: Callable[[Any], list[Hit]]) -> Tally:
    """Put every address to the book in one way of writing; `reverse` asks from 10 m away."""
    draw, tally = random.Random(seed), Tally(len(drawn), 0, [], [])
    for address in drawn:
        if kind == "reverse":
            angle = draw.uniform(0, 2 * np.pi)
            question: Any = offset(address.point, REVERSE_M * float(np.sin(angle)), REVERSE_M * float(np.cos(angle)))
        else:
            question = WRITTEN[kind](address, draw)
        began = time.thread_time()
        hits = answer(question)
        tally.ms.append((time.thread_time() - began) * 1000)
        away = distance_m(Point(hits[0].lat, hits[0].lon), address.point) if hits else -1.0
        if hits and away <= WITHIN_M:
            tally.right += 1
        else:
            best = (hits[0].label, hits[0].precision, hits[0].score) if hits else None
            tally.misses.append({"asked": str(question), "meant": exact(address, draw), "got": best, "m": round(away)})
    return tally


def nonsense(draw: random.Random) -> str:
    """Words that mean nothing, with numbers among them more often than not."""
    words = ["".join(draw.choice(LETTERS) for _ in range(draw.randint(2, 12))) for _ in range(draw.randint(1, 4))]
    if draw.random() < 0.8:
        words.insert(draw.randint(0, len(words)), str(draw.randint(1, 300)))
    return draw.choice((" ", ", ")).join(words)


def measure(
    path: Path, seed: int, count: int, scopes: Sequence[str] = ("all", "unique")
) -> tuple[Figures, dict[str, list[dict[str, Any]]]]:
    """All figures of one extract, and the misses by kind."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        built = build_addresses(path, Path(folder) / "addresses.npz")
        build_s, began = time.process_time() - began, time.process_time()
        book = AddressBook.load(Path(folder) / "addresses.npz")
        load_s, size = time.process_time() - began, (Path(folder) / "addresses.npz").stat().st_size
    known = addresses(path)
    figures: dict[str, Any] = {"houses": built.houses, "build_s": round(build_s, 2), "load_s": round(load_s, 3)}
    figures["bytes"] = size
    misses = {}
    for scope in scopes:
        for kind in FLOORS:
            among = known if scope == "all" else unique(known, by_town=kind != "no_city")
            drawn = random.Random(seed).sample(among, min(count, len(among)))
            answer = (lambda p: book.reverse(p.lat, p.lon)) if kind == "reverse" else book.find
            tally = ask(drawn, seed, kind, answer)
            figures.setdefault(scope, {})[kind] = tally.figures()
            misses[f"{scope}.{kind}"] = tally.misses
    draw = random.Random(seed)
    hits = [book.find(nonsense(draw)) for _ in range(NONSENSE)]
    figures["nonsense_rooftops"] = sum(any(hit.precision == "rooftop" for hit in some) for some in hits)
    return figures, misses


def holds(figures: dict[str, Any]) -> bool:
    """Whether the floors hold for one extract, of addresses that mean one house."""
    kinds = figures["unique"]
    found = all(kinds[kind]["top1"] >= floor and kinds[kind]["p99_ms"] < LONGEST_MS for kind, floor in FLOORS.items())
    return bool(found and figures["nonsense_rooftops"] == 0)


def main() -> int:
    """0 where every extract holds the floors."""
    parser = argparse.ArgumentParser(prog="bench.geocode", description=__doc__)
    parser.add_argument("--cities", default=",".join(CITIES), help="files in $HOMESTRETCH_DATA/osm, by comma")
    parser.add_argument("--count", type=int, default=1000, help="addresses drawn of each extract")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show so many wrong answers of each kind")
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object")
    args = parser.parse_args()
    folder = Path(environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"
    results = {}
    for city in args.cities.split(","):
        results[city], misses = measure(folder / f"{city}.osm.pbf", args.seed, args.count)
        if not args.json:
            show(city, results[city])
            for kind, some in misses.items():
                for miss in some[: args.misses]:
                    print(f"    {kind}: {miss}")
    print(json.dumps(results))
    return 0 if all(holds(figures) for figures in results.values()) else 1


def show(city: str, figures: dict[str, Any]) -> None:
    """A table of one extract."""
    print(f"{city}: {figures['houses']} houses, built in {figures['build_s']} CPU s, loaded in {figures['load_s']} s")
    for scope in ("all", "unique"):
        for kind, found in figures[scope].items():
            print(
                f"  {scope:<7} {kind:<8} {found['asked']:>5} asked  top-1 {found['top1']:.4f}"
                f"  p50 {found['p50_ms']:.2f} ms  p99 {found['p99_ms']:.2f} ms"
            )
    print(f"  {NONSENSE} nonsense strings: {figures['nonsense_rooftops']} rooftops", flush=True)


if __name__ == "__main__":
    sys.exit(main())
