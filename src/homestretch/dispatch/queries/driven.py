"""How long stops take a vehicle, by what was driven: for who reckons how many more fit into a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from homestretch.dispatch.models import Route, Stop

SPAN = timedelta(days=28)
MOST_ROUTES, FEWEST_STOPS = 40, 30
SERVED = ("completed", "partial", "failed")


def pace(until: date, depot_ids: Collection[UUID] = ()) -> int | None:
    """Seconds of a vehicle's time that a stop took, way and door and all between: by the newest finished routes of the
    four weeks up to a day, from some depots or from all. None where too few stops tell."""
    rows = Route.objects.filter(state="finished", day__gt=until - SPAN, day__lte=until)
    rows = rows.filter(started_at__isnull=False, finished_at__isnull=False)
    if depot_ids:
        rows = rows.filter(shift__start_depot_id__in=list(depot_ids))
    found = list(rows.order_by("-day", "-id").values_list("id", "started_at", "finished_at")[:MOST_ROUTES])
    stops = Stop.objects.filter(route_id__in=[ident for ident, _, _ in found], state__in=SERVED).count()
    if stops < FEWEST_STOPS:
        return None
    driven = sum((finished - started for _, started, finished in found), timedelta())
    return max(1, int(driven.total_seconds() / stops))
