"""VRPLIB, the layout of CVRPLIB and TSPLIB 95, with the fields that PyVRP adds to it for richer problems.

Coordinates (EUC_2D) or an explicit matrix, symmetric or not. Several depots, vehicles told apart (capacity, costs,
depot, limits, whom they may serve, reloads), release times, prizes, backhauls and groups of which one is served. Any
other section is refused by name, never skipped, for a file half read is a different question.
"""

import numpy as np

from homestretch.planner.formats.instance import Floats, Instance
from homestretch.planner.formats.text import Number, at_least_zero, number, read_window, refuse, whole
from homestretch.planner.formats.vrplib.fleet import fleet_of
from homestretch.planner.formats.vrplib.lines import (
    FLEET,
    HEADERS,
    File,
    by_node,
    dimension,
    in_order,
    number_header,
    sorted_out,
    whole_header,
)
from homestretch.planner.formats.vrplib.weights import is_explicit, matrix_of

__all__ = ["HEADERS", "read"]

TYPES = {"CVRP", "VRPTW", "CVRPTW", "DCVRP", "ACVRP", "VRP", "MDVRP", "MDVRPTW", "SDVRP", "SDVRPTW", "HFVRP", "HFVRPTW",
         "MTVRP", "MTVRPTW", "MTVRPTWR", "VRPB", "VRPBTW", "PCVRP", "PCVRPTW", "GVRP", "GVRPTW"}  # fmt: skip
BACKHAULS_LAST = {"VRPB", "VRPBTW"}


def read(text: str) -> Instance:
    """Refuses `format.truncated`, `format.unsupported`, `format.depot_missing` and bad numbers, with the line."""
    file = sorted_out(text)
    file.size = dimension(file)
    kind = _supported(file)
    demand_of = _demands(file)
    depots = _depots(file, list(demand_of))
    ids = (*depots, *(ident for ident in demand_of if ident not in depots))
    fleet = fleet_of(file, ids, len(depots))
    instance = Instance(
        name=file.headers.get("NAME", (0, ""))[1],
        form="vrplib",
        ids=ids,
        demand=tuple(demand_of[ident] for ident in ids),
        service=(*(0 for _ in depots), *_services(file, ids)[len(depots) :]),
        windows=_windows(file, ids),
        capacity=None if fleet else whole_header(file, "CAPACITY"),
        vehicles=None if fleet else whole_header(file, "VEHICLES"),
        coords=_coordinates(file, ids),
        matrix=_matrix(file, list(demand_of), ids),
        max_duration=number_header(file, "DISTANCE"),
        depots=len(depots),
        fleet=fleet,
        collect=_amounts(file, "BACKHAUL_SECTION", ids),
        release=_numbers(file, "RELEASE_TIME_SECTION", ids),
        prizes=_numbers(file, "PRIZE_SECTION", ids),
        groups=_groups(file, ids, len(depots)),
        backhauls_last=kind in BACKHAULS_LAST,
    )
    return _held_together(instance)


def _supported(file: File) -> str:
    line, kind = file.headers.get("TYPE", (0, "CVRP"))
    if kind.upper() not in TYPES:
        raise refuse("unsupported", f"TYPE is {kind[:30]!r}", f"these are read: {', '.join(sorted(TYPES))}", line=line)
    line, weights = file.headers.get("EDGE_WEIGHT_TYPE", (0, "EUC_2D"))
    if weights.upper() not in ("EUC_2D", "EXPLICIT"):
        raise refuse("unsupported", f"EDGE_WEIGHT_TYPE is {weights[:30]!r}", "EUC_2D and EXPLICIT are read", line=line)
    return kind.upper()


def _demands(file: File) -> dict[int, int]:
    """By id, in the file's order."""
    section = "LINEHAUL_SECTION" if "LINEHAUL_SECTION" in file.sections else "DEMAND_SECTION"
    if section not in file.sections:
        raise refuse("truncated", "DEMAND_SECTION is missing", "complete the file; it may have been cut")
    rows = by_node(file, section, 2)
    return {ident: at_least_zero(whole(rest[0], line, "the demand"), line, "the demand") for line, ident, rest in rows}


def _depots(file: File, ids: list[int]) -> tuple[int, ...]:
    """Their ids. A file of vehicles that names none starts from its first node, as PyVRP has it."""
    begin = file.begins.get("DEPOT_SECTION")
    named = [(line, tokens[0]) for line, tokens in file.sections.get("DEPOT_SECTION", []) if tokens[0] != "-1"]
    if not named and begin is None and FLEET & file.sections.keys():
        return (ids[0],)
    if not named:
        raise refuse("depot_missing", "no depot is named", "write DEPOT_SECTION, the depot's id, -1", line=begin)
    if len(named) > 1 and "VEHICLES_DEPOT_SECTION" not in file.sections:
        remedy = "say where each vehicle starts: VEHICLES_DEPOT_SECTION"
        raise refuse("unsupported", "more than one depot", remedy, line=named[1][0])
    found = [whole(token, line, "the depot") for line, token in named]
    for (line, _), ident in zip(named, found, strict=True):
        if ident not in ids or found.count(ident) > 1:
            raise refuse("depot_missing", f"the depot {ident} is no node, or stands twice", "name a node", line=line)
    return tuple(found)


def _services(file: File, ids: tuple[int, ...]) -> tuple[Number, ...]:
    if "SERVICE_TIME_SECTION" not in file.sections:
        each = number_header(file, "SERVICE_TIME") or 0
        return (each,) * len(ids)

    def take(line: int, rest: list[str]) -> tuple[Number, ...]:
        value = number(rest[0], line, "the service time")
        if value < 0:
            raise refuse("negative", f"the service time is {value}", "give 0 or more", line=line)
        return (value,)

    return tuple(value for (value,) in in_order(file, "SERVICE_TIME_SECTION", 2, ids, take))


def _windows(file: File, ids: tuple[int, ...]) -> tuple[tuple[Number, Number], ...] | None:
    if "TIME_WINDOW_SECTION" not in file.sections:
        return None
    rows = in_order(file, "TIME_WINDOW_SECTION", 3, ids, lambda line, rest: read_window(rest[:2], line))
    return tuple((ready, due) for ready, due in rows)


def _coordinates(file: File, ids: tuple[int, ...]) -> Floats | None:
    if is_explicit(file):
        return None
    if "NODE_COORD_SECTION" not in file.sections:
        raise refuse("truncated", "NODE_COORD_SECTION is missing", "complete the file; it may have been cut")

    def take(line: int, rest: list[str]) -> tuple[Number, ...]:
        return number(rest[0], line, "a coordinate"), number(rest[1], line, "a coordinate")

    return np.array(in_order(file, "NODE_COORD_SECTION", 3, ids, take), dtype=np.float64)


def _matrix(file: File, written: list[int], ids: tuple[int, ...]) -> Floats | None:
    matrix = matrix_of(file)
    order = [written.index(ident) for ident in ids] if matrix is not None else []
    return None if matrix is None else matrix[np.ix_(order, order)]


def _amounts(file: File, section: str, ids: tuple[int, ...]) -> tuple[int, ...] | None:
    if section not in file.sections:
        return None
    rows = in_order(file, section, 2, ids, lambda line, rest: (whole(rest[0], line, "an amount"),))
    return tuple(int(value) for (value,) in _not_negative(rows, section))


def _numbers(file: File, section: str, ids: tuple[int, ...]) -> tuple[Number, ...] | None:
    if section not in file.sections:
        return None
    rows = in_order(file, section, 2, ids, lambda line, rest: (number(rest[0], line, "a number"),))
    return tuple(value for (value,) in _not_negative(rows, section))


def _not_negative(rows: list[tuple[Number, ...]], section: str) -> list[tuple[Number, ...]]:
    least = min(min(row) for row in rows)
    if least < 0:
        raise refuse("negative", f"{section} has {least}", "give 0 or more")
    return rows


def _groups(file: File, ids: tuple[int, ...], depots: int) -> tuple[tuple[int, ...], ...]:
    """Positions in `ids` of each group of two or more; a row is the group's number and its members."""
    position = {ident: place for place, ident in enumerate(ids)}
    groups: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for line, tokens in file.sections.get("MUTUALLY_EXCLUSIVE_GROUP_SECTION", []):
        members = tuple(position.get(whole(token, line, "a member"), -1) for token in tokens[1:])
        if any(place < depots or place in seen for place in members) or len(set(members)) < len(members):
            raise refuse("unknown_customer", "a member is no customer, or in two groups", "name it once", line=line)
        seen.update(members)
        groups.append(members)
    return tuple(group for group in groups if len(group) > 1)


def _held_together(instance: Instance) -> Instance:
    """Refuses what the parts of a file say against each other."""
    if instance.capacity is None and instance.fleet is None and any((*instance.demand, *(instance.collect or ()))):
        raise refuse("truncated", "there are demands and no CAPACITY", "write CAPACITY : n above the sections")
    for place in range(instance.depots):
        if instance.demand[place] or (instance.collect and instance.collect[place]):
            raise refuse("depot_missing", f"the depot {instance.ids[place]} has a demand", "name the depot's node")
    return instance
