"""The two ends of a lookup, and the answers that are kept for the next who asks the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.places import rules
from homestretch.places.actions.finding import judge_area, locked, say_where
from homestretch.places.events import PlaceNeedsReview
from homestretch.places.models import GeocodeCache, Place
from homestretch.places.values import Found, Lookup

LOOKUP_PAGE = 20
LOOKUP_LEASE = timedelta(minutes=5)  # after it a lookup that never ended is begun again


@action
def begin_lookups(*, by: Actor, at: datetime) -> list[Lookup]:
    """Take the next queued places for the geocoder: each is leased for five minutes and fenced. Whoever took them may
    be lost: when the lease ends somebody looks again."""
    free = Q(fence__isnull=True) | Q(looked_up_at__lte=at - LOOKUP_LEASE)
    queued = Place.objects.select_for_update(skip_locked=True).filter(free, state="queued", merged_into=None)
    rows = list(queued.order_by("id")[:LOOKUP_PAGE])
    for place in rows:
        place.fence, place.looked_up_at = uuid7(), at
    Place.objects.bulk_update(rows, ["fence", "looked_up_at"])
    if rows:
        later("places.locate", by.organization_id, at=at + LOOKUP_LEASE, key="lease")
    return [Lookup(place.id, place.fence, place.address) for place in rows]


@action
def finish_lookup(lookup: Lookup, found: Sequence[Found], *, source: str = "geocoder", by: Actor, at: datetime) -> None:
    """Write what was found, and by whom (`source`: map or geocoder); nothing if the place was mended, confirmed or
    taken by another lookup meanwhile."""
    place = locked(lookup.place_id)
    if place.state != "queued" or place.fence != lookup.fence:
        return
    judged = rules.judge(found)
    place.state, place.fence = judged.state, None
    if judged.state == "located" and judged.best is not None:
        place.lat, place.lon, place.source = judged.best.lat, judged.best.lon, source
        place.candidates = []
    else:
        place.lat = place.lon = None
        place.candidates = [{"label": f.label, "lat": f.lat, "lon": f.lon, "confidence": f.confidence} for f in found]
    judge_area(place)
    place.confidence = judged.best.confidence if judged.best else None
    place.version += 1
    place.save()
    if judged.state == "located":
        say_where(place, by=by, at=at)
    else:
        record(PlaceNeedsReview(place.id, judged.state), by=by, at=at)


@action
def postpone_lookup(lookup: Lookup, after_s: int | None, *, by: Actor, at: datetime) -> None:
    """The geocoder did not answer: try again `after_s` seconds from now; None: it never will, a person must look."""
    place = locked(lookup.place_id)
    if place.state != "queued" or place.fence != lookup.fence:
        return
    place.lookups += 1
    if after_s is None or place.lookups >= rules.LOOKUPS:
        place.state, place.fence = "needs_review", None
        record(PlaceNeedsReview(place.id, place.state), by=by, at=at)
    else:
        place.looked_up_at = at - LOOKUP_LEASE + timedelta(seconds=after_s)
        later("places.locate", by.organization_id, at=at + timedelta(seconds=after_s), key="again")
    place.save()


@action
def keep_lookup(provider: str, text: str, found: Sequence[Found], *, since: datetime, by: Actor, at: datetime) -> None:
    """Keep what a provider answered to an address, and drop the answers that were asked for before `since`."""
    GeocodeCache.objects.filter(asked_at__lt=since).delete()
    GeocodeCache.objects.update_or_create(
        key=rules.query_key(provider, text),
        defaults={"provider": provider, "answer": [asdict(candidate) for candidate in found], "asked_at": at},
    )
