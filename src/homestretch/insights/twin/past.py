"""A day of the log to be played again: as it was driven, which shows how near a played day comes to the real one, and
under other policies, with other vans, with wider windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median, quantiles
from uuid import UUID, uuid5

from homestretch.insights.twin.conduct import STAND, Conduct
from homestretch.insights.twin.ledger import Ledger, Measures
from homestretch.insights.twin.playing import Day
from homestretch.insights.twin.scene import Job, Scene, Van
from homestretch.insights.twin.truth import Halted, PastTruth, ways_of
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders.rules.promises import Link


@dataclass(frozen=True)
class Past:
    """A day of the log. `scene`: as it was released, with its `truth`; `halts`: the attempts, in the order of their
    arrivals; `chains`: what was promised, by task; `messages`, `changes`, `meters`: see `Measures`; `left_out`: tasks
    that were called off, or put off by their recipients, before anybody came."""

    day: date
    scene: Scene
    truth: PastTruth
    halts: tuple[Halted, ...]
    chains: Mapping[UUID, tuple[Link, ...]]
    messages: int
    changes: int
    meters: int
    left_out: int

    def ledger(self) -> Ledger:
        """Begun with what was promised and told."""
        return Ledger({task: list(chain) for task, chain in self.chains.items()}, messages=self.messages)


def happened(past: Past) -> Measures:
    """How the day went. Moves of stops are not counted: the log has no order of a route's stops but the last."""
    ledger = past.ledger()
    ledger.changes = past.changes
    for halt in past.halts:
        for task in halt.tasks:
            ledger.reach(task, halt.arrived, done=task in halt.done)
    return ledger.measures(past.meters, len(past.scene.jobs))


def driven_again(past: Past) -> Day:
    """The day as it was driven: each vehicle makes the attempts that it made, in their order. To be played."""
    jobs = {job.id: replace(job, known_at=None) for job in past.scene.jobs}
    made, routes = dict(jobs), {van.id: list[UUID]() for van in past.scene.vans}
    for halt in past.halts:
        waited = halt.begun > halt.arrived
        for task, name in zip(halt.tasks, halt.names, strict=True):
            windows = jobs[task].windows if waited else ()
            made[name] = replace(jobs[task], id=name, point=halt.point, windows=windows)
            routes[halt.van].append(name)
    vans = tuple(_as_idle(van, [halt for halt in past.halts if halt.van == van.id]) for van in past.scene.vans)
    truth = replace(past.truth.of(vans), down={})
    scene = replace(
        past.scene,
        vans=vans,
        jobs=tuple(made.values()),
        routes={van: tuple(names) for van, names in routes.items()},
        planned={job.id: job.promise.start for job in jobs.values() if job.promise},
        truth=truth,
    )
    day = Day(scene, Conduct(STAND))
    day.ledger = day.desk.ledger = past.ledger()
    return day


def _as_idle(van: Van, halts: Sequence[Halted]) -> Van:
    """With its breaks, and with all other time in which it did not drive."""
    return replace(van, rests=tuple((way.left, way.idle_s) for way in ways_of(van, halts) if way.idle_s))


def apart_s(past: Past, played: Day) -> tuple[int, int]:
    """Seconds between when first attempts were made and when they are in a played day: half are nearer than the first,
    nine of ten nearer than the second."""
    real: dict[UUID, Halted] = {}
    for halt in past.halts:
        for task in halt.tasks:
            real.setdefault(task, halt)
    reached = played.ledger.reached
    off = sorted(
        abs((reached[task][0] - halt.arrived).total_seconds()) for task, halt in real.items() if task in reached
    )
    return (round(median(off)), round(quantiles(off, n=10)[-1] if len(off) > 1 else off[0])) if off else (0, 0)


def wider(scene: Scene, by: timedelta) -> Scene:
    """Every window, wished and promised, so much wider on either side."""

    def eased(window: Window) -> Window:
        return Window(window.start - by, window.end + by)

    def of(job: Job) -> Job:
        promise = eased(job.promise) if job.promise else None
        return replace(job, windows=tuple(eased(window) for window in job.windows), promise=promise)

    return replace(scene, jobs=tuple(of(job) for job in scene.jobs))


def fleet_of(vans: Sequence[Van], count: int | None, without: Sequence[str]) -> tuple[Van, ...]:
    """The vans of a day but those named, and of these the first so many by name, or as many more, each like one of
    them in turn. Refuses `twin.vehicle_unknown`, `twin.no_vans`."""
    unknown = set(without) - {van.name for van in vans}
    if unknown:
        raise Refusal(
            "twin.vehicle_unknown",
            f"no route of the day was driven by {', '.join(sorted(unknown))}",
            remedy=f"one of {', '.join(sorted(van.name for van in vans))}",
        )
    kept = sorted((van for van in vans if van.name not in without), key=lambda van: (van.name, van.id))
    wanted = len(kept) if count is None else count
    if not kept or wanted < 1:
        raise Refusal("twin.no_vans", "nobody is left to drive", remedy="keep one vehicle at least")
    more = [_like(kept[number % len(kept)], number // len(kept)) for number in range(wanted)]
    return tuple(more)


def _like(van: Van, again: int) -> Van:
    """One more van of its kind, which takes its breaks; `again` 0: itself."""
    return replace(van, id=uuid5(van.id, str(again)), name=f"{van.name} +{again}") if again else van
