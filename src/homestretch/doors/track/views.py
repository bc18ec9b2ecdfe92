"""The page itself. The token in the address is the only credential, and no cookie is set: a foreign site that does not
know the address can't post to it, so there is no CSRF token; a nonce in each form makes a second click one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt

from homestretch.doors.track.page import live, page
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.ids import new_secret
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import queries
from homestretch.web.entry import LINK, enter

View = Callable[..., HttpResponse]


def by_link(*methods: str) -> Callable[[View], View]:
    """Guard a view by its token. Unknown, expired and revoked links get one and the same page."""

    def guard(view: View) -> View:
        guarded = enter(LINK)(view)

        @functools.wraps(view)
        def shown(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            if request.method not in methods:
                response = HttpResponse(status=405)
                response["Allow"] = ", ".join(methods)
                return response
            response = guarded(request, token=token, **more)
            response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex, nofollow", "no-referrer"
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
    return show(request, token)


def show(request: HttpRequest, token: str, refusal: Refusal | None = None) -> HttpResponse:
    """The whole page, above it what was refused."""
    actor = request.auth
    with scope(actor):
        try:
            shown = page(queries.shown_order(actor.order_id, now()))
        except Refusal:  # the order is gone: its link opens nothing
            return missing(request)
    words = shown["words"]
    context = {
        **shown,
        "token": token,
        "nonce": new_secret("form"),
        "refusal": words.get(f"refused_{refusal.code}", words["refused"]) if refusal else "",
        "code": refusal.code if refusal else "",
        "thanks": request.GET.get("thanks", "") if refusal is None else "",
    }
    return TemplateResponse(request, "track/page.html", context, status=refusal.status if refusal else 200).render()


@by_link("GET", "HEAD")
def live_part(request: HttpRequest, token: str) -> HttpResponse:
    """What changes by itself, alone: for the page's script."""
    actor = request.auth
    with scope(actor):
        try:
            shown = live(queries.shown_order(actor.order_id, now()))
        except Refusal:
            return missing(request)
    return TemplateResponse(request, "track/live.html", shown).render()
