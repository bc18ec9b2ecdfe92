"""The running day: a page, and its panel alone for when something has happened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from homestretch.doors.console.day import Day, day_of
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.facts import all_facts
from homestretch.web.entry import READ, enter

QUIET = ("place.", "depot.", "vehicle.changed", "driver.", "key.", "member.", "endpoint.", "proof.", "package.")


@enter(READ("routes"), sign_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """The page."""
    types = sorted({fact.type for fact in all_facts() if not fact.type.startswith(QUIET)})
    return _shown(request, "console/today.html", {"types": ",".join(types)})


@enter(READ("routes"))
def panel(request: HttpRequest) -> HttpResponse:
    """What changes on it."""
    return _shown(request, "console/panel.html", {})


def _shown(request: HttpRequest, template: str, more: dict[str, object]) -> HttpResponse:
    with scope(request.auth):
        day: Day = day_of(now())
        with timezone.override(day.zone):
            return render(request, template, {"day": day, **more})
