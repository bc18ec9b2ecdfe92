"""What relations say before the ways are read: whose border a way is, which areas have several ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import osmium
from osmium.osm import Relation

from homestretch.atlas.tiles.land import Tags

LEAST, MOST = 2, 8  # levels of borders that are drawn


@dataclass(frozen=True, slots=True)
class Outline:
    """The ways of an area, by id."""

    tags: Tags
    outer: tuple[int, ...]
    inner: tuple[int, ...]


@dataclass
class Borders:
    """`levels` by way; `cut` holds the areas not closed so far, by relation."""

    levels: dict[int, int] = field(default_factory=dict)
    cut: dict[int, Outline] = field(default_factory=dict)

    def level_of(self, way: int, tags: Tags) -> int:
        """The highest (lowest numbered) administrative level that the way is a border of, or 0."""
        if way in self.levels:
            return self.levels[way]
        told = tags.get("admin_level", "") if tags.get("boundary") == "administrative" else ""
        return int(told) if told.isdecimal() and len(told) < 3 else 0


def borders_of(extract: Path, is_drawn: Callable[[Tags], bool]) -> Borders:
    """Read the relations."""
    found = Borders()
    for relation in osmium.FileProcessor(str(extract), osmium.osm.RELATION):
        if not isinstance(relation, Relation):
            continue
        tags = dict(relation.tags)
        kind = tags.get("type")
        if kind == "boundary" and tags.get("boundary") == "administrative":
            _border(found, relation, tags.get("admin_level", ""))
        elif kind == "multipolygon" and is_drawn(tags):
            found.cut[relation.id] = _outline(relation, tags)
    return found


def _border(found: Borders, relation: Relation, told: str) -> None:
    level = int(told) if told.isdecimal() and len(told) < 3 else 0
    if not LEAST <= level <= MOST:
        return
    for member in relation.members:
        if member.type == "w":
            found.levels[member.ref] = min(level, found.levels.get(member.ref, level))


def _outline(relation: Relation, tags: Tags) -> Outline:
    ways = [(member.role, member.ref) for member in relation.members if member.type == "w"]
    return Outline(
        tags,
        tuple(ref for role, ref in ways if role != "inner"),
        tuple(ref for role, ref in ways if role == "inner"),
    )
