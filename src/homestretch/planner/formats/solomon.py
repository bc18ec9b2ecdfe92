"""Solomon's layout (1987), also of Gehring and Homberger: VRPTW with Euclidean coordinates.

Line 1 is the name; then VEHICLE with NUMBER and CAPACITY, CUSTOMER with seven columns: CUST NO., XCOORD., YCOORD.,
DEMAND, READY TIME, DUE DATE, SERVICE TIME. The first row is the depot.
"""

import numpy as np

from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.text import (
    MAX_NODES,
    Number,
    at_least_zero,
    columns,
    number,
    read_window,
    refuse,
    whole,
)

_REMEDY = "compare with a file of Solomon's: name, VEHICLE, NUMBER CAPACITY, CUSTOMER, then seven columns a row"


def read(text: str) -> Instance:
    """Refuses `format.truncated`, `format.depot_missing` and what single numbers are refused for, with the line."""
    fleet_line, vehicles, capacity = _fleet(text)
    rows = columns(text, _first_row(text, fleet_line), 7)
    nodes = [_node(line, tokens) for line, tokens in rows]
    check_nodes(rows, [node[0] for node in nodes])
    if nodes[0][2]:
        raise refuse("depot_missing", "the first row has a demand, so it is no depot", _REMEDY, line=rows[0][0])
    ids, coords, demand, windows, service = zip(*nodes, strict=True)
    return Instance(
        name=text.split("\n", 1)[0].strip(),
        form="solomon",
        ids=ids,
        demand=demand,
        service=service,
        windows=windows,
        capacity=capacity,
        vehicles=vehicles,
        coords=np.array(coords, dtype=np.float64),
    )


def check_nodes(rows: list[tuple[int, list[str]]], ids: list[int]) -> None:
    """Refuses `format.depot_missing`, `format.truncated`, `format.too_large` and `format.duplicate_id`."""
    if not rows:
        raise refuse("depot_missing", "no row of a depot was found", "the first row is the depot")
    if len(rows) == 1:
        raise refuse("truncated", "there is a depot and no customer", "complete the file", line=rows[0][0])
    if len(rows) > MAX_NODES:
        raise refuse("too_large", f"{len(rows)} nodes", f"at most {MAX_NODES} are read", line=rows[MAX_NODES][0])
    seen: set[int] = set()
    for (line, _), ident in zip(rows, ids, strict=True):
        if ident in seen:
            raise refuse("duplicate_id", f"node {ident} stands twice", "number the rows apart", line=line)
        seen.add(ident)


def _fleet(text: str) -> tuple[int, int, int]:
    """(line, vehicles, capacity): the first line of two whole numbers behind VEHICLE."""
    begun = False
    for line, raw in enumerate(text.split("\n"), 1):
        tokens = raw.split()
        if tokens and tokens[0].upper() == "VEHICLE":
            begun = True
        elif begun and tokens and tokens[0].upper() != "NUMBER":
            if len(tokens) < 2:
                raise refuse("truncated", "NUMBER and CAPACITY are needed", _REMEDY, line=line)
            vehicles = at_least_zero(whole(tokens[0], line, "NUMBER"), line, "NUMBER")
            return line, vehicles, at_least_zero(whole(tokens[1], line, "CAPACITY"), line, "CAPACITY")
    raise refuse("truncated", "VEHICLE, or the line with NUMBER and CAPACITY, is missing", _REMEDY)


def _first_row(text: str, after: int) -> int:
    """The line behind CUSTOMER and its headings."""
    for line, raw in enumerate(text.split("\n"), 1):
        if line > after and raw.strip().upper().startswith("CUST NO"):
            return line + 1
    raise refuse("truncated", "the CUSTOMER section is missing", _REMEDY)


def _node(line: int, tokens: list[str]) -> tuple[int, tuple[Number, Number], int, tuple[Number, Number], Number]:
    """(id, coordinates, demand, window, service) of one row."""
    ident = at_least_zero(whole(tokens[0], line, "CUST NO."), line, "CUST NO.")
    coords = number(tokens[1], line, "XCOORD."), number(tokens[2], line, "YCOORD.")
    demand = at_least_zero(whole(tokens[3], line, "DEMAND"), line, "DEMAND")
    service = number(tokens[6], line, "SERVICE TIME")
    if service < 0:
        raise refuse("negative", f"SERVICE TIME is {service}", "give 0 or more", line=line)
    return ident, coords, demand, read_window(tokens[4:6], line), service
