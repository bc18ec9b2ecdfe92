"""Two places are one, says a person; and may say later that they are not.

A merge is an alias: the merged place leads to the survivor for whatever comes later (its address, its id in a new
order, the next plan), and nothing that names it is changed: tasks, stops, facts. So undoing it is exact, and a route
under way is not touched.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.places.actions.finding import check_standing, judge_area, locked
from homestretch.places.events import PlaceMerged, PlaceUnmerged
from homestretch.places.models import Place, PlaceMerge


@action
def merge(place_id: UUID, survivor_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> Place:
    """Have a place lead to another one from now on; orders that waited for its pin alone become ready.

    Refuses `place.not_found`, `place.stale`, `place.merged_into_itself`, `place.merged_already` (either of the two),
    `place.survivor_has_no_pin` (then merge the other way round).
    """
    place, survivor = _both(place_id, survivor_id)
    check_version("place", version, place.version)
    check_standing(place)
    check_standing(survivor, field="into_place_id")
    if place.state == "located" and survivor.state != "located":
        raise Refusal(
            "place.survivor_has_no_pin",
            "the place that would stay has no pin that holds, the other one has",
            remedy="merge the other way round, or set its pin first",
            field="into_place_id",
        )
    _say(place, survivor, "merged", by, at)
    Place.objects.filter(merged_into=place).update(merged_into=survivor)
    place.merged_into, place.fence = survivor, None
    place.version += 1
    place.save()
    record(PlaceMerged(place.id, survivor.id), by=by, at=at)
    return place


@action
def unmerge(place_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> Place:
    """Undo a place's merge: it stands by itself as it was, with the places that were merged into it before. The two are
    not proposed again. Refuses `place.not_found`, `place.stale`, `place.not_merged`."""
    place = locked(place_id)
    check_version("place", version, place.version)
    merged = PlaceMerge.objects.filter(place=place, state="merged").first()
    if merged is None:
        raise Refusal("place.not_merged", "the place stands by itself", remedy="nothing is to be undone")
    merged.state, merged.actor, merged.at = "apart", str(by), at
    merged.save()
    Place.objects.filter(id__in=_led_to(place.id)).update(merged_into=place)
    place.merged_into_id = None
    judge_area(place)
    place.version += 1
    place.save()
    if place.state == "queued":
        later("places.locate", by.organization_id)
    record(PlaceUnmerged(place.id, merged.survivor_id), by=by, at=at)
    return place


@action
def keep_apart(place_id: UUID, other_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that two places are two: they are not proposed again. Refuses `place.not_found`, `place.merged_already`."""
    place, other = _both(place_id, other_id)
    for one, two in ((place, other), (other, place)):
        if PlaceMerge.objects.filter(place=one, survivor=two, state="merged").exists():
            check_standing(one)
    _say(place, other, "apart", by, at)


def _both(place_id: UUID, other_id: UUID) -> tuple[Place, Place]:
    """Two places under their row locks, taken in one order. What is missing is said first: of an id that is nobody's
    or another's, nothing else is told."""
    rows = Place.objects.select_for_update(of=("self",)).filter(id__in=(place_id, other_id)).order_by("id")
    found = {row.id: row for row in rows}
    for ident in (place_id, other_id):
        if ident not in found:
            raise not_found("place", ident)
    if place_id == other_id:
        raise Refusal("place.merged_into_itself", "these are not two places", remedy="name two", field="into_place_id")
    return found[place_id], found[other_id]


def _say(place: Place, survivor: Place, state: str, by: Actor, at: datetime) -> None:
    PlaceMerge.objects.update_or_create(
        place=place, survivor=survivor, defaults={"state": state, "actor": str(by), "at": at}
    )


def _led_to(place_id: UUID) -> set[UUID]:
    """The places that lead to one by merges that stand, over any number of them."""
    found: set[UUID] = set()
    edge = {place_id}
    while edge:
        rows = PlaceMerge.objects.filter(survivor_id__in=edge, state="merged").values_list("place_id", flat=True)
        edge = set(rows) - found
        found |= edge
    return found
