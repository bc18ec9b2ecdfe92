"""Hunks: all of them make the proposed routes, and whatever is taken with all that it needs fits."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.recovery.rules.hunks import applied, closed, parts_of

PROPERTY = settings(max_examples=100, deadline=None, derandomize=True)
ROUTES = ("a", "b", "c", "down")


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int], dict[str, int]]:
    """(before, after, load of each visit, room of each route): a route that is down gives and takes nothing, and both
    states fit."""
    visits = [f"s:{n}" for n in range(draw(st.integers(2, 10)))]
    load = {visit: draw(st.integers(1, 4)) for visit in visits}
    homes = {visit: draw(st.sampled_from((*ROUTES, ""))) for visit in visits}
    goes = {
        visit: draw(st.sampled_from(("a", "b", "c", *(["down"] if home == "down" else [""] if home == "" else []))))
        for visit, home in homes.items()
    }
    before = {route: [v for v in draw(st.permutations(visits)) if homes[v] == route] for route in ROUTES}
    after = {route: [v for v in draw(st.permutations(visits)) if goes[v] == route] for route in ROUTES}
    after["down"] = [visit for visit in before["down"] if goes[visit] == "down"]
    room = {
        route: max(sum(load[v] for v in before[route]), sum(load[v] for v in after[route])) + draw(st.integers(0, 1))
        for route in ROUTES
    }
    room["down"] = 1_000
    return before, after, load, room


def fits_in(load: dict[str, int], room: dict[str, int]):
    """Whether a route's load fits."""

    def fits(route: str, visits: Sequence[str]) -> bool:
        return sum(load[visit] for visit in visits) <= room[route]

    return fits


@PROPERTY
@given(changes())
def test_all_hunks_together_are_the_proposed_routes(made) -> None:
    before, after, load, room = made
    parts = parts_of(before, after, fits_in(load, room))
    assert applied(before, after, parts) == after
    assert applied(before, after, []) == before


@settings(PROPERTY, max_examples=400)
@given(changes(), st.data())
def test_any_hunks_with_all_that_they_need_fit_and_lose_no_visit(made, data) -> None:
    before, after, load, room = made
    fits = fits_in(load, room)
    parts = parts_of(before, after, fits)
    numbers = [part.number for part in parts]
    chosen = closed(data.draw(st.sets(st.sampled_from(numbers)) if numbers else st.just(set())), parts)
    then = applied(before, after, [part for part in parts if part.number in chosen])
    for route, visits in then.items():
        assert fits(route, visits), (route, visits)
    was = {visit for visits in before.values() for visit in visits}
    fresh = {visit for part in parts if part.number in chosen and not part.source for visit in part.visits}
    assert sorted(visit for visits in then.values() for visit in visits) == sorted(was | fresh)


@PROPERTY
@given(changes())
def test_a_halt_to_take_goods_over_goes_with_its_stop_and_comes_before_it(made) -> None:
    before, after, load, room = made
    taken = [v for visits in (after["a"], after["b"], after["c"]) for v in visits if v in before["down"]]
    with_halts = {route: list(visits) for route, visits in after.items()}
    for visit in taken:
        route = next(route for route, visits in with_halts.items() if visit in visits)
        with_halts[route].insert(0, f"m:{visit}")
    loads = {**load, **{f"m:{visit}": 0 for visit in taken}}
    parts = parts_of(before, with_halts, fits_in(loads, room))
    for part in parts:
        then = applied(before, with_halts, [part])[part.to]
        for visit in part.visits:
            if visit.startswith("m:"):
                assert visit.removeprefix("m:") in part.visits
                assert then.index(visit) < then.index(visit.removeprefix("m:"))


def test_what_needs_room_says_whose_leaving_makes_it() -> None:
    before = {"a": ["s:1"], "b": ["s:2"]}
    after = {"a": ["s:2"], "b": ["s:1"]}
    one, other = parts_of(before, after, lambda route, visits: len(visits) <= 1)
    assert (one.needs, other.needs) == ((other.number,), (one.number,))
    assert closed([one.number], [one, other]) == {one.number, other.number}
    free = parts_of(before, after, lambda route, visits: len(visits) <= 2)
    assert [part.needs for part in free] == [(), ()]
