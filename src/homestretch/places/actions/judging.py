"""Service areas were drawn anew: the places that lie in them or outside are judged again, page by page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.log import record_all
from homestretch.kernel.actor import Actor
from homestretch.places import queries, rules
from homestretch.places.actions.finding import point_of
from homestretch.places.events import PlaceLocated, PlaceOutside
from homestretch.places.models import Place

PAGE = 500
FIRST = UUID(int=0)


@action
def judge_places(after: UUID = FIRST, *, by: Actor, at: datetime) -> UUID | None:
    """Judge the next page of places behind `after`. Returns the last of them; None: there were no more.

    A place that has its pin outside waits for a person from now on, unless one said already that it is served all the
    same; one that waited and lies inside now does not wait any longer. What stands on a route is not touched.
    """
    concerned = Q(merged_into=None) & (Q(state="located", serve_anyway=False) | Q(review=rules.OUTSIDE))
    rows = list(Place.objects.select_for_update().filter(concerned, id__gt=after).order_by("id")[:PAGE])
    pinned = [(place, point) for place in rows if (point := point_of(place))]
    changed = []
    for (place, _), served in zip(pinned, queries.served([point for _, point in pinned]), strict=True):
        before = place.state
        place.state, place.review = rules.by_area(place.state, place.review, served=served or place.serve_anyway)
        if place.state != before:
            place.version += 1
            changed.append(place)
    Place.objects.bulk_update(changed, ["state", "review", "version"])
    record_all([PlaceLocated(place.id) for place in changed if place.state == "located"], by=by, at=at)
    record_all([PlaceOutside(place.id) for place in changed if place.state != "located"], by=by, at=at)
    return rows[-1].id if rows else None
