"""What of a running day a proposal asks: which routes, and what rides on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from homestretch.dispatch.rules.running import Line
from homestretch.kernel.geo import Point
from homestretch.recovery.rules import proposing


def narrowed(
    lines: Sequence[Line], scope: str, about: UUID | None, places: Sequence[Point] = (), *, named: bool = False
) -> list[Line]:
    """The routes that may change: where the scope is not all and none were `named`, the nearest to `places` (none: to
    the route that it is `about`), and that one. Refuses `proposal.scope_too_large`."""
    chosen = list(lines)
    if not named and scope in ("insert", "routes"):
        near = {line.route_id: [line.span.here, *(halt.point for halt in line.halts)] for line in lines}
        around = places or (near.get(about, []) if about else [])
        others = {ident: points for ident, points in near.items() if ident != about}
        kept = {*proposing.nearest(others, around), about}
        chosen = [line for line in lines if line.route_id in kept]
    if sum(len(line.halts) for line in chosen) > proposing.MOST_STOPS or len(chosen) > proposing.MOST_ROUTES:
        raise proposing.too_large()
    return chosen


def riding(lines: Iterable[Line]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Tasks whose goods are brought by a route that has set out, and by one that has not: all that it delivers and does
    not collect first."""
    gone, waiting = set[UUID](), set[UUID]()
    for line in lines:
        works = [work for halt in line.halts for work in halt.works]
        ahead = {(work.order_id, work.pair) for work in works if work.pair and work.kind == "collect"}
        given = {w.task_id for w in works if w.kind == "deliver" and (w.order_id, w.pair) not in ahead}
        (gone if line.span.started else waiting).update(given)
    return frozenset(gone), frozenset(waiting)


def places_of(fresh: Collection[Point], stuck: Line | None) -> list[Point]:
    """Where what wants a place is: what is on no route, and what stands with a vehicle that is broken down."""
    return [*fresh, *(halt.point for halt in (stuck.halts if stuck else ()))]
