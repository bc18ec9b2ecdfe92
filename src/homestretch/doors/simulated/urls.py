"""What a simulation may ask beside the ordinary doors. `wiring.urls` includes it only under a simulated clock."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from homestretch.events.clock import now
from homestretch.events.stepping import pending, step
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso, read_instant
from homestretch.providers.inbox import read
from homestretch.web.entry import WRITE, enter
from homestretch.web.problems import problem

MOST_ENTRIES = 1000
PATIENCE_S = 1.0


@enter(WRITE("organization"))
def clock(request: HttpRequest) -> HttpResponse:
    """GET: the time, and how much work waits. POST `{"to": instant}`: move on, as far as nothing is left undone.

    A POST waits for waiting work, up to a second: asking again and again would take the work's own time.
    """
    try:
        if request.method == "POST":
            made = step(_instant(request.body), patience_s=PATIENCE_S)
            return JsonResponse({"now": iso(made.now), "pending": made.pending})
        return JsonResponse({"now": iso(now()), "pending": pending()})
    except Refusal as refusal:
        return problem(refusal, request)


@enter(WRITE("organization"))
def inbox(request: HttpRequest) -> HttpResponse:
    """What the fake providers accepted, from entry `after` on: `{"items": [...], "next": n}`."""
    after = int(request.GET.get("after", "0") or 0) if request.GET.get("after", "0").isdecimal() else 0
    entries = read(settings.HOMESTRETCH_INBOX)
    page = entries[after : after + MOST_ENTRIES]
    return JsonResponse({"items": page, "next": after + len(page)})


def _instant(body: bytes) -> datetime:
    try:
        text = json.loads(body)["to"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("request.malformed", "the body is no JSON with `to`", remedy='send {"to": instant}') from error
    return read_instant(str(text), field="to")


# The entry itself asks for a form's token where a cookie is shown; programs show a key.
urlpatterns = [path("clock", csrf_exempt(clock)), path("inbox", inbox)]
