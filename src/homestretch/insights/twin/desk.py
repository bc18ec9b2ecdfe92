"""Who is told that something is off plan, asks recovery what could be done, and has it carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from homestretch.dispatch.rules.goods import TAKE_OVER_S
from homestretch.dispatch.rules.releasing import promise
from homestretch.dispatch.rules.running import Halt
from homestretch.insights.twin.conduct import STAND, Conduct, Travel
from homestretch.insights.twin.driving import Driven, Stop, work_of
from homestretch.insights.twin.ledger import Ledger
from homestretch.insights.twin.scene import Job, Scene
from homestretch.kernel.geo import Point
from homestretch.planner.problem import Matrix
from homestretch.planner.travel import changed
from homestretch.recovery import rules
from homestretch.recovery.rules import asking, proposing, suggesting
from homestretch.recovery.rules.amending import TOLD_FROM_S, halts_of
from homestretch.recovery.rules.answer import Answer
from homestretch.recovery.rules.question import Fresh, Question, Rest
from homestretch.recovery.values import Cause, Wish

AHEAD = timedelta(minutes=30)  # a shift that begins so soon can be given work
ATTEMPTS = 2


class Desk:
    """Of one day. What it changes, it returns: the vehicles whose routes are others now."""

    def __init__(self, scene: Scene, conduct: Conduct, vans: Mapping[UUID, Driven], ledger: Ledger) -> None:
        self.scene, self.conduct, self.vans, self.ledger = scene, conduct, vans, ledger
        self.open: dict[UUID, tuple[list[Fresh], list[Stop], datetime]] = {}  # by order: what is on no route
        self.said = set[tuple[UUID, int]]()
        self.asked: dict[str, datetime] = {}

    def came(self, jobs: Sequence[Job], at: datetime) -> list[Driven]:
        """An order came in."""
        stops = [Stop(job.id, job.point, job.service_s, job) for job in jobs]
        self.open[jobs[0].order_id] = ([self._fresh(job, job.depot) for job in jobs], stops, at)
        return self._place(jobs[0].order_id, at)

    def again(self, at: datetime) -> list[Driven]:
        """What found no place is asked for again, after a while."""
        late = [order for order, (_, _, since) in self.open.items() if at - since >= suggesting.QUIET]
        return [van for order in late for van in self._place(order, at)]

    def failed(self, van: Driven, again: Stop, reason: str, at: datetime) -> list[Driven]:
        """An attempt failed. The stop is as it would be tried once more."""
        job = again.job
        assert job is not None
        state = "ready" if again.attempt < ATTEMPTS else "failed"
        cause = rules.failed_attempt(job.order_id, state, reason, van.van.id, job.id)
        wish = self._wish(cause, van.van.id)
        if wish is None or wish.kind != "retry" or self.conduct.way == STAND:
            return []
        only = van.van.id if job.kind == "deliver" and not job.pair and van.goes_on else None
        goods_at = van.van.start if job.kind == "deliver" and not job.pair and only is None else None
        self.open[job.order_id] = ([Fresh(self._halt(job), goods_at, only)], [again], at)
        return self._place(job.order_id, at, wish)

    def down(self, van: Driven, at: datetime) -> list[Driven]:
        """A vehicle stands still with what it has."""
        job = next((stop.job for stop in van.ahead if stop.job), None)
        if job is None or self.conduct.way == STAND:
            return []
        cause = rules.failed_attempt(job.order_id, "ready", "vehicle_breakdown", van.van.id, job.id)
        wish = self._wish(cause, van.van.id)
        return self._propose(wish, at) if wish else []

    def forecast(self, van: Driven, arrivals: Mapping[UUID, datetime], at: datetime) -> list[Driven]:
        """New forecasts of a route: a promise at risk is said once."""
        touched: list[Driven] = []
        for stop in list(van.ahead):
            window = self.ledger.standing(stop.id) if stop.id in arrivals else None
            key = (stop.id, len(self.ledger.chains.get(stop.id, ())))
            if window is None or stop.job is None or key in self.said or arrivals[stop.id] <= window.end:
                continue
            self.said.add(key)
            late_s = int((arrivals[stop.id] - window.end).total_seconds())
            wish = self._wish(rules.promise_at_risk(stop.id, stop.job.order_id, late_s), van.van.id)
            if wish is not None and self._may_ask(wish, at):
                touched += self._propose(wish, at)
        return touched

    def _wish(self, cause: Cause, route: UUID) -> Wish | None:
        return suggesting.wish_for(cause, cause.stop_id or route, route, self.conduct.prices)

    def _may_ask(self, wish: Wish, at: datetime) -> bool:
        """Nothing is asked for the same cause again within `QUIET`."""
        key = proposing.key_of(wish.kind, wish.route_id or wish.stop_id or UUID(int=0))
        if at - self.asked.get(key, at - timedelta(days=1)) < suggesting.QUIET:
            return False
        self.asked[key] = at
        return True

    def _place(self, order: UUID, at: datetime, wish: Wish | None = None) -> list[Driven]:
        fresh, stops, _ = self.open[order]
        self.open[order] = (fresh, stops, at)
        made = self._propose(wish or suggesting.placing(order), at, fresh, stops)
        on_routes = {stop.id for van in self.vans.values() for stop in van.ahead}
        if all(stop.id in on_routes for stop in stops):
            del self.open[order]
        return made

    def _propose(
        self, wish: Wish, at: datetime, fresh: Sequence[Fresh] = (), stops: Sequence[Stop] = ()
    ) -> list[Driven]:
        """Ask, and have all of the answer carried out."""
        rest = self._rest(wish, fresh, at)
        answer = self.conduct.answer(rest, lambda question: self._travel(question, at)) if rest else None
        return self._carry_out(answer, stops, rest) if answer and rest else []

    def _rest(self, wish: Wish, fresh: Sequence[Fresh], at: datetime) -> Rest | None:
        broken = wish.route_id if wish.kind == "vehicle_down" else None
        scope = self.conduct.scope(wish)
        lines = [van.line(at) for van in self.vans.values() if self._is_live(van, at) or van.van.id == broken]
        stuck = next((line for line in lines if line.route_id == broken), None)
        if wish.kind == "late" and all(line.route_id != wish.route_id for line in lines):
            return None
        where = asking.places_of([each.halt.point for each in fresh], stuck)
        lines = asking.narrowed(lines, scope, wish.route_id, where)
        if all(line.route_id == broken for line in lines):
            return None
        tasks = [halt.stop_id for line in lines for halt in line.halts] + [each.halt.stop_id for each in fresh]
        windows = {task: self.ledger.standing(task) for task in tasks}
        return Rest(
            lines=tuple(lines),
            at=at,
            scope=scope,
            prices=self.conduct.prices,
            broken=broken,
            fresh=tuple(fresh),
            loaded=asking.riding(lines)[0],
            promised={task: window.end for task, window in windows.items() if window},
        )

    def _is_live(self, van: Driven, at: datetime) -> bool:
        return van.goes_on and van.van.starts_at - AHEAD <= at < van.van.ends_at

    def _travel(self, question: Question, at: datetime) -> Travel:
        """What is believed of all ways; none has to go where it need not end."""
        driving = question.rest.driving
        free = [len(driving) + row for row, line in enumerate(driving) if self.vans[line.route_id].van.home is None]

        def ended(matrix: Matrix) -> Matrix:
            durations, distances = matrix.durations.copy(), matrix.distances.copy()
            durations[:, free], distances[:, free] = 0, 0
            return Matrix(durations, distances, matrix.rung)

        profiles = sorted({line.span.profile for line in driving})
        tables = {name: self.scene.roads.table(question.points, name, at) for name in profiles}
        return {name: changed(table, ended) for name, table in tables.items()} if free else tables

    def _carry_out(self, answer: Answer, stops: Sequence[Stop], rest: Rest) -> list[Driven]:
        known = {stop.id: stop for line in rest.lines for stop in self.vans[line.route_id].ahead}
        known |= {stop.id: stop for stop in stops}
        before = {route: visits for route, visits in answer.before.items() if route != str(rest.broken)}
        self.ledger.stops_moved += moves(before, answer.after)
        touched = [route for route, visits in answer.after.items() if list(answer.before.get(route, ())) != visits]
        ahead = {route: self._ahead(answer, route, known) for route in touched}
        for route, made in ahead.items():
            self.vans[UUID(route)].ahead = made
            self.vans[UUID(route)].version += 1
        self.ledger.changes += 1
        self._tell(answer)
        return [self.vans[UUID(route)] for route in touched]

    def _ahead(self, answer: Answer, route: str, known: Mapping[UUID, Stop]) -> list[Stop]:
        """What a route is to have, as accepting a proposal makes it."""
        van = self.vans[UUID(route)]
        wanted = answer.after[route]
        elsewhere = {visit for other, visits in answer.after.items() if other != route for visit in visits}
        waiting = [name for name in (f"s:{stop.id}" for stop in van.ahead) if name not in elsewhere]
        came = set(wanted) - set(answer.before.get(route, ()))
        loads_at = van.van.start if van.state == "waiting" else None
        made = []
        for number, halt in enumerate(halts_of(wanted, waiting, came, answer.meanings, loads_at)):
            if halt.point is None:
                made.append(known[halt.stop_id or halt.task_id or UUID(int=0)])
            else:
                name = f"{self.ledger.changes}/{number}/{halt.point}"
                made.append(Stop(uuid5(van.van.id, name), halt.point, TAKE_OVER_S * halt.visits))
        return made

    def _tell(self, answer: Answer) -> None:
        """Whose window will be missed by what is done now, far enough to be worth saying, is told another one."""
        for said in answer.promises:
            window = self.ledger.standing(UUID(said["task"]))
            if window is not None and said["after"] and said["after"] >= TOLD_FROM_S:
                arrives = window.end + timedelta(seconds=said["after"])
                self.ledger.tell(UUID(said["task"]), promise(arrives, (), self.scene.early_s, self.scene.late_s))

    def _fresh(self, job: Job, goods_at: Point | None) -> Fresh:
        return Fresh(self._halt(job), goods_at if job.kind == "deliver" and not job.pair else None)

    @staticmethod
    def _halt(job: Job) -> Halt:
        return Halt(job.id, job.point, job.windows, job.service_s, (work_of(job),))


def moves(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> int:
    """Stops that change their route, or come behind another one than before among those that stay on it: what
    `planner.goals.stability_cost` has a price for."""
    home = {visit: route for route, visits in before.items() for visit in visits if not visit.startswith("m:")}
    count = 0
    for route, visits in after.items():
        count += sum(home.get(visit, route) != route for visit in visits)
        old = [visit for visit in before.get(route, ()) if visit in visits]
        new = [visit for visit in visits if visit in set(old)]
        was = dict(zip(old, ["", *old], strict=False))
        now = dict(zip(new, ["", *new], strict=False))
        count += sum(was[visit] != now[visit] for visit in new)
    return count
