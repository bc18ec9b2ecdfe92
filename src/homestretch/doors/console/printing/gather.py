"""What is printed, read from the slices inside an open scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.doors.console.printing.labels import Label
from homestretch.doors.console.printing.proof import Picture, Proven, Visit
from homestretch.kernel.units import read_instant
from homestretch.orders import queries as orders
from homestretch.web.qr import Code, code_of

PICTURES = ("photo", "signature")
WORDS = {"name": "Received by", "scan": "Scanned", "pin": "PIN", "note": "Note"}


@dataclass(frozen=True, slots=True)
class SheetStop:
    """A line of a run sheet."""

    number: int
    arrive: datetime
    windows: str
    label: str
    address: str
    notes: list[str]
    tasks: list[Any]
    code: Code | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A run sheet. `packages`: how many are to be loaded."""

    route: Any
    zone: ZoneInfo
    stops: list[SheetStop]
    packages: int


def span(windows: Iterable[dict[str, str]], zone: ZoneInfo) -> str:
    """Windows as hours of the zone."""
    said = []
    for window in windows:
        start, end = (read_instant(window[name]).astimezone(zone) for name in ("start", "end"))
        said.append(f"{start:%H:%M}–{end:%H:%M}")
    return ", ".join(said)


def sheet_of(route: Any) -> Sheet:
    """A route's run sheet: what is left to do and what was done, without what was called off."""
    zone = ZoneInfo(route.shift.start_depot.zone)
    stops = [stop for stop in dispatch.sheet_stops(route) if stop.state != "cancelled"]
    made = [_stop(number, stop, zone) for number, stop in enumerate(stops, 1)]
    return Sheet(route, zone, made, len(dispatch.load_of(route.id).packages))


def _stop(number: int, stop: Any, zone: ZoneInfo) -> SheetStop:
    place = stop.place
    notes = [place.access_notes, place.parking_notes and f"Parking: {place.parking_notes}"]
    if place.side:
        notes.append(f"On the {place.side}")
    where = f"geo:{place.lat},{place.lon}?q={place.lat},{place.lon}" if place.lat is not None else ""
    works = [work for work in stop.works.all() if work.outcome not in ("cancelled", "removed")]
    return SheetStop(
        number=number,
        arrive=stop.planned_arrive,
        windows=span(stop.windows, zone),
        label=place.label,
        address=place.address,
        notes=[note for note in notes if note],
        tasks=works,
        code=code_of(where) if where else None,
    )


def labels_of(route_id: UUID) -> list[Label]:
    """A label for each package that a route loads, in the order of loading. Refuses `route.not_found`."""
    load = dispatch.load_of(route_id)
    route, organization = load.route, accounts.organization()
    zone = ZoneInfo(route.shift.start_depot.zone)
    stops = {work.order_id: stop for stop in dispatch.sheet_stops(route) for work in stop.works.all()}
    works = {work.order_id: work for stop in stops.values() for work in stop.works.all()}
    made = []
    for package in load.packages:
        stop, order = stops[package.order_id], works[package.order_id].order
        made.append(
            Label(
                barcode=package.barcode,
                organization=organization.name,
                day=f"{route.day:%a %d %b}",
                vehicle=route.vehicle.name,
                driver=route.driver.name,
                stop=package.number,
                stops=load.stops,
                turn=package.step,
                turns=len(load.packages),
                reference=package.reference,
                recipient=order.recipient.name,
                address=", ".join(part for part in (stop.place.label, stop.place.address) if part),
                window=span(stop.windows, zone),
                goods=package.goods,
                merchant=order.merchant.name if order.merchant else "",
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an order's proof, before its pictures are fetched."""

    proven: Proven
    pictures: list[tuple[int, Any]]  # of which visit, and the proof


def proof_of(order_id: UUID, at: datetime) -> Found:
    """All stops of an order that had an outcome. Refuses `order.not_found`."""
    order, organization = orders.get_order(order_id), accounts.organization()
    zone = ZoneInfo(organization.zone)
    stops = [stop for stop in dispatch.stops_for_order(order_id) if stop.ended_at]
    visits, pictures = [], []
    for number, stop in enumerate(stops):
        work = next(work for work in stop.works.all() if work.order_id == order_id)
        proofs = dispatch.proofs_of([stop.id])
        visits.append(_visit(stop, work, proofs, zone))
        pictures += [(number, proof) for proof in proofs if proof.kind in PICTURES and proof.rendition_id]
    proven = Proven(
        organization=organization.name,
        reference=order.external_id or str(order.id),
        state=order.state.replace("_", " ").capitalize(),
        facts=_facts(order, zone),
        visits=visits,
        made=f"Made {_said(at, zone)} from the records of {organization.name}",
    )
    return Found(proven, pictures)


def _said(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %B %Y, %H:%M} ({zone.key})" if at else ""


def _facts(order: Any, zone: ZoneInfo) -> list[tuple[str, str]]:
    tasks = list(order.tasks.all())
    items = [f"{item.quantity} × {item.name}" for task in tasks for item in task.items.all()]
    codes = [package.barcode for task in tasks for package in task.packages.all()]
    return [
        ("Recipient", order.recipient.name),
        ("Sender", order.merchant.name if order.merchant else ""),
        ("Goods", ", ".join(items)),
        ("Packages", ", ".join(codes)),
        ("Ordered", _said(order.created_at, zone)),
    ]


def _visit(stop: Any, work: Any, proofs: list[Any], zone: ZoneInfo) -> Visit:
    outcome = (work.outcome or stop.state).replace("_", " ").capitalize()
    where = f"{work.lat:.5f}, {work.lon:.5f}" if work.lat is not None and work.lon is not None else ""
    told = [
        ("Address", ", ".join(part for part in (stop.place.label, stop.place.address) if part)),
        ("Arrived", _said(stop.arrived_at, zone)),
        ("Reason", work.reason.replace("_", " ")),
        ("Left with", work.left_with.replace("_", " ")),
        ("Note", work.note),
        ("Position", where),
    ]
    said = [
        (WORDS[proof.kind], "right" if proof.kind == "pin" else proof.text or "erased")
        for proof in proofs
        if proof.kind in WORDS
    ]
    return Visit(f"{outcome}, {_said(stop.ended_at, zone)}", [*told, *said])


def with_pictures(found: Found, zone: ZoneInfo, read: Callable[[UUID], bytes]) -> Proven:
    """The proof with its pictures, which `read` fetches; outside of any transaction, for the store may be slow."""
    by_visit: dict[int, list[Picture]] = {}
    for number, proof in found.pictures:
        at = f"{proof.at.astimezone(zone):%d %b %Y %H:%M}"
        fingerprint = proof.declared_sha256[:16]
        by_visit.setdefault(number, []).append(Picture(proof.kind.capitalize(), at, fingerprint, read(proof.id)))
    proven = found.proven
    visits = [Visit(visit.title, visit.facts, by_visit.get(number, ())) for number, visit in enumerate(proven.visits)]
    return Proven(proven.organization, proven.reference, proven.state, proven.facts, visits, proven.made)
