"""The board's page: a shell that names the day, its map, and what the person may do. The script asks the API."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render

from homestretch.accounts import queries as accounts
from homestretch.doors.console.board.told import told
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ, enter


@enter(READ("plans"), sign_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """To the present day of the organization."""
    with scope(request.auth):
        return redirect("board-day", day=_today())


@enter(READ("plans"), sign_in=True)
def day(request: HttpRequest, day: date) -> HttpResponse:
    """The board of a day."""
    with scope(request.auth):
        config = told(day, _today(), request.auth, settings.HOMESTRETCH_MAPS)
    config["token"] = get_token(request)
    return render(request, "console/board/page.html", {"area": "board", "day": day, "config": config})


def _today() -> date:
    return now().astimezone(ZoneInfo(accounts.organization().zone)).date()
