"""The page of one place: its pin set by a candidate, a drag, keys or typed coordinates; what is known at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.places.lists import why
from homestretch.doors.console.places.onmap import pins
from homestretch.doors.console.words import ORDER_STATES, PLACE_STATES, actor
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions, books, queries, rules
from homestretch.places.values import Correction
from homestretch.web.entry import READ, WRITE, enter

SOURCES = {
    "given": "came with the order",
    "map": "by the installed map",
    "geocoder": "by the geocoder",
    "person": "set by a person",
    "proofs": "where phones stood",
}
LONGEST = 300
FIELDS = ("address", "label", "access_notes", "parking_notes", "side")


@enter(READ("places"), sign_in=True)
@require_safe
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The page."""
    return _page(request, place_id, None)


def _page(request: HttpRequest, place_id: UUID, refusal: Refusal | None) -> HttpResponse:
    look = (request.GET.get("look") or "").replace("\x00", "").strip()[:LONGEST]
    hits = books.find(look, limit=5) if look else []
    with scope(request.auth):
        row = queries.place(place_id)
        zone = ZoneInfo(accounts.organization().zone)
        offers = [{"label": hit.label, "lat": hit.lat, "lon": hit.lon, "confidence": hit.score} for hit in hits]
        offers += row.candidates
        seen = queries.seen_at(place_id)
        typed = request.POST if refusal is not None else {}
        context: dict[str, Any] = {
            "area": "places",
            "row": row,
            "refusal": refusal,
            "state": PLACE_STATES[row.state],
            "why": why(row),
            "is_outside": row.review == rules.OUTSIDE,
            "to_fix": row.state in ("needs_review", "not_located"),
            "left": queries.to_fix().exclude(id=place_id).count(),
            "offers": offers,
            "look": look,
            "has_books": bool(books.maps()),
            "lat": typed.get("lat") or _shown(row.lat),
            "lon": typed.get("lon") or _shown(row.lon),
            "seen": seen,
            "source": SOURCES.get(row.source, row.source),
            "by": actor(row.confirmed_by) if row.confirmed_by else "",
            "services": queries.services(place_id)[:10],
            "median_s": queries.median_service_s(row),
            "merged": list(row.merged.all()[:20]),
            "orders": [(order, *ORDER_STATES[order.state]) for order in orders.orders_at(place_id)],
            "on_map": pins(row, offers, seen),
            "may_write": WRITE("places").lets_in(request.auth),
        }
        with timezone.override(zone):
            return render(request, "console/places/page.html", context, status=refusal.status if refusal else 200)


def _shown(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}"


@enter(WRITE("places"), sign_in=True)
@require_POST
def pin(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Where it is, by whichever way it was said. The pin is confirmed by it."""

    def act() -> None:
        point = _point(request, "lat", "lon")
        if point is None:
            raise Refusal(
                "place.coordinates_invalid", "no coordinates", remedy="set the pin, or type both", field="lat"
            )
        do(request, f"pin {place_id}", actions.correct, place_id, Correction(point), version=_version(request))

    return _done(request, place_id, act, "The pin is set and confirmed.", onward=True)


@enter(WRITE("places"), sign_in=True)
@require_POST
def confirm(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The pin as it stands, or where phones stood."""
    source = "proofs" if request.POST.get("from") == "proofs" else "person"

    def act() -> None:
        do(request, f"confirm {place_id}", actions.confirm, place_id, source, version=_version(request))

    return _done(request, place_id, act, "The pin is confirmed: no geocoder moves it any more.", onward=True)


@enter(WRITE("places"), sign_in=True)
@require_POST
def serve(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Serve it although it lies outside of every service area, or no longer."""
    anyway = request.POST.get("anyway") == "yes"

    def act() -> None:
        change = Correction(serve_anyway=anyway)
        do(request, f"serve {place_id}", actions.correct, place_id, change, version=_version(request))

    return _done(request, place_id, act, "It is served." if anyway else "It is served only inside the service areas.")


@enter(WRITE("places"), sign_in=True)
@require_POST
def unlearn(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The entrance that phones found is wrong: it goes, and none is learned here again."""

    def act() -> None:
        change = Correction(without=frozenset({"entrance"}))
        do(request, f"unlearn {place_id}", actions.correct, place_id, change, version=_version(request))

    return _done(request, place_id, act, "The entrance is gone, and none is learned here again.")


@enter(WRITE("places"), sign_in=True)
@require_POST
def details(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """What is to be known at the door."""

    def act() -> None:
        do(request, f"details {place_id}", actions.correct, place_id, _told(request), version=_version(request))

    return _done(request, place_id, act, "The place is changed.")


def _told(request: HttpRequest) -> Correction:
    points: dict[str, Any] = {name: _point(request, f"{name}_lat", f"{name}_lon") for name in ("entrance", "parking")}
    without = frozenset(name for name, point in points.items() if point is None)
    minutes = text(request, "access_min").replace(",", ".") or "0"
    try:
        access_s = round(float(minutes) * 60)
    except ValueError as error:
        raise Refusal("number.malformed", "no number", remedy="write minutes in digits", field="access_min") from error
    code = text(request, "gate_code")
    gate = "" if request.POST.get("no_gate_code") == "on" else code or None
    plain: dict[str, Any] = {name: text(request, name) for name in FIELDS}
    return Correction(**plain, **points, access_s=access_s, gate_code=gate, without=without)


@enter(WRITE("places"), sign_in=True)
@require_POST
def unmerge(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """It stands by itself again."""

    def act() -> None:
        do(request, f"unmerge {place_id}", actions.unmerge, place_id)

    return _done(request, place_id, act, "The place stands by itself again.")


def _point(request: HttpRequest, lat: str, lon: str) -> Point | None:
    """Both or none. Refuses `number.malformed` and what coordinates refuse."""
    given = {name: text(request, name).replace(",", ".") for name in (lat, lon)}
    if not any(given.values()):
        return None
    read = {}
    for name, written in given.items():
        try:
            read[name] = float(written)
        except ValueError as error:
            raise Refusal(
                "number.malformed", "no coordinate", remedy="write degrees, like 49.6117", field=name
            ) from error
    return read_point(read[lat], read[lon], field=lat)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() else None


def _done(
    request: HttpRequest, place_id: UUID, act: Callable[[], None], said: str, *, onward: bool = False
) -> HttpResponse:
    """The page again, or the next place to fix where this one was on the way through them."""
    try:
        act()
    except Refusal as refusal:
        return _page(request, place_id, refusal)
    messages.success(request, said)
    if onward and request.POST.get("next") == "yes":
        with scope(request.auth):
            following = queries.to_fix().exclude(id=place_id).order_by("created_at", "id").first()
        if following is None:
            return HttpResponseRedirect(reverse("places"))
        place_id = following.id
    return HttpResponseRedirect(reverse("place", args=[place_id]))
