"""The page's forms: each calls a verb once per nonce, and shows the page again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from homestretch.doors.track.views import by_link, show
from homestretch.events.clock import now
from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import new_secret
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.orders import actions as orders
from homestretch.orders.intake import keep_door_photo
from homestretch.orders.values import DoorData

Verb = Callable[[Actor, datetime, Once], Any]


@by_link("POST")
def instructions(request: HttpRequest, token: str) -> HttpResponse:
    """A note for the driver, and how to get in: each that the form asks for."""
    order_id = request.auth.order_id

    def verb(by: Actor, at: datetime, once: Once) -> None:
        door = DoorData(
            _text(request, "leave_with"), _text(request, "leave_where"), _text(request, "gate_code") or None
        )
        actions.leave_word(order_id, _text(request, "text"), door, by=by, at=at, once=once)

    return _do(request, token, "instructions", verb)


@by_link("POST")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The gate's code is forgotten."""
    order_id = request.auth.order_id
    return _do(
        request,
        token,
        "code",
        lambda by, at, once: actions.forget_code(order_id, by=by, at=at, once=once),
        "instructions",
    )


@by_link("POST")
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """A photo of the door, or none any more."""
    order_id, sent = request.auth.order_id, request.FILES.get("photo")

    def verb(by: Actor, at: datetime, once: Once) -> None:
        if sent is not None:
            keep_door_photo(order_id, sent.read(), by=by, at=at, once=once)
        elif "remove" in request.POST:
            orders.set_door_photo(order_id, "", "", by=by, at=at, once=once)

    return _do(request, token, "photo", verb, "instructions")


@by_link("POST")
def slot(request: HttpRequest, token: str) -> HttpResponse:
    """Another day, or the first."""
    return _chosen(request, token, "slot", "start", actions.choose_slot)


@by_link("POST")
def pickup(request: HttpRequest, token: str) -> HttpResponse:
    """To be taken at the depot."""
    return _chosen(request, token, "pickup", "end", actions.choose_pickup)


def _chosen(request: HttpRequest, token: str, what: str, field: str, choose: Callable[..., object]) -> HttpResponse:
    """One of the windows that are offered, by its `field`."""
    order_id, moment = request.auth.order_id, _instant(request.POST.get(field, ""))

    def verb(by: Actor, at: datetime, once: Once) -> None:
        if moment is None:
            raise Refusal(f"{what}.taken", "no such time is offered", remedy="choose one", field=field)
        choose(order_id, moment, by=by, at=at, once=once)

    return _do(request, token, what, verb)


@by_link("POST")
def rating(request: HttpRequest, token: str) -> HttpResponse:
    """One to five: a tap is enough. Words may come with it, or after."""
    order_id, score = request.auth.order_id, request.POST.get("score", "")
    number = int(score) if score in {"1", "2", "3", "4", "5"} else 0
    words = _text(request, "comment")
    return _do(
        request, token, "rating", lambda by, at, once: actions.rate(order_id, number, words, by=by, at=at, once=once)
    )


@by_link("POST")
def more(request: HttpRequest, token: str) -> HttpResponse:
    """What was behind the rating."""
    order_id, tags, words = request.auth.order_id, request.POST.getlist("tags"), _text(request, "comment")
    return _do(
        request,
        token,
        "more",
        lambda by, at, once: actions.say_more(order_id, tags, words, by=by, at=at, once=once),
        "rating",
    )


@by_link("POST")
def problem(request: HttpRequest, token: str) -> HttpResponse:
    """Something is wrong."""
    order_id, kind, words = request.auth.order_id, request.POST.get("kind", ""), _text(request, "text")
    return _do(
        request,
        token,
        "problem",
        lambda by, at, once: actions.report_problem(order_id, kind, words, by=by, at=at, once=once),
    )


@by_link("POST")
def channels(request: HttpRequest, token: str) -> HttpResponse:
    """Which messages are wanted: a box for each channel that has an address. What is as it was says nothing."""
    actor, ticked = request.auth, set(request.POST.getlist("on"))
    with scope(actor):
        now_on = queries.shown_order(actor.order_id, now()).channels
    changes = {channel: channel in ticked for channel, on in now_on.items() if on != (channel in ticked)}
    return _do(
        request,
        token,
        "channels",
        lambda by, at, once: actions.choose_channels(actor.order_id, changes, by=by, at=at, once=once),
    )


@by_link("GET", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End e-mails: by one click of the mail program (RFC 8058: a POST, answered without going elsewhere); a person who
    follows the address comes to the boxes, for programs that only look must change nothing."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("track", args=[token]) + "#channels")
    actor = request.auth
    try:
        actions.choose_channels(actor.order_id, {"email": False}, by=actor, at=now())
    except Refusal:  # no e-mail address any more: then none will be written to it
        pass
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n")


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _do(request: HttpRequest, token: str, form: str, verb: Verb, section: str = "") -> HttpResponse:
    """Call a verb once per nonce, and show the page again, at the section whose form it was."""
    actor = request.auth
    nonce = request.POST.get("nonce", "")[:80] or new_secret("form")
    asked = fingerprint(form.encode())  # a form that is sent twice is the same one, whatever the boxes say by then
    once = Once(f"track {form} {actor.id}", nonce, asked, lambda _: {})
    try:
        verb(actor, now(), once)
    except Replayed:
        pass
    except Refusal as refusal:
        return show(request, token, refusal)
    return HttpResponseRedirect(f"{reverse('track', args=[token])}?thanks={form}#{section or form}")
