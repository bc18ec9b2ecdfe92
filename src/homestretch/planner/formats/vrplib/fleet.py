"""Vehicles that a VRPLIB file tells apart: sections of one row a vehicle, or a header for all of them."""

from homestretch.planner.formats.instance import Vehicle
from homestretch.planner.formats.text import Number, at_least_zero, number, refuse, whole
from homestretch.planner.formats.vrplib.lines import FLEET, FLEET_HEADERS, File, whole_header

MAX_VEHICLES = 20_000


def fleet_of(file: File, ids: tuple[int, ...], depots: int) -> tuple[Vehicle, ...] | None:
    """In the file's order; None where it says nothing of single vehicles. The first `depots` of `ids` are the depots.

    Refuses `format.truncated`, `format.unsupported` and bad numbers, with the line.
    """
    if not (FLEET & file.sections.keys() or FLEET_HEADERS & file.headers.keys()):
        return None
    count = _count(file)
    capacity = _each(file, "CAPACITY", count)
    fixed = _each(file, "VEHICLES_FIXED_COST", count)
    rates = _each(file, "VEHICLES_UNIT_DISTANCE_COST", count)
    farthest = _each(file, "VEHICLES_MAX_DISTANCE", count)
    longest = _each(file, "VEHICLES_MAX_DURATION", count)
    times = _each(file, "VEHICLES_MAX_RELOADS", count)
    starts = _lists(file, "VEHICLES_DEPOT_SECTION", count, ids)
    reloads = _lists(file, "VEHICLES_RELOAD_DEPOT_SECTION", count, ids)
    allowed = _lists(file, "VEHICLES_ALLOWED_CLIENTS_SECTION", count, ids)
    _refuse_other_depots(file, starts, reloads, depots)
    customers = frozenset(range(depots, len(ids)))
    barred = {places: customers - set(places) for places in set(allowed or [])}
    return tuple(
        Vehicle(
            depot=starts[one][0] if starts else 0,
            capacity=_whole(capacity, one, "CAPACITY"),
            fixed=fixed[one] if fixed else 0,
            rate=1 if rates is None else _whole(rates, one, "VEHICLES_UNIT_DISTANCE_COST") or 0,
            max_distance=farthest[one] if farthest else None,
            max_duration=longest[one] if longest else None,
            reloads=reloads[one] if reloads else (),
            max_reloads=_whole(times, one, "VEHICLES_MAX_RELOADS"),
            barred=barred[allowed[one]] if allowed else frozenset(),
        )
        for one in range(count)
    )


def _count(file: File) -> int:
    count = whole_header(file, "VEHICLES")
    if not count:
        raise refuse("truncated", "there are vehicles' sections and no VEHICLES", "write VEHICLES : n above them")
    if count > MAX_VEHICLES:
        raise refuse("too_large", f"{count} vehicles", f"at most {MAX_VEHICLES} are read")
    return count


def _rows(file: File, section: str, count: int) -> list[tuple[int, list[str]]]:
    """(line, the tokens behind its number) of each vehicle."""
    rows = file.sections[section]
    if [tokens[0] for _, tokens in rows] != [str(one) for one in range(1, count + 1)]:
        cause = f"{section} does not number the {count} vehicles from 1"
        raise refuse("truncated", cause, "write one row for each, in order", line=file.begins[section])
    return [(line, tokens[1:]) for line, tokens in rows]


def _each(file: File, name: str, count: int) -> list[Number] | None:
    """One number a vehicle, from the section or the header; None where the file has neither."""
    if f"{name}_SECTION" in file.sections:
        found = []
        for line, tokens in _rows(file, f"{name}_SECTION", count):
            if len(tokens) != 1:
                raise refuse("unsupported", f"{len(tokens)} numbers for a vehicle", "give one dimension", line=line)
            found.append(_not_negative(number(tokens[0], line, name), line, name))
        return found
    if name in file.headers:
        line, value = file.headers[name]
        return [_not_negative(number(value, line, name), line, name)] * count
    return None


def _not_negative(value: Number, line: int, what: str) -> Number:
    if value < 0:
        raise refuse("negative", f"{what} is {value}", "give 0 or more", line=line)
    return value


def _whole(values: list[Number] | None, one: int, name: str) -> int | None:
    if values is None:
        return None
    value = values[one]
    if not isinstance(value, int):
        raise refuse("not_whole", f"{name} is {value}", "write a whole number")
    return value


def _lists(file: File, section: str, count: int, ids: tuple[int, ...]) -> list[tuple[int, ...]] | None:
    """Positions in `ids` of the nodes that each vehicle's row names."""
    if section not in file.sections:
        return None
    position = {ident: place for place, ident in enumerate(ids)}
    found: list[tuple[int, ...]] = []
    seen: dict[tuple[str, ...], tuple[int, ...]] = {}
    for line, tokens in _rows(file, section, count):
        key = tuple(tokens)
        if key not in seen:
            named = [at_least_zero(whole(token, line, "a node"), line, "a node") for token in tokens]
            if unknown := [ident for ident in named if ident not in position]:
                raise refuse("unknown_customer", f"{section} names {unknown[0]}, which is no node", "name one",
                             line=line)  # fmt: skip
            seen[key] = tuple(position[ident] for ident in named)
        found.append(seen[key])
    return found


def _refuse_other_depots(
    file: File, starts: list[tuple[int, ...]] | None, reloads: list[tuple[int, ...]] | None, depots: int
) -> None:
    for section, lists, most in (("VEHICLES_DEPOT_SECTION", starts, 1), ("VEHICLES_RELOAD_DEPOT_SECTION", reloads, 1)):
        for places in set(lists or []):
            line = file.begins[section]
            if any(place >= depots for place in places):
                raise refuse("depot_missing", f"{section} names a node that is no depot", "name a depot", line=line)
            if len(places) > most or (lists is starts and not places):
                raise refuse("unsupported", f"{section} names {len(places)} depots", "name one a vehicle", line=line)
