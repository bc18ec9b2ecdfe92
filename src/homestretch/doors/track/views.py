"""The page and its forms. The token in the address is the only credential, and no cookie is set: a foreign site that
does not know the address can't post to it, so there is no CSRF token; a nonce in each form makes a second click one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from homestretch.doors.track.page import page
from homestretch.events.clock import now
from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.events.scope import scope
from homestretch.kernel.ids import new_secret
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.web.entry import LINK, enter

View = Callable[..., HttpResponse]


def by_link(*methods: str) -> Callable[[View], View]:
    """Guard a view by its token. Unknown, expired and revoked links get one and the same page."""

    def guard(view: View) -> View:
        guarded = enter(LINK)(view)

        @functools.wraps(view)
        def shown(request: HttpRequest, token: str) -> HttpResponse:
            if request.method not in methods:
                response = HttpResponse(status=405)
                response["Allow"] = ", ".join(methods)
                return response
            response = guarded(request, token=token)
            return missing(request) if response.status_code == HTTPStatus.UNAUTHORIZED else response

        setattr(shown, "entry", LINK)  # noqa: B010  mypy; the test of declared routes looks for it
        return csrf_exempt(shown)

    return guard


def missing(request: HttpRequest) -> HttpResponse:
    """What a link that opens nothing shows."""
    return TemplateResponse(request, "track/missing.html", status=404).render()


@by_link("GET", "HEAD")
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The order as it stands."""
    return _page(request, token)


def _page(request: HttpRequest, token: str, refusal: Refusal | None = None) -> HttpResponse:
    actor = request.auth
    with scope(actor):
        try:
            shown = queries.shown_order(actor.order_id, now())
        except Refusal:  # the order is gone: its link opens nothing
            return missing(request)
    context = {
        **page(shown),
        "token": token,
        "nonce": new_secret("form"),
        "refusal": refusal,
        "thanks": request.GET.get("thanks", "") if refusal is None else "",
    }
    return TemplateResponse(request, "track/page.html", context, status=refusal.status if refusal else 200).render()


@by_link("POST")
def instructions(request: HttpRequest, token: str) -> HttpResponse:
    """A note for the driver."""
    return _do(request, token, "instructions", actions.instruct, _text(request, "text"))


@by_link("POST")
def rating(request: HttpRequest, token: str) -> HttpResponse:
    """One to five, and a comment."""
    score = request.POST.get("score", "")
    number = int(score) if score in {"1", "2", "3", "4", "5"} else 0
    return _do(request, token, "rating", actions.rate, number, _text(request, "comment"))


@by_link("POST")
def channels(request: HttpRequest, token: str) -> HttpResponse:
    """Which messages are wanted: a box for each channel that has an address. What is as it was says nothing."""
    actor, ticked = request.auth, set(request.POST.getlist("on"))
    with scope(actor):
        now_on = queries.shown_order(actor.order_id, now()).channels
    changes = {channel: channel in ticked for channel, on in now_on.items() if on != (channel in ticked)}
    return _do(request, token, "channels", actions.choose_channels, changes)


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


def _do(request: HttpRequest, token: str, form: str, verb: Callable[..., Any], *values: Any) -> HttpResponse:
    """Call a verb once per nonce, and show the page again."""
    actor = request.auth
    nonce = request.POST.get("nonce", "")[:80] or new_secret("form")
    asked = fingerprint(form.encode())  # a form that is sent twice is the same one, whatever the boxes say by then
    once = Once(f"track {form} {actor.id}", nonce, asked, lambda _: {})
    try:
        verb(actor.order_id, *values, by=actor, at=now(), once=once)
    except Replayed:
        pass
    except Refusal as refusal:
        return _page(request, token, refusal)
    return HttpResponseRedirect(f"{reverse('track', args=[token])}?thanks={form}#{form}")
