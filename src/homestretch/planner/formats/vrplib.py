"""VRPLIB, the layout of CVRPLIB and TSPLIB 95: CVRP and VRPTW with one depot and identical vehicles.

Coordinates (EUC_2D) or an explicit matrix, symmetric or not. Sections of richer problems (several depots, reloads,
prizes, backhauls, ...) are refused by name, never skipped, for a file half read is a different question.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from homestretch.planner.formats.instance import Floats, Instance
from homestretch.planner.formats.text import (
    MAX_NODES,
    MAX_NUMBER,
    Number,
    at_least_zero,
    number,
    read_window,
    refuse,
    whole,
)

Rows = list[tuple[int, list[str]]]

SECTIONS = {
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "DEPOT_SECTION",
    "SERVICE_TIME_SECTION",
    "TIME_WINDOW_SECTION",
}
HEADERS = {"NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME",
           "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE"}  # fmt: skip
TYPES = {"CVRP", "VRPTW", "CVRPTW", "DCVRP", "ACVRP", "VRP"}
MAX_MATRIX_NODES = 10_000


@dataclass(slots=True)
class _File:
    """Headers as (line, value) and sections as rows of tokens, by their names."""

    headers: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, Rows] = field(default_factory=dict)
    begins: dict[str, int] = field(default_factory=dict)
    size: int = 0


def read(text: str) -> Instance:
    """Refuses `format.truncated`, `format.unsupported`, `format.depot_missing` and bad numbers, with the line."""
    file = _sorted_out(text)
    file.size = _dimension(file)
    _refuse_unsupported(file)
    ids, demand = _demands(file)
    instance = Instance(
        name=file.headers.get("NAME", (0, ""))[1],
        form="vrplib",
        ids=ids,
        demand=demand,
        service=_services(file, ids),
        windows=_windows(file, ids),
        capacity=_whole_header(file, "CAPACITY"),
        vehicles=_whole_header(file, "VEHICLES"),
        coords=_coordinates(file, ids),
        matrix=_matrix(file),
        max_duration=_number_header(file, "DISTANCE"),
    )
    if instance.capacity is None and any(demand):
        raise refuse("truncated", "there are demands and no CAPACITY", "write CAPACITY : n above the sections")
    return _depot_first(instance, _depot(file, ids))


def _sorted_out(text: str) -> _File:
    file = _File()
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


def _header(file: _File, line: int, raw: str) -> None:
    key, colon, value = raw.partition(":")
    key = key.strip().upper()
    if key not in HEADERS or not colon:
        raise refuse(
            "unsupported",
            f"{key[:40]!r} is not understood",
            f"files of CVRP and VRPTW are read: {', '.join(sorted(HEADERS | SECTIONS))}",
            line=line,
        )
    file.headers[key] = line, value.strip().strip('"').strip()


def _dimension(file: _File) -> int:
    if "DIMENSION" not in file.headers:
        raise refuse("truncated", "DIMENSION is missing", "write DIMENSION : n, the depot counted")
    line, value = file.headers["DIMENSION"]
    size = whole(value, line, "DIMENSION")
    if not 2 <= size <= MAX_NODES:
        what = "too_large" if size > MAX_NODES else "truncated"
        raise refuse(what, f"DIMENSION is {size}", f"2 to {MAX_NODES} nodes are read, the depot counted", line=line)
    return size


def _refuse_unsupported(file: _File) -> None:
    line, kind = file.headers.get("TYPE", (0, "CVRP"))
    if kind.upper() not in TYPES:
        raise refuse("unsupported", f"TYPE is {kind[:30]!r}", f"these are read: {', '.join(sorted(TYPES))}", line=line)
    line, weights = file.headers.get("EDGE_WEIGHT_TYPE", (0, "EUC_2D"))
    if weights.upper() not in ("EUC_2D", "EXPLICIT"):
        raise refuse("unsupported", f"EDGE_WEIGHT_TYPE is {weights[:30]!r}", "EUC_2D and EXPLICIT are read", line=line)


def _number_header(file: _File, key: str) -> Number | None:
    if key not in file.headers:
        return None
    line, value = file.headers[key]
    found = number(value, line, key)
    if found < 0:
        raise refuse("negative", f"{key} is {value[:30]}", "give 0 or more", line=line)
    return found


def _whole_header(file: _File, key: str) -> int | None:
    if key not in file.headers:
        return None
    line, value = file.headers[key]
    return at_least_zero(whole(value, line, key), line, key)


def _by_node(file: _File, section: str, width: int) -> list[tuple[int, int, list[str]]]:
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


def _demands(file: _File) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ids in the file's order, and their demands."""
    if "DEMAND_SECTION" not in file.sections:
        raise refuse("truncated", "DEMAND_SECTION is missing", "complete the file; it may have been cut")
    rows = _by_node(file, "DEMAND_SECTION", 2)
    demand = tuple(at_least_zero(whole(rest[0], line, "the demand"), line, "the demand") for line, _, rest in rows)
    return tuple(ident for _, ident, _ in rows), demand


def _in_order(
    file: _File, section: str, width: int, ids: tuple[int, ...], take: Callable[[int, list[str]], tuple[Number, ...]]
) -> list[tuple[Number, ...]]:
    """What `take` reads of each node's row, in the order of `ids`."""
    values = {}
    known = frozenset(ids)
    for line, ident, rest in _by_node(file, section, width):
        if ident not in known:
            raise refuse("duplicate_id", f"{section} names node {ident}, which has no demand", "name it", line=line)
        values[ident] = take(line, rest)
    return [values[ident] for ident in ids]


def _services(file: _File, ids: tuple[int, ...]) -> tuple[Number, ...]:
    if "SERVICE_TIME_SECTION" not in file.sections:
        each = _number_header(file, "SERVICE_TIME") or 0
        return (each,) * len(ids)

    def take(line: int, rest: list[str]) -> tuple[Number, ...]:
        value = number(rest[0], line, "the service time")
        if value < 0:
            raise refuse("negative", f"the service time is {value}", "give 0 or more", line=line)
        return (value,)

    return tuple(value for (value,) in _in_order(file, "SERVICE_TIME_SECTION", 2, ids, take))


def _windows(file: _File, ids: tuple[int, ...]) -> tuple[tuple[Number, Number], ...] | None:
    if "TIME_WINDOW_SECTION" not in file.sections:
        return None
    rows = _in_order(file, "TIME_WINDOW_SECTION", 3, ids, lambda line, rest: read_window(rest[:2], line))
    return tuple((ready, due) for ready, due in rows)


def _explicit(file: _File) -> bool:
    return file.headers.get("EDGE_WEIGHT_TYPE", (0, "EUC_2D"))[1].upper() == "EXPLICIT"


def _coordinates(file: _File, ids: tuple[int, ...]) -> Floats | None:
    if _explicit(file):
        return None
    if "NODE_COORD_SECTION" not in file.sections:
        raise refuse("truncated", "NODE_COORD_SECTION is missing", "complete the file; it may have been cut")

    def take(line: int, rest: list[str]) -> tuple[Number, ...]:
        return number(rest[0], line, "a coordinate"), number(rest[1], line, "a coordinate")

    return np.array(_in_order(file, "NODE_COORD_SECTION", 3, ids, take), dtype=np.float64)


def _matrix(file: _File) -> Floats | None:
    if not _explicit(file):
        return None
    if file.size > MAX_MATRIX_NODES:
        raise refuse("too_large", f"a matrix of {file.size} nodes", f"at most {MAX_MATRIX_NODES} are read")
    if "EDGE_WEIGHT_SECTION" not in file.sections:
        raise refuse("truncated", "EDGE_WEIGHT_SECTION is missing", "complete the file; it may have been cut")
    line, layout = file.headers.get("EDGE_WEIGHT_FORMAT", (0, "FULL_MATRIX"))
    kept = _kept(layout.upper(), file.size, line)
    values = _weights(file)
    if values.size != kept.sum():
        cause = f"{values.size} weights where {layout} of {file.size} nodes has {kept.sum()}"
        end = file.sections["EDGE_WEIGHT_SECTION"]
        raise refuse("truncated", cause, "complete the file", line=end[-1][0] if end else None)
    matrix = np.zeros((file.size, file.size))
    matrix[kept] = values
    if not kept.all():
        matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 0)
    return matrix


def _kept(layout: str, size: int, line: int) -> npt.NDArray[np.bool_]:
    """The cells that `layout` lists, row by row; the half that is not listed mirrors them."""
    whole_matrix = np.ones((size, size), dtype=np.bool_)
    diagonal = 0 if "DIAG" in layout else 1
    if layout == "FULL_MATRIX":
        return whole_matrix
    if layout in ("UPPER_ROW", "UPPER_DIAG_ROW", "LOWER_COL", "LOWER_DIAG_COL"):  # the mirror of one is the other
        return np.triu(whole_matrix, diagonal)
    if layout in ("LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_COL", "UPPER_DIAG_COL"):
        return np.tril(whole_matrix, -diagonal)
    raise refuse("unsupported", f"EDGE_WEIGHT_FORMAT is {layout[:30]!r}", "use FULL_MATRIX or a triangle", line=line)


def _weights(file: _File) -> Floats:
    parts = []
    for line, tokens in file.sections["EDGE_WEIGHT_SECTION"]:
        try:
            part = np.array(tokens, dtype=np.float64)
        except ValueError:
            part = np.array([number(token, line, "a weight") for token in tokens], dtype=np.float64)
        if not (np.isfinite(part).all() and part.min() >= 0 and part.max() <= MAX_NUMBER):
            raise refuse("number", "a weight is negative, infinite or too large", f"0 to {MAX_NUMBER}", line=line)
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros(0)


def _depot(file: _File, ids: tuple[int, ...]) -> int:
    """The depot's position in `ids`."""
    begin = file.begins.get("DEPOT_SECTION")
    named = [(line, tokens[0]) for line, tokens in file.sections.get("DEPOT_SECTION", []) if tokens[0] != "-1"]
    if not named:
        raise refuse("depot_missing", "no depot is named", "write DEPOT_SECTION, the depot's id, -1", line=begin)
    if len(named) > 1:
        raise refuse("unsupported", "more than one depot", "give a file of one depot", line=named[1][0])
    line, token = named[0]
    ident = whole(token, line, "the depot")
    if ident not in ids:
        raise refuse("depot_missing", f"the depot {ident} is no node", "name one of the nodes", line=line)
    return ids.index(ident)


def _depot_first(instance: Instance, depot: int) -> Instance:
    """The depot moved to the front; its service time, which some files give to all nodes, does not count."""
    order = [depot, *(place for place in range(len(instance)) if place != depot)]
    if instance.demand[depot]:
        raise refuse("depot_missing", f"the depot {instance.ids[depot]} has a demand", "name the depot's node")
    windows = instance.windows
    return Instance(
        name=instance.name,
        form="vrplib",
        ids=tuple(instance.ids[place] for place in order),
        demand=tuple(instance.demand[place] for place in order),
        service=(0, *(instance.service[place] for place in order[1:])),
        windows=windows and tuple(windows[place] for place in order),
        capacity=instance.capacity,
        vehicles=instance.vehicles,
        coords=None if instance.coords is None else instance.coords[order],
        matrix=None if instance.matrix is None else instance.matrix[np.ix_(order, order)],
        max_duration=instance.max_duration,
    )
