"""Random small problems and plans for properties: up to eight visits, three vans, two dimensions, every rule."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from homestretch.planner.problem import (
    Break,
    Costs,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Route,
    Shift,
    Travel,
    Visit,
    Window,
)

PLACES = 6

PROPERTY = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
"""The same examples each time, so that a run of the tests never fails by chance."""


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """Up to three that do not overlap."""
    edges = sorted(draw(st.lists(st.integers(0, 4000), max_size=6, unique=True)))
    return tuple(Window(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


def loads() -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(["weight", "pieces"]), st.integers(0, 5), max_size=2)


def skills() -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(["crane", "cold"]), max_size=1)


def visits(number: int) -> st.SearchStrategy[Visit]:
    return st.builds(
        Visit,
        id=st.just(f"v{number}"),
        place=st.integers(0, PLACES - 1),
        windows=windows(),
        service=st.integers(0, 300),
        deliver=loads(),
        collect=loads(),
        skills=skills(),
        prize=st.one_of(st.none(), st.integers(0, 1000)),
        release=st.sampled_from([0, 0, 500]),
    )


@st.composite
def breaks(draw: st.DrawFn) -> tuple[Break, ...]:
    made = []
    for _ in range(draw(st.integers(0, 2))):
        earliest = draw(st.integers(0, 3000))
        latest = earliest + draw(st.integers(0, 1500))
        made.append(Break(draw(st.integers(0, 600)), earliest, latest, draw(st.booleans())))
    return tuple(made)


def shifts(number: int) -> st.SearchStrategy[Shift]:
    return st.builds(
        Shift,
        id=st.just(f"s{number}"),
        start_place=st.integers(0, 1),
        end_place=st.integers(0, 1),
        start=st.integers(0, 500),
        end=st.integers(3000, 6000),
        capacity=st.dictionaries(st.sampled_from(["weight", "pieces"]), st.integers(3, 15), max_size=2),
        skills=st.sampled_from([frozenset(), frozenset({"crane"}), frozenset({"crane", "cold"})]),
        costs=st.builds(Costs, fixed=st.integers(0, 50), per_hour=st.integers(0, 3000), per_km=st.integers(0, 100)),
        breaks=breaks(),
        max_stops=st.one_of(st.none(), st.integers(1, 5)),
        max_distance=st.one_of(st.none(), st.integers(500, 5000)),
        max_duration=st.one_of(st.none(), st.integers(500, 5000)),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    made = [draw(visits(number)) for number in range(draw(st.integers(1, 8)))]
    vans = [draw(shifts(number)) for number in range(draw(st.integers(1, 3)))]
    dice = draw(st.randoms(use_true_random=False))
    durations = [[0 if a == b else dice.randint(1, 400) for b in range(PLACES)] for a in range(PLACES)]
    names = [visit.id for visit in made]
    paired = draw(st.integers(0, len(names) // 2))
    pairs = [Pair(names[2 * number], names[2 * number + 1], draw(loads())) for number in range(paired)]
    locks = [Lock(names[-1], "s0")] if draw(st.booleans()) and paired * 2 < len(names) else []
    travel = Travel({"van": Matrix(durations, [[2 * value for value in row] for row in durations])})
    return Problem(made, vans, travel, pairs=pairs, locks=locks, dimensions=["weight", "pieces"])


@st.composite
def planned(draw: st.DrawFn) -> tuple[Problem, Plan]:
    """A problem and any plan that has every visit once: most such plans breach something."""
    problem = draw(problems())
    order = draw(st.permutations([visit.id for visit in problem.visits]))
    bins: dict[str, list[str]] = {shift.id: [] for shift in problem.shifts}
    bins[""] = []
    for name in order:
        bins[draw(st.sampled_from(sorted(bins)))].append(name)
    left_out = bins.pop("")
    return problem, Plan(tuple(Route(name, tuple(stops)) for name, stops in bins.items()), tuple(left_out))
