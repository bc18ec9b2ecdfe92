"""What a run reads, and how a file is changed for it."""

from pathlib import Path

import numpy as np
import pytest

from bench.instances import Row, listed, load
from bench.judged import verdict
from bench.peers import Tour
from bench.perturbed import perturbed
from homestretch.planner.formats import guess
from homestretch.planner.formats.instance import Instance
from tests.bench.small import SOLOMON, a_case, folder_of


def test_the_list_gives_each_class_its_files_with_the_best_known_in_the_conventions_unit(tmp_path: Path) -> None:
    data = folder_of(tmp_path)
    assert [(row.best, row.vehicles) for row in listed(data, ["vrptw"])] == [(615, None)]
    assert [(row.best, row.vehicles) for row in listed(data, ["vrptw-vehicles-first"])] == [(62_000, 3)]
    assert [(row.file, row.best) for row in listed(data, ["multi-trip"])] == [("rich/MTVRPTWR_small.vrp", 400)]


@pytest.mark.parametrize(
    ("customers", "size"), [(100, 100), (106, 100), (246, 200), (208, 200), (535, 500), (956, 1000)]
)
def test_a_file_belongs_to_the_nearest_usual_size(customers: int, size: int) -> None:
    assert Row("cvrp", "x", customers, None).size == size


def test_every_side_is_told_the_same_integers(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    meters, seconds = case.matrices()
    assert meters[0].tolist() == [0, 50, 100, 90, 120, 90]
    assert (meters == seconds).all()
    assert case.windows()[2] == (100, 1600)
    assert case.service() == [0, 100, 100, 50, 50, 50]
    assert [(van.numbers, van.capacity, van.closes) for van in case.vans()] == [((1, 2, 3), 10, 2000)]


def test_an_answer_is_judged_by_the_file_and_trips_by_their_loads(tmp_path: Path) -> None:
    data = folder_of(tmp_path)
    case = load(data, listed(data, ["multi-trip"])[0])
    sound = verdict(case, [Tour(1, ((1,), (2,))), Tour(2, ((3,),))])
    assert (sound.findings, sound.cost, sound.vehicles) == ((), 100 + 200 + 100, 2)
    heavy = verdict(case, [Tour(1, ((1, 2),)), Tour(2, ((3,),))])
    assert [finding.code for finding in heavy.findings] == ["capacity"]
    assert [f.code for f in verdict(case, [Tour(1, ((1,), (2,)))]).findings] == ["missing"]
    assert "fleet" in [f.code for f in verdict(case, [Tour(3, ((1,), (2,), (3,)))]).findings]


def _read(text: str) -> Instance:
    found = guess.read(text.encode())
    assert isinstance(found, Instance)
    return found


def test_a_perturbed_file_keeps_four_of_five_customers_turned_and_with_other_windows() -> None:
    before = _read(SOLOMON)
    after = perturbed(before, 3)
    assert len(after) == 5
    assert set(after.ids) < set(before.ids)
    places = [before.ids.index(ident) for ident in after.ids]
    distances = [np.hypot(*(i.coords[p] - i.coords[0])) for i, ps in ((before, places), (after, range(5))) for p in ps]
    assert distances[:5] == pytest.approx(distances[5:])
    assert not np.allclose(before.coords[places], after.coords)
    assert after.windows != tuple(before.windows[place] for place in places)
    assert after.windows[0] == before.windows[0]


def test_the_seed_decides_the_perturbed_file() -> None:
    one, same, other = (perturbed(_read(SOLOMON), seed) for seed in (1, 1, 2))
    assert (one.ids, one.windows) == (same.ids, same.windows)
    assert (one.ids, one.windows) != (other.ids, other.windows)


@pytest.mark.parametrize("seed", range(20))
def test_everybody_in_a_perturbed_file_can_be_served_alone(seed: int) -> None:
    narrow = SOLOMON.replace("20           160", "119          121").replace("  3         10", "  9         10")
    changed = perturbed(_read(narrow), seed)
    from homestretch.planner.formats.judge import judge
    from homestretch.planner.problem import Plan, Route

    alone = Plan(tuple(Route(str(n), (str(ident),)) for n, ident in enumerate(changed.ids[1:], 1)))
    assert judge(changed, "dimacs", alone).findings == ()


def test_a_pair_stays_or_goes_as_one() -> None:
    rows = ["4 9 1", "0 0 0 0 0 500 0 0 0"]
    for n in range(1, 6):
        rows += [f"{2 * n - 1} {n} 1 2 0 200 1 0 {2 * n}", f"{2 * n} {n} 5 -2 0 300 1 {2 * n - 1} 0"]
    after = perturbed(_read("\n".join(rows)), 4)
    assert len(after.pairs) == 4
    assert all(after.demand[a] == -after.demand[b] == 2 for a, b in after.pairs)
    assert all(after.ids[b] == after.ids[a] + 1 for a, b in after.pairs)
