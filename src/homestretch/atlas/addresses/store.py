"""The address book on disk: one .npz of plain arrays; texts are UTF-8 lines in an array of bytes. No pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homestretch.kernel.refusal import Refusal

FORMAT = 1
LOCS = 4  # of each house and street: city, boundary, settlement, quarter; -1 where there is none
DEGREE = 10_000_000  # coordinates are whole numbers of 1e-7 degrees, about a centimeter

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tables:
    """All that a book knows. Lists are of texts, arrays of whole numbers.

    - groups: names of streets (or of places that number their houses), one for each spelling's key; group 0 is none
    - aliases: spelled out forms by which a group is found; `alias_kind` as in `fuzzy.KINDS_OF_NAME`
    - rows: a house under one of its numbers, sorted by (group, number); `group_rows[g]:group_rows[g + 1]` are those of
      g; number -1: none, the suffix is the house's name; `row_between`: not a house, but between two
    - streets: a group within one set of localities, with a point on it; points: along streets, each 40 m
    - localities: towns and their parts, with aliases; postcodes
    """

    groups: list[str]
    group_rows: Ints
    aliases: list[str]
    alias_group: Ints
    alias_kind: Ints
    row_lat: Ints
    row_lon: Ints
    row_number: Ints
    row_suffix: Ints
    row_label: Ints
    row_postcode: Ints
    row_locs: Ints
    row_between: Ints
    suffixes: list[str]
    labels: list[str]
    street_group: Ints
    street_lat: Ints
    street_lon: Ints
    street_locs: Ints
    point_lat: Ints
    point_lon: Ints
    point_street: Ints
    localities: list[str]
    locality_lat: Ints
    locality_lon: Ints
    locality_aliases: list[str]
    locality_alias_of: Ints
    postcodes: list[str]
    countries: list[str]


def lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Texts as bytes, a line each; a text that would be two lines is made one."""
    return np.frombuffer("\n".join(" ".join(text.split()) for text in texts).encode(), dtype=np.uint8)


def save(tables: Tables, path: Path) -> None:
    """Write the book beside its place and move it there whole."""
    arrays: dict[str, Any] = {"format": np.array([FORMAT], dtype=np.int32)}
    for field in fields(Tables):
        value = getattr(tables, field.name)
        if isinstance(value, list):
            arrays[field.name], arrays[f"{field.name}_count"] = lines(value), np.array([len(value)], dtype=np.int32)
        else:
            arrays[field.name] = np.ascontiguousarray(value, dtype=np.int32)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **arrays)
    part.replace(path)


def load(path: Path) -> Tables:
    """Read a book. Refuses `map.addresses_unreadable`: damaged, missing, or of another format."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if int(arrays["format"][0]) != FORMAT:
                raise ValueError("another format")
            return Tables(**{field.name: _value(arrays, field.name) for field in fields(Tables)})
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise Refusal(
            "map.addresses_unreadable",
            f"{path.name} is not an address book of this version",
            remedy="add the map again",
        ) from error


def _value(arrays: Any, name: str) -> Any:
    array = arrays[name]
    if f"{name}_count" not in arrays:
        return array
    count = int(arrays[f"{name}_count"][0])
    found = bytes(array).decode().split("\n") if count else []
    if len(found) != count:
        raise ValueError(name)
    return found
