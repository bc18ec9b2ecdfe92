"""A day's morning planned anew, for other vans than it had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from homestretch.dispatch.rules.running import Halt
from homestretch.insights.twin.driving import Driven, work_of
from homestretch.insights.twin.scene import Scene, Van
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Until
from homestretch.recovery.rules.proposing import Prices
from homestretch.recovery.rules.question import Fresh, Question, Rest


def planned_for(scene: Scene, vans: tuple[Van, ...], prices: Prices, until: Callable[[], Until]) -> Scene:
    """The same day with these vans: what was planned in its morning is planned for them, by the promises as they were
    told, at the policy's price of being late. What finds no place comes in as they set out, for whoever may take it."""
    morning = [job for job in scene.jobs if job.known_at is None]
    at = min(van.starts_at for van in vans)
    question = Question(
        Rest(
            lines=tuple(Driven(van, []).line(van.starts_at) for van in vans),
            at=at,
            scope="all",
            prices=prices,
            fresh=tuple(Fresh(Halt(job.id, job.point, job.windows, job.service_s, (work_of(job),))) for job in morning),
            promised={job.id: job.promise.end for job in morning if job.promise},
        )
    )
    profiles = sorted({van.profile for van in vans})
    problem = question.problem({name: scene.roads.table(question.points, name, at) for name in profiles})
    plan = solve(problem, seed=1, until=until(), start=question.baseline)
    routes = {
        UUID(route.shift): tuple(UUID(visit.removeprefix("t:")) for visit in route.visits) for route in plan.routes
    }
    placed = {task for route in routes.values() for task in route}
    left = {job.id for job in morning} - placed
    return replace(
        scene,
        vans=vans,
        jobs=tuple(replace(job, known_at=at, depot=vans[0].start) if job.id in left else job for job in scene.jobs),
        routes=routes,
        planned={task: moment for task, moment in scene.planned.items() if task in placed},
    )
