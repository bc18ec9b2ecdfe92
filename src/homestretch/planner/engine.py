"""PyVRP 0.14 as the engine: a problem becomes its model, its best solution a plan. Everything of PyVRP is in this file.

How our words become its words: a shift is a vehicle of a type (equal shifts share one); each visit has a location of
its own; several windows are a group of clients of which one is served; a pair is a shipment; a set of skills, and a
lock to a shift, is a matrix profile without ways to the visits it forbids; `max_stops` is one more load. Breaks only
shorten the shift; `settled` makes true what that leaves open. What has no word of PyVRP's is refused as
`engine.unsupported`.

Visits are first all required, which searches best. If that yields nothing that can be driven, every visit becomes
optional at a price above any detour, so that too much work leaves visits out instead of making a plan that fails.
"""

import warnings
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyManager, PenaltyParams
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, PerturbationManager, compute_neighbours

from homestretch.planner.cost import plan_rank
from homestretch.planner.problem import UNREACHABLE, Pair, Plan, Problem, Route, Shift, Visit
from homestretch.planner.schedule import schedule
from homestretch.planner.settle import settled
from homestretch.planner.stopping import Progress, Until, Watch
from homestretch.planner.terms import (
    above_detours,
    equal_shifts,
    fewest_shifts,
    lowered_prizes,
    may_serve,
    refuse_too_large,
    refuse_unsupported,
    scaled_costs,
    servable,
    unfillable,
    whole_pair,
    window_at,
    without_past,
)

NO_LIMIT = int(np.iinfo(np.int64).max)
INFEASIBLE = NO_LIMIT // 2  # PyVRP says the largest integer for the cost of what cannot be driven
ENDLESS = 2**39  # seconds: an end this far off limits nothing, and PyVRP is faster without it
PATIENCE = 250  # iterations in which required visits must fit; tried files had their first such plan in the first one
FEWER = 100  # iterations of the first turn in which one vehicle less is tried
LARGE = 2500  # locations beyond which PyVRP's neighborhoods and exhaustive searches take seconds
NEAREST = 40


def solve(problem: Problem, *, seed: int, until: Until, start: Plan | None = None, watch: Watch | None = None) -> Plan:
    """The best plan found until `until()` says stop; with `start` never a worse one than that, if it can be driven.

    The plan breaches nothing, except that visits are `unassigned`, required or locked ones too where it must be. The
    same seed and a stop by iterations give the same plan. The problem must pass `validate`. Refuses
    `engine.unsupported` and `engine.too_large`.
    """
    refuse_unsupported(problem)
    found = Plan((), tuple(visit.id for visit in problem.visits))
    model = _Model(without_past(problem))
    if model.served:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyVRP's hints on scaling and penalties are for its own users
            found = _search(model, seed, until, start, watch)
    plans = [settled(problem, plan) for plan in (found, start) if plan is not None]
    return min(plans, key=lambda plan: plan_rank(problem, plan))


def _search(model: "_Model", seed: int, until: Until, start: Plan | None, watch: Watch | None) -> Plan:
    run = _Run(model, seed, until, watch)
    if model.problem.goals.vehicles_first and len(model.kinds) == 1 and not model.problem.pairs:
        best = run.fewest(start)
    else:
        best = run.improve(model.data(), start, _Stop(run, patience=PATIENCE))
    if not best.is_feasible() and not run.over:
        best = run.improve(model.data(optional=True), start, _Stop(run))
    return model.plan(best)


class _Run:
    """One search: the stopping rule, the count of iterations and whom to tell."""

    def __init__(self, model: "_Model", seed: int, until: Until, watch: Watch | None) -> None:
        self.model = model
        self.seed = seed
        self.until = until
        self.watch = watch
        self.begun = perf_counter()
        self.iterations = 0
        self.over = False

    def fewest(self, start: Plan | None) -> pyvrp.Solution:
        """Tries one vehicle less and improves with as many as are known to do, in turns that grow longer. On Solomon's
        files this finds fewer than a high fixed cost alone does, on Li and Lim's pairs the reverse."""
        best = self.improve(self.model.data(), start, _Stop(self, patience=PATIENCE, first=True))
        steps, least = FEWER, fewest_shifts(self.model.problem)
        while best.is_feasible() and not self.over:
            vehicles = best.num_routes()
            if vehicles > least:
                stop = _Stop(self, patience=steps, first=True)
                fewer = self.improve(self.model.data(fleet=vehicles - 1), None, stop)
                if fewer.is_feasible():
                    best = fewer
                    continue
            stop = _Stop(self, steps=steps)
            best = self.improve(self.model.data(fleet=vehicles), self.model.plan(best), stop)
            steps *= 2
        return best

    def improve(self, data: pyvrp.ProblemData, start: Plan | None, stop: "_Stop") -> pyvrp.Solution:
        """PyVRP's iterated local search; where nothing is required it begins from what can be driven."""
        rng = pyvrp.RandomNumberGenerator(seed=self.seed)
        self.seed = (self.seed + 1) % 2**32  # another turn of one search takes another way
        local = LocalSearch(data, rng, _neighbors(data), PerturbationManager())
        for operator in OPERATORS:
            if operator.supports(data):
                local.add_operator(operator(data))
        penalty = PenaltyParams(max_penalty=self.model.max_penalty)
        penalties = PenaltyManager(penalty.midpoint_penalties(data), penalty)
        if start is not None:
            first = self.model.solution(data, start)
        else:
            first = local(pyvrp.Solution.make_random(data, rng), penalties.max_cost_evaluator(), exhaustive=True)
        if not first.is_feasible() and stop.patience is None:
            first = pyvrp.Solution(data, [route for route in first.routes() if route.is_feasible()])
        small = data.num_locations <= LARGE
        params = IteratedLocalSearchParams(exhaustive_on_best=small, callbacks=_Teller(self))
        return IteratedLocalSearch(data, penalties, local, first, params).run(stop, collect_stats=False).best


def _neighbors(data: pyvrp.ProblemData) -> dict[pyvrp.Activity, list[pyvrp.Activity]]:
    """Whom PyVRP tries for a move; for many visits without pairs just the nearest (its own way takes 7 s for 6000)."""
    if data.num_locations <= LARGE or data.num_shipments:
        return compute_neighbours(data, NeighbourhoodParams())
    places = np.array([client.location for client in data.clients()])
    acts = [pyvrp.Activity(pyvrp.ActivityType.CLIENT, number) for number in range(len(places))]
    distances = data.distance_matrix(0)
    neighbors = {}
    for number, place in enumerate(places):
        row = np.minimum(distances[place, places], distances[places, place])
        row[number] = NO_LIMIT
        nearest = np.argpartition(row, NEAREST)[:NEAREST]
        neighbors[acts[number]] = [acts[other] for other in sorted(nearest, key=row.__getitem__)]
    return neighbors


class _Stop:
    """Asks whether to stop, in PyVRP's form, and counts iterations: when the search is over, after `steps`, after
    `patience` without anything feasible, or with `first` as soon as something is."""

    def __init__(
        self, run: _Run, *, steps: int | None = None, patience: int | None = None, first: bool = False
    ) -> None:
        self.run = run
        self.steps = steps
        self.patience = patience
        self.first = first
        self.made = 0
        self.feasible = False

    def __call__(self, best_cost: int) -> bool:
        self.feasible = self.feasible or best_cost < INFEASIBLE
        self.run.over = self.run.until()
        hopeless = self.patience is not None and not self.feasible and self.made >= self.patience
        if self.run.over or hopeless or self.made == self.steps or (self.first and self.feasible):
            return True
        self.made += 1
        self.run.iterations += 1
        return False


class _Teller(IteratedLocalSearchCallbacks):
    """Tells of the first plan and of each better one."""

    def __init__(self, run: _Run) -> None:
        self.run = run

    def on_start(self, ils: IteratedLocalSearch) -> None:
        self.on_best(ils.initial_solution)

    def on_best(self, best: pyvrp.Solution) -> None:
        run = self.run
        if run.watch is not None and best.is_feasible():
            cost = best.distance_cost() + best.duration_cost() + best.fixed_vehicle_cost()
            run.watch(Progress(perf_counter() - run.begun, run.iterations, cost, run.model.plan(best)))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Shifts that differ in nothing but their ids. `costs` are (fixed, per meter, per second) in the model's scale."""

    shift: Shift
    ids: tuple[str, ...]
    profile: int
    costs: tuple[int, int, int]


class _Model:
    """The problem in PyVRP's terms, and the way back.

    `served` are the visits that some shift can serve if it serves nothing else; the others are not in the model.
    `clients` and `shipments` name what PyVRP knows by its index. Locations are the depots' places, then one a visit.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.zero = min((shift.start for shift in problem.shifts), default=0)
        groups = equal_shifts(problem)
        self.served = servable(problem, [ids[0] for ids in groups])
        self.depots = sorted({place for shift in problem.shifts for place in (shift.start_place, shift.end_place)})
        self.location = {visit.id: len(self.depots) + number for number, visit in enumerate(self.served)}
        self.dimensions = [
            name for name in problem.dimensions if any(name in shift.capacity for shift in problem.shifts)
        ]
        self.counts_stops = any(shift.max_stops is not None for shift in problem.shifts)
        self.allowed: dict[tuple[str, bytes], int] = {}
        scale, rates = scaled_costs(problem, [ids[0] for ids in groups])
        self.kinds = [
            _Kind(problem.shift[ids[0]], tuple(ids), self._profile(problem.shift[ids[0]]), rate)
            for ids, rate in zip(groups, rates, strict=True)
        ]
        refuse_too_large(len(self.served), len(self.depots), len(self.allowed))
        self.distances, self.durations = self._matrices()
        longest = [max(int(array.max()) for array in arrays) for arrays in (self.distances, self.durations)]
        self.dear = above_detours([(kind.shift, kind.costs) for kind in self.kinds], self.served, longest)
        self.prizes = lowered_prizes(self.served, scale, self.dear)
        # A rule must be able to become dearer than any prize, or PyVRP rather breaks it than leaves a visit out.
        dearest = max((max(kind.costs[1:]) for kind in self.kinds), default=1)
        self.max_penalty = max(100_000.0, 100.0 * dearest, 2.0 * max(self.prizes.values(), default=0))
        self.clients: list[str] = []
        self.shipments: list[Pair] = []

    def _profile(self, shift: Shift) -> int:
        """The number of the matrix profile with ways to just those visits that the shift may serve."""
        may = np.array([may_serve(self.problem, shift, visit) for visit in self.served], dtype=np.bool_)
        return self.allowed.setdefault((shift.profile, may.tobytes()), len(self.allowed))

    def _matrices(self) -> tuple[list[Any], list[Any]]:
        """Distances and durations by profile. A way that is forbidden or missing takes longer than any shift."""
        places = np.array([*self.depots, *(visit.place for visit in self.served)], dtype=np.intp)
        last = max(shift.end for shift in self.problem.shifts) - self.zero
        distances, durations = [], []
        for name, mask in self.allowed:
            matrix = self.problem.travel.profiles[name]
            meters, seconds = (array[np.ix_(places, places)] for array in (matrix.distances, matrix.durations))
            lost = (meters >= UNREACHABLE) | (seconds >= UNREACHABLE)
            may = np.frombuffer(mask, dtype=np.bool_)
            barred = np.concatenate([np.zeros(len(self.depots), dtype=np.bool_), ~may])
            if barred.any():
                lost |= barred[:, None] | barred[None, :]
            np.fill_diagonal(lost, val=False)
            if lost.any():
                meters[lost] = 2 * meters[~lost].max(initial=0)
                seconds[lost] = min(2 * last + 1, pyvrp.constants.MAX_VALUE)
            distances.append(meters)
            durations.append(seconds)
        self.all_ways = not any((array > UNREACHABLE).any() for array in durations)
        return distances, durations

    def data(self, *, optional: bool = False, fleet: int | None = None) -> pyvrp.ProblemData:
        """PyVRP's problem; `optional` gives required visits a prize above every detour instead. With `fleet` there are
        only so many vehicles of the one type, which then cost nothing to use."""
        self.clients, self.shipments = [], []
        clients: list[pyvrp.Client] = []
        groups: list[pyvrp.ClientGroup] = []
        for visit in self.served:
            if visit.id in self.problem.pair_of:
                continue
            prize = self._prize(visit.id, optional)
            if len(visit.windows) > 1:
                members = list(range(len(clients), len(clients) + len(visit.windows)))
                groups.append(pyvrp.ClientGroup(members, required=prize is None))
                clients += [self._client(visit, number, prize or 0, len(groups) - 1) for number in range(len(members))]
            else:
                clients.append(self._client(visit, 0, prize, None))
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0)] * (len(self.depots) + len(self.served)),
            clients=clients,
            depots=[pyvrp.Depot(number) for number in range(len(self.depots))],
            vehicle_types=[self._vehicle_type(kind, fleet) for kind in self.kinds],
            distance_matrices=self.distances,
            duration_matrices=self.durations,
            groups=groups,
            shipments=[self._shipment(pair, optional) for pair in self.problem.pairs if pair.collect in self.location],
        )

    def _prize(self, visit: str, optional: bool) -> int | None:  # noqa: FBT001
        """The price of leaving a visit out, None = required, which is also tried first for a prize above any detour."""
        prize = self.prizes.get(visit)
        if prize is None:
            return self.dear + max(self.prizes.values(), default=0) if optional else None
        return prize if optional or prize < self.dear else None

    def _client(self, visit: Visit, window: int, prize: int | None, group: int | None) -> pyvrp.Client:
        early, late = self._window(visit, window)
        self.clients.append(visit.id)
        return pyvrp.Client(
            location=self.location[visit.id],
            delivery=[visit.deliver.get(name, 0) for name in self.dimensions] + [1] * self.counts_stops,
            pickup=[visit.collect.get(name, 0) for name in self.dimensions] + [0] * self.counts_stops,
            service_duration=visit.service,
            tw_early=early,
            tw_late=late,
            release_time=min(max(0, visit.release - self.zero), late),
            prize=prize or 0,
            required=prize is None,
            group=group,
        )

    def _shipment(self, pair: Pair, optional: bool) -> pyvrp.Shipment:  # noqa: FBT001
        collect, deliver = self.problem.visit[pair.collect], self.problem.visit[pair.deliver]
        prizes = [self._prize(end, optional) for end in (pair.collect, pair.deliver)]
        required = any(prize is None for prize in prizes)
        (out, last), (early, late) = self._window(collect, 0), self._window(deliver, 0)
        self.shipments.append(pair)
        return pyvrp.Shipment(
            pickup_location=self.location[collect.id],
            delivery_location=self.location[deliver.id],
            pickup_tw_early=out,
            pickup_tw_late=last,
            pickup_service_duration=collect.service,
            delivery_tw_early=early,
            delivery_tw_late=late,
            delivery_service_duration=deliver.service,
            amount=[pair.loads.get(name, 0) for name in self.dimensions],
            prize=0 if required else sum(prize or 0 for prize in prizes),
            required=required,
        )

    def _window(self, visit: Visit, number: int) -> tuple[int, int]:
        if not visit.windows:
            return 0, NO_LIMIT
        window = visit.windows[number]
        return max(0, window.start - self.zero), max(0, window.end - self.zero)

    def _vehicle_type(self, kind: _Kind, fleet: int | None) -> pyvrp.VehicleType:
        shift = kind.shift
        rest = sum(rest.duration for rest in shift.breaks)
        end = max(shift.start, shift.end - rest) - self.zero
        capacity = [shift.capacity.get(name, unfillable(self.problem, name)) for name in self.dimensions]
        if self.counts_stops:
            capacity.append(len(self.served) if shift.max_stops is None else shift.max_stops)
        return pyvrp.VehicleType(
            num_available=len(kind.ids) if fleet is None else fleet,
            capacity=capacity,
            start_depot=self.depots.index(shift.start_place),
            end_depot=self.depots.index(shift.end_place),
            fixed_cost=kind.costs[0] if fleet is None else 0,
            tw_early=shift.start - self.zero,
            tw_late=NO_LIMIT if end >= ENDLESS and self.all_ways else end,
            shift_duration=NO_LIMIT if shift.max_duration is None else max(0, shift.max_duration - rest),
            max_distance=NO_LIMIT if shift.max_distance is None else shift.max_distance,
            unit_distance_cost=kind.costs[1],
            unit_duration_cost=kind.costs[2],
            profile=kind.profile,
        )

    def plan(self, solution: pyvrp.Solution) -> Plan:
        """The solution in our words; equal shifts are taken in their order."""
        free = [iter(kind.ids) for kind in self.kinds]
        routes = []
        for route in solution.routes():
            visits = tuple(name for activity in route.schedule() if (name := self._name(activity)))
            if visits:
                routes.append(Route(next(free[route.vehicle_type()]), visits))
        served = {visit for route in routes for visit in route.visits}
        return Plan(tuple(routes), tuple(visit.id for visit in self.problem.visits if visit.id not in served))

    def _name(self, activity: pyvrp.Activity) -> str:
        if activity.is_client():
            return self.clients[activity.idx]
        if activity.is_pickup():
            return self.shipments[activity.idx].collect
        return self.shipments[activity.idx].deliver if activity.is_delivery() else ""

    def solution(self, data: pyvrp.ProblemData, plan: Plan) -> pyvrp.Solution:
        """A plan as PyVRP's solution; what the model does not know (left-out or foreign ids) is passed over."""
        kind_of = {ident: number for number, kind in enumerate(self.kinds) for ident in kind.ids}
        index: dict[str, list[pyvrp.Activity]] = {}
        for number, name in enumerate(self.clients):
            index.setdefault(name, []).append(pyvrp.Activity(pyvrp.ActivityType.CLIENT, number))
        for number, pair in enumerate(self.shipments):
            index[pair.collect] = [pyvrp.Activity(pyvrp.ActivityType.PICKUP, number)]
            index[pair.deliver] = [pyvrp.Activity(pyvrp.ActivityType.DELIVERY, number)]
        routes, seen = [], set()
        for route in plan.routes:
            names = [name for name in dict.fromkeys(route.visits) if name in index and name not in seen]
            names = [name for name in names if whole_pair(self.problem, name, names)]
            if route.shift in kind_of and names:
                seen.update(names)
                begins = {
                    stop.visit: stop.start for stop in schedule(self.problem, Route(route.shift, tuple(names))).stops
                }
                chosen = [index[name][window_at(self.problem.visit[name], begins[name])] for name in names]
                routes.append(pyvrp.Route(data, chosen, kind_of[route.shift]))
        return pyvrp.Solution(data, routes)
