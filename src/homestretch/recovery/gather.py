"""A running day as values, for the question that a proposal asks. Inside a scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.models import LIVE_ROUTE
from homestretch.dispatch.queries import LivePlace
from homestretch.dispatch.rules.running import Halt, Line, Work
from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point
from homestretch.orders import queries as orders
from homestretch.orders.values import Brief, TaskView
from homestretch.recovery.models import Hunk, Policy, Proposal
from homestretch.recovery.rules import asking, offering, proposing
from homestretch.recovery.rules.hunks import Part
from homestretch.recovery.rules.offering import Candidate, Due, Touch
from homestretch.recovery.rules.proposing import POLICY, Prices
from homestretch.recovery.rules.question import Fresh, Rest
from homestretch.tracking import queries as tracking


def prices() -> Prices:
    """The organization's policy."""
    row = Policy.objects.first()
    return POLICY if row is None else prices_of(row)


def prices_of(row: Policy) -> Prices:
    """A stored policy as a value."""
    return Prices(**{name: getattr(row, name) for name in proposing.BOUNDS})


def parts(rows: Iterable[Hunk]) -> list[Part]:
    """Stored hunks as values."""
    return [
        Part(
            row.number,
            str(row.from_route_id) if row.from_route_id else str(row.to_route_id) if row.kind == "reorder" else "",
            str(row.to_route_id),
            tuple(row.visits),
            tuple(row.needs),
        )
        for row in rows
    ]


def rest_of(proposal: Proposal, at: datetime) -> Rest:
    """The running day that a proposal is asked for, as it stands. Refuses `proposal.scope_too_large`,
    `proposal.nothing_runs`, `proposal.nothing_open`."""
    lines = _lines(proposal, at)
    broken = proposal.route_id if proposal.kind == "vehicle_down" else None
    fresh = tuple(_fresh(view, proposal, lines) for view in orders.task_views(map(UUID, proposal.tasks)))
    stuck = next((line for line in lines if line.route_id == broken), None)
    where = asking.places_of([each.halt.point for each in fresh], stuck)
    lines = asking.narrowed(lines, proposal.scope, proposal.route_id, where, named=bool(proposal.wanted_routes))
    proposing.check_rest(broken, lines, len(fresh))
    tasks = [work.task_id for line in lines for halt in line.halts for work in halt.works]
    ends = {
        UUID(task): datetime.fromtimestamp(brief.promise[1], UTC)
        for task, brief in orders.briefs(
            [*tasks, *(work.task_id for each in fresh for work in each.halt.works)]
        ).items()
        if brief.promise is not None
    }
    waiting = [w.task_id for line in lines if not line.span.started for halt in line.halts for w in halt.works]
    depots = {view.task_id: view.depot_id for view in orders.task_views(waiting) if view.depot_id is not None}
    return Rest(
        lines=tuple(lines),
        at=at,
        scope=proposal.scope,
        prices=prices(),
        broken=broken,
        fresh=fresh,
        loaded=_loaded(lines),
        promised=ends,
        depots=depots,
    )


def today(at: datetime) -> date:
    """The organization's day."""
    return at.astimezone(ZoneInfo(accounts.organization().zone)).date()


def _lines(proposal: Proposal, at: datetime) -> list[Line]:
    """The routes that may be asked: live ones of the day, or those that were named."""
    of_route = dispatch.route(proposal.route_id).day if proposal.route_id else today(at)
    rows = dispatch.routes(day=of_route).filter(state__in=LIVE_ROUTE, shift__ends_at__gt=at)
    if proposal.scope == "route":
        rows = rows.filter(id=proposal.route_id)
    elif proposal.wanted_routes:
        rows = rows.filter(id__in=[*proposal.wanted_routes, *([proposal.route_id] if proposal.route_id else [])])
    started = {row.id: row.started_at for row in rows if row.state == "started"}
    seen = {
        view.route_id: Point(view.lat, view.lon)
        for view in tracking.whereabouts(started)
        if started[view.route_id] is None or view.at >= started[view.route_id]
    }
    return dispatch.lines([row.id for row in rows], seen=seen)


def _fresh(view: TaskView, proposal: Proposal, lines: Sequence[Line]) -> Fresh:
    """A task that wants a place. What failed rides on with the vehicle that came with it, while that is under way."""
    work = Work(view.task_id, view.order_id, view.kind, view.pair, dict(view.loads), frozenset(view.skills))
    halt = Halt(view.task_id, Point(view.lat, view.lon), tuple(view.windows), view.access_s + view.service_s, (work,))
    made = Fresh(halt)
    if view.kind != "deliver" or view.pair:
        return made
    carrying = {line.route_id for line in lines if line.span.started}
    if proposal.kind == "retry" and proposal.route_id in carrying:
        return replace(made, only=proposal.route_id)
    if view.depot_id is not None:
        return replace(made, goods_at=fleet.depot(view.depot_id).place.halt_at)
    return replace(made, goods_at=lines[0].depot if lines else None)


def _loaded(lines: Iterable[Line]) -> frozenset[UUID]:
    """Tasks whose goods ride on the vehicle: of a route that has not set out, what was scanned."""
    gone, waiting = asking.riding(lines)
    packages = orders.packages_of_tasks(waiting)
    return gone | {package.task_id for package in packages if package.state == "on_board"}


def candidates(tasks: Sequence[UUID], at: datetime, only: UUID | None = None) -> list[Candidate]:
    """The shifts on the road that could take these tasks now (`only` that route), and what it comes to for each."""
    places = dispatch.places_for_all(tasks, offering.ON_THE_ROAD, only=only, at=at)
    served = {task for place in places for here in place.tasks.values() for task in here}
    briefs = orders.briefs({*served, *tasks})
    own = [brief.promise[1] for task in tasks if (brief := briefs.get(str(task))) and brief.promise]
    promised = datetime.fromtimestamp(min(own), UTC) if own else None
    due = offering.Due(at, promised, any(view.windows for view in orders.task_views(tasks)))
    return [_candidate(place, frozenset(tasks), due, briefs) for place in places]


def _candidate(place: LivePlace, new: frozenset[UUID], due: Due, briefs: Mapping[str, Brief]) -> Candidate:
    mine = sum(seconds for stop_id, seconds in place.late.items() if stop_id in new)
    return Candidate(
        route_id=place.route.id,
        halts=place.halts,
        position=place.position,
        arrive=place.arrive,
        waits_s=due.waits_s(place.arrive, mine),
        late_s=sum(place.late.values()) - mine,
        over_s=place.over_s,
        cost=place.cost,
        seconds=place.seconds,
        meters=place.meters,
        touches=tuple(_touches(place, briefs)),
    )


def _touches(place: LivePlace, briefs: Mapping[str, Brief]) -> Iterator[Touch]:
    """The promises that would fare worse."""
    for stop_id, now in place.before.items():
        then = place.after[stop_id]
        for brief in (briefs[str(task)] for task in place.tasks[stop_id] if str(task) in briefs):
            if brief.promise is not None and then.timestamp() > max(now.timestamp(), brief.promise[1]):
                late = (max(0, int(moment.timestamp()) - brief.promise[1]) for moment in (now, then))
                yield Touch(UUID(brief.task_id), UUID(brief.order_id), *late)
