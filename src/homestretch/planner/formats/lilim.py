"""Li and Lim's layout (2001): paired pickup and delivery with time windows.

Line 1: vehicles, capacity, speed (1, or 0, in the published files; not used). Then nine columns a row: id, x, y,
demand, earliest, latest, service, pickup, delivery. A pickup names its delivery in the last column and 0 in the one
before, a delivery the reverse; the first row is the depot.
"""

import numpy as np

from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.solomon import check_nodes
from homestretch.planner.formats.text import at_least_zero, columns, number, read_window, refuse, whole

Row = tuple[int, list[str]]


def read(text: str) -> Instance:
    """Refuses `format.pair_broken` besides what a Solomon file is refused for."""
    head, rows = _split(text)
    ids = [at_least_zero(whole(tokens[0], line, "the id"), line, "the id") for line, tokens in rows]
    check_nodes(rows, ids)
    demand = tuple(whole(tokens[3], line, "the demand") for line, tokens in rows)
    if demand[0] or rows[0][1][7:9] != ["0", "0"]:
        raise refuse("depot_missing", "the first row is no depot", "give it demand 0 and no pair", line=rows[0][0])
    service = tuple(number(tokens[6], line, "the service time") for line, tokens in rows)
    for (line, _), value in zip(rows, service, strict=True):
        if value < 0:
            raise refuse("negative", f"the service time is {value}", "give 0 or more", line=line)
    coords = [[number(token, line, "a coordinate") for token in tokens[1:3]] for line, tokens in rows]
    return Instance(
        name="",
        form="lilim",
        ids=tuple(ids),
        demand=demand,
        service=service,
        windows=tuple(read_window(tokens[4:6], line) for line, tokens in rows),
        capacity=head[1],
        vehicles=head[0],
        coords=np.array(coords, dtype=np.float64),
        pairs=_pairs(rows, ids, demand),
    )


def _split(text: str) -> tuple[tuple[int, int], list[Row]]:
    """(vehicles, capacity) of the first line, and the rows behind it."""
    for line, raw in enumerate(text.split("\n"), 1):
        tokens = raw.split()
        if not tokens:
            continue
        if len(tokens) < 2:
            raise refuse("truncated", "vehicles and capacity are needed", "write: vehicles capacity speed", line=line)
        vehicles, capacity = (at_least_zero(whole(token, line, "the fleet"), line, "the fleet") for token in tokens[:2])
        if len(tokens) > 2 and number(tokens[2], line, "the speed") not in (0, 1):
            raise refuse("unsupported", f"the speed is {tokens[2][:30]}", "give times for speed 1", line=line)
        return (vehicles, capacity), columns(text, line + 1, 9)
    raise refuse("empty", "the file is empty", "give a Li & Lim file")


def _pairs(rows: list[Row], ids: list[int], demand: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Positions of (pickup, delivery); each node but the depot stands in exactly one pair of opposite demands."""
    position = {ident: place for place, ident in enumerate(ids)}
    links = [tuple(whole(token, line, "a pair's id") for token in tokens[7:9]) for line, tokens in rows]
    pairs = []
    for place in range(1, len(rows)):
        line = rows[place][0]
        collect, deliver = links[place]
        if (collect == 0) == (deliver == 0):
            raise refuse("pair_broken", f"node {ids[place]} has no partner, or two", "name one partner", line=line)
        partner = position.get(deliver or collect)
        if partner is None or links[partner] != ((ids[place], 0) if deliver else (0, ids[place])):
            raise refuse("pair_broken", f"node {ids[place]} and its partner disagree", "name each other", line=line)
        if deliver:
            if demand[place] < 0 or demand[partner] != -demand[place]:
                raise refuse("pair_broken", f"node {ids[place]} takes up {demand[place]}, its delivery differs",
                             "give the two opposite demands", line=line)  # fmt: skip
            pairs.append((place, partner))
    return tuple(pairs)
