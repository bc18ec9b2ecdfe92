"""What needs somebody, and what is suggested: one line a matter, the gravest first, gathered inside one scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from homestretch.doors.console.places.lists import why
from homestretch.doors.console.recovery.offers import Line as Offered
from homestretch.doors.console.recovery.offers import lines_of as offers_of
from homestretch.doors.console.recovery.shown import Line, lines_of
from homestretch.doors.console.recovery.words import ASKED
from homestretch.doors.console.words import EXCEPTIONS, plain
from homestretch.messaging import queries as messaging
from homestretch.orders import queries as orders
from homestretch.places import queries as places
from homestretch.recovery import queries as recovery
from homestretch.recovery.values import Wanted, Wish

MOST = 40  # lines of a kind; the list scrolls, and says how many there are in all
MOST_PLACES, MOST_SAID = 5, 10
MOST_LETTERS = 140  # of somebody's words
LOOKS: Mapping[str, str] = {"high": "is-bad", "medium": "is-warn", "low": "is-quiet"}
GRAVITY = Case(
    When(severity="high", then=Value(0)),
    When(severity="medium", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one click does (`act`, told to the page's own address), or where it leads (`address`)."""

    words: str
    act: str = ""
    address: str = ""
    answers: bool = False  # for those who may write messages


@dataclass(frozen=True, slots=True)
class Asks:
    """What asks for a proposal: the button's words, and what the form sends."""

    words: str
    sent: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """A line: what, why, about whom, since when. `exception_id`: it can be settled with words; `version`: as seen."""

    look: str
    words: str
    reason: str
    about: str
    at: datetime
    address: str = ""
    suggested: Suggestion | None = None
    exception_id: UUID | None = None
    version: int = 0
    asks: Asks | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind. `count` may be more than are shown; `address`: where all of them are."""

    name: str
    label: str
    count: int
    needs: list[Need]
    address: str = ""


def needs_of(tomorrow: date, at: datetime) -> list[Group]:
    """All groups that hold anything."""
    return [group for group in (_offers(at), _proposals(), *_exceptions(tomorrow), _places(), *_said()) if group.count]


def _offers(at: datetime) -> Group:
    """Orders that can't wait, and who is being asked."""
    rows = recovery.offers("open").order_by("deadline", "id")
    return Group("offers", "Being offered", rows.count(), [_offer(line) for line in offers_of(rows[:MOST], at)])


def _offer(line: Offered) -> Need:
    address = reverse("order", args=[line.row.order_id]) + "#offers"
    return Need(
        look="is-quiet",
        words=f"{line.order}: {line.driver} is asked",
        reason=f"{line.left_s} s left",
        about=line.said,
        at=line.row.asked_at,
        address=address,
        suggested=Suggestion("Look at it", address=address),
    )


def _proposals() -> Group:
    """What could be done, and waits for a yes; then what is searched for."""
    rows = recovery.open_proposals().order_by("-state", "-asked_at", "-id")
    shown = [_proposal(line) for line in lines_of(rows[:MOST])]
    return Group("proposals", "Proposals", rows.count(), shown, reverse("proposals"))


def _proposal(line: Line) -> Need:
    made = line.row.state == "made"
    address = reverse("proposal", args=[line.row.id])
    return Need(
        look="is-warn" if made else "is-quiet",
        words=f"{line.kind}: {line.about}",
        reason=line.said if made else line.state.lower(),
        about="",
        at=line.row.made_at or line.row.asked_at,
        address=address,
        suggested=Suggestion("Look at it", address=address),
    )


def _exceptions(tomorrow: date) -> list[Group]:
    rows = recovery.exceptions(Wanted(state="open")).annotate(gravity=GRAVITY)
    rows = rows.select_related("stop__place", "route__vehicle", "route__driver", "order__recipient")
    return [
        _group("exceptions", "Off plan", rows.exclude(kind__in=("promise_at_risk", "unassigned")), tomorrow),
        _group("promises", "Promises at risk", rows.filter(kind="promise_at_risk"), tomorrow),
        _group("unassigned", "On no route", rows.filter(kind="unassigned"), tomorrow),
    ]


def _group(name: str, label: str, rows: Any, tomorrow: date) -> Group:
    shown = list(rows.order_by("gravity", "-raised_at", "-id")[: MOST + 1])
    count = rows.count() if len(shown) > MOST else len(shown)
    waits = recovery.wishes(shown[:MOST], tomorrow - timedelta(days=1))
    return Group(name, label, count, [_exception(row, tomorrow, waits.get(row.id)) for row in shown[:MOST]])


def _exception(row: Any, tomorrow: date, wish: Wish | None) -> Need:
    words = EXCEPTIONS.get(row.kind, plain(row.kind))
    reason = _reason(row)
    return Need(
        look=LOOKS[row.severity],
        words=words,
        reason="" if reason.lower() in words.lower() else reason,
        about=_about(row),
        at=row.raised_at,
        address=reverse("order", args=[row.order_id]) if row.order_id else "",
        suggested=SUGGESTED.get(row.kind, _look)(row, tomorrow),
        exception_id=row.id,
        version=row.version,
        asks=_asks(wish) if wish is not None else None,
    )


def _asks(wish: Wish) -> Asks:
    sent = {name: value for name, value in asdict(wish).items() if value}
    return Asks(ASKED[wish.kind], sent)


def _reason(row: Any) -> str:
    late = row.details.get("late_s") if row.kind == "promise_at_risk" else None
    return f"{round(int(late) / 60)} min late" if late else plain(row.reason)


def _about(row: Any) -> str:
    """Where or whom it is about: the stop, else the vehicle, else the order."""
    order = row.order
    who = f"{order.external_id or ''} {order.recipient.name}".strip() if order is not None else ""
    if row.stop is not None:
        place = row.stop.place.label or row.stop.place.address
        return f"{place} · {who}" if who else str(place)
    if row.route is not None:
        return f"{row.route.vehicle.name}, {row.route.driver.name}"
    return who


def _again(row: Any, tomorrow: date) -> Suggestion | None:
    """Another day, where the order waits for a decision; else a look at it."""
    if row.order is not None and row.order.state == "ready":
        return Suggestion(f"Try again {tomorrow:%A}", act="tomorrow")
    return _look(row, tomorrow)


def _call_driver(row: Any, _: date) -> Suggestion | None:
    phone = row.route.driver.phone if row.route is not None else ""
    return Suggestion(f"Call {row.route.driver.name.split(' ')[0]}", address=f"tel:{phone}") if phone else None


def _call_recipient(row: Any, tomorrow: date) -> Suggestion | None:
    phone = row.order.recipient.phone if row.order is not None else ""
    return Suggestion("Call the recipient", address=f"tel:{phone}") if phone else _look(row, tomorrow)


def _look(row: Any, _: date) -> Suggestion | None:
    return Suggestion("See the order", address=reverse("order", args=[row.order_id])) if row.order_id else None


SUGGESTED: Mapping[str, Callable[[Any, date], Suggestion | None]] = {
    "attempt_failed": _again,
    "unassigned": _again,
    "vehicle_silent": _call_driver,
    "change_unread": _call_driver,
    "promise_at_risk": _call_recipient,
    "not_picked_up": _call_recipient,
}


def _places() -> Group:
    rows = places.to_fix()
    shown = list(rows.order_by("created_at", "id")[:MOST_PLACES])
    waiting = orders.waiting_at(row.id for row in shown)
    needs = [
        Need(
            look="is-warn",
            words=row.address or "By coordinates",
            reason=why(row),
            about=f"{waiting[row.id]} waiting" if row.id in waiting else "",
            at=row.created_at,
            address=reverse("place", args=[row.id]),
            suggested=Suggestion("Fix", address=reverse("place", args=[row.id])),
        )
        for row in shown
    ]
    return Group("places", "Places to fix", rows.count(), needs, reverse("places"))


def _said() -> list[Group]:
    """Conversations that wait for us; those with a rating that is bad stand apart."""
    rows = messaging.waiting()
    kinds = (
        ("ratings", "Unhappy ratings", [row for row in rows if row.score is not None]),
        ("messages", "Messages unanswered", [row for row in rows if row.score is None]),
    )
    return [Group(name, label, len(found), [_line(row) for row in found[:MOST_SAID]]) for name, label, found in kinds]


def _line(row: Any) -> Need:
    desk = reverse("conversation", args=[row.order_id])
    rated = row.score is not None
    return Need(
        look="is-bad" if row.meaning == "problem" or row.score == 1 else "is-warn",
        words=f"Rated {row.score} of 5" if rated else row.name or row.reference,
        reason=f"“{row.text[:MOST_LETTERS]}”" if row.text else "",
        about=f"{row.reference} {row.name}" if rated else row.reference,
        at=row.since,
        address=reverse("order", args=[row.order_id]),
        suggested=Suggestion("Answer", address=desk, answers=True),
    )
