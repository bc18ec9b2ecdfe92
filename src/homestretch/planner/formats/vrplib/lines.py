"""The lines of a VRPLIB file sorted into headers and sections, and their numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from homestretch.planner.formats.text import MAX_NODES, Number, at_least_zero, number, refuse, whole

Rows = list[tuple[int, list[str]]]

NODES = {
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "BACKHAUL_SECTION",
    "DEPOT_SECTION",
    "SERVICE_TIME_SECTION",
    "TIME_WINDOW_SECTION",
    "RELEASE_TIME_SECTION",
    "PRIZE_SECTION",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION",
}
FLEET = {
    "CAPACITY_SECTION",
    "VEHICLES_ALLOWED_CLIENTS_SECTION",
    "VEHICLES_DEPOT_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
    "VEHICLES_MAX_RELOADS_SECTION",
    "VEHICLES_RELOAD_DEPOT_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
}
FLEET_HEADERS = {
    "VEHICLES_FIXED_COST",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_UNIT_DISTANCE_COST",
}
SECTIONS = NODES | FLEET
HEADERS = FLEET_HEADERS | {"NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME",
                           "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE",
                           "DISPLAY_DATA_TYPE"}  # fmt: skip


@dataclass(slots=True)
class File:
    """Headers as (line, value) and sections as rows of tokens, by their names."""

    headers: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, Rows] = field(default_factory=dict)
    begins: dict[str, int] = field(default_factory=dict)
    size: int = 0


def sorted_out(text: str) -> File:
    """Refuses `format.unsupported` for a word that is no header or section of ours, and numbers before any section."""
    file = File()
    rows: Rows | None = None
    for line, raw in enumerate(text.split("\n"), 1):
        tokens = raw.split()
        if not tokens:
            continue
        word = tokens[0].rstrip(":").upper()
        if word == "EOF":
            break
        if not word[:1].isalpha():
            if rows is None:
                raise refuse("unknown", f"{tokens[0][:30]!r} stands before any section", "begin a section", line=line)
            rows.append((line, tokens))
        elif word in SECTIONS:
            rows = file.sections.setdefault(word, [])
            file.begins[word] = line
        else:
            _header(file, line, raw)
            rows = None
    return file


def _header(file: File, line: int, raw: str) -> None:
    key, colon, value = raw.partition(":")
    key = key.strip().upper()
    if key not in HEADERS or not colon:
        raise refuse(
            "unsupported",
            f"{key[:40]!r} is not understood",
            f"these are read: {', '.join(sorted(HEADERS | SECTIONS))}",
            line=line,
        )
    file.headers[key] = line, value.strip().strip('"').strip()


def dimension(file: File) -> int:
    """How many nodes. Refuses `format.truncated` and `format.too_large`."""
    if "DIMENSION" not in file.headers:
        raise refuse("truncated", "DIMENSION is missing", "write DIMENSION : n, the depot counted")
    line, value = file.headers["DIMENSION"]
    size = whole(value, line, "DIMENSION")
    if not 2 <= size <= MAX_NODES:
        what = "too_large" if size > MAX_NODES else "truncated"
        raise refuse(what, f"DIMENSION is {size}", f"2 to {MAX_NODES} nodes are read, the depot counted", line=line)
    return size


def number_header(file: File, key: str) -> Number | None:
    """A header's number, not below 0; None where it is missing."""
    if key not in file.headers:
        return None
    line, value = file.headers[key]
    found = number(value, line, key)
    if found < 0:
        raise refuse("negative", f"{key} is {value[:30]}", "give 0 or more", line=line)
    return found


def whole_header(file: File, key: str) -> int | None:
    """A header's whole number, not below 0; None where it is missing."""
    if key not in file.headers:
        return None
    line, value = file.headers[key]
    return at_least_zero(whole(value, line, key), line, key)


def by_node(file: File, section: str, width: int) -> list[tuple[int, int, list[str]]]:
    """(line, id, the other tokens) of each row. Refuses a count other than DIMENSION, and an id that stands twice."""
    rows = file.sections[section]
    if len(rows) != file.size:
        cause = f"{section} has {len(rows)} rows, DIMENSION says {file.size}"
        line = rows[-1][0] if rows else file.begins[section]
        raise refuse("truncated", cause, "complete the file; it may have been cut", line=line)
    found, seen = [], set()
    for line, tokens in rows:
        if len(tokens) < width:
            cause = f"{len(tokens)} columns where {section} needs {width}"
            raise refuse("truncated", cause, "complete the line", line=line)
        ident = at_least_zero(whole(tokens[0], line, "the node's id"), line, "the node's id")
        if ident in seen:
            raise refuse("duplicate_id", f"node {ident} stands twice in {section}", "number apart", line=line)
        seen.add(ident)
        found.append((line, ident, tokens[1:]))
    return found


def in_order(
    file: File, section: str, width: int, ids: tuple[int, ...], take: Callable[[int, list[str]], tuple[Number, ...]]
) -> list[tuple[Number, ...]]:
    """What `take` reads of each node's row, in the order of `ids`."""
    values = {}
    known = frozenset(ids)
    for line, ident, rest in by_node(file, section, width):
        if ident not in known:
            raise refuse("duplicate_id", f"{section} names node {ident}, which has no demand", "name it", line=line)
        values[ident] = take(line, rest)
    return [values[ident] for ident in ids]
