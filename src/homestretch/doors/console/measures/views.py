"""The measures' pages: all plots of a span; one plot with its definition, its table and its rows; files of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from homestretch.accounts import queries as accounts
from homestretch.doors.console.measures import files
from homestretch.doors.console.measures.asked import Asked, asked, narrow_of
from homestretch.doors.console.measures.plots import BY_NAME, CALIBRATION, PLOTS, Plot
from homestretch.doors.console.measures.shown import Table, headline, names_of, rows_of, table_of
from homestretch.doors.console.measures.words import Words
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.insights import queries
from homestretch.insights.calibration import calibrated
from homestretch.insights.measures import measure
from homestretch.insights.queries import Narrow
from homestretch.insights.values import Period
from homestretch.web.entry import READ, enter

SHOWN_ROWS = 100


@enter(READ("measures"), sign_in=True)
def overview(request: HttpRequest) -> HttpResponse:
    """All plots of the span, each with its table."""
    with scope(request.auth):
        wanted, words = _asked(request)
        found = measure(queries.all_facts(wanted.period))
        tables = [_table(plot, found, wanted, words) for plot in PLOTS]
        context = {
            **_around(wanted),
            "numbers": headline(found, words),
            "tables": tables,
            "empty": not any(table.rows for table in tables),
            "drawn": {"currency": words.currency, "plots": [table.drawn for table in tables if table.rows]},
        }
        return render(request, "console/measures/overview.html", context)


@enter(READ("measures"), sign_in=True)
def calibration(request: HttpRequest) -> HttpResponse:
    """Whether what was said of arrivals came true: forecasts by horizon, told windows by how long before."""
    with scope(request.auth):
        wanted, words = _asked(request)
        found = calibrated(queries.said(wanted.period))
        tables = [_table(plot, found, wanted, words) for plot in CALIBRATION]
        context = {
            **_around(wanted),
            "tables": tables,
            "empty": not any(table.rows for table in tables),
            "drawn": {"currency": words.currency, "plots": [table.drawn for table in tables if table.rows]},
        }
        return render(request, "console/measures/calibration.html", context)


@enter(READ("measures"), sign_in=True)
def plot(request: HttpRequest, name: str) -> HttpResponse:
    """One plot: its definition, its table, and the rows behind it or behind one of its bars."""
    one = _plot(name)
    with scope(request.auth):
        wanted, words = _asked(request)
        narrow = _narrow(one, request)
        after = _after(request)
        page = queries.page_of(one.kind, wanted.period, narrow, after=after, most=SHOWN_ROWS + 1)
        words = replace(words, names=names_of(page))
        table = _table(one, _found(one, wanted.period), wanted, words)
        shown = rows_of(one.kind, page[:SHOWN_ROWS], words)
        more = _rest(request, one)
        context = {
            **_around(wanted),
            "plot": one,
            "table": table,
            "rows": shown,
            "narrowed": [words.cell(key, value) for key, value in more.items() if key not in one.only],
            "next": _next(wanted, more, page) if len(page) > SHOWN_ROWS else "",
            "later": after is not None,
            "rows_query": wanted.with_more(more),
            "drawn": {"currency": words.currency, "plots": [table.drawn] if table.rows else []},
        }
        return render(request, "console/measures/plot.html", context)


@enter(READ("measures"), sign_in=True)
def table_file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A plot's table as a file."""
    one = _plot(name)
    with scope(request.auth):
        wanted, _ = _asked(request)
        found = one.read(_found(one, wanted.period))
    columns = [column.name for column in one.columns]
    pages = [[[row[column] for column in columns] for row in found]]
    return files.made(form, _filename(one.name, wanted), columns, pages)


@enter(READ("measures"), sign_in=True)
def rows_file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The rows behind a plot, or behind one of its bars, as a file."""
    one = _plot(name)
    with scope(request.auth):
        wanted, _ = _asked(request)
    narrow = _narrow(one, request)
    pages = files.pages_of(request.auth, one.kind, wanted.period, narrow)
    return files.made(form, _filename(f"{one.name}-rows", wanted), queries.COLUMNS[one.kind], pages)


def _found(one: Plot, period: Period) -> dict[str, Any]:
    return calibrated(queries.said(period)) if one in CALIBRATION else measure(queries.all_facts(period))


def _plot(name: str) -> Plot:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _asked(request: HttpRequest) -> tuple[Asked, Words]:
    organization = accounts.organization()
    zone = ZoneInfo(organization.zone)
    return asked(request.GET.dict(), now().astimezone(zone).date()), Words(zone, organization.currency)


def _around(wanted: Asked) -> dict[str, Any]:
    return {
        "area": "measures",
        "asked": wanted,
        "depots": fleet.depots().order_by("name"),
        "drivers": fleet.drivers().order_by("name"),
    }


def _table(one: Plot, found: Any, wanted: Asked, words: Words) -> Table:
    return table_of(one, one.read(found), wanted, words)


def _rest(request: HttpRequest, one: Plot) -> dict[str, Any]:
    """What narrows the rows, as an address says it."""
    known = Narrow.__dataclass_fields__
    return {**one.only, **{name: value for name, value in request.GET.items() if name in known and value}}


def _narrow(one: Plot, request: HttpRequest) -> Narrow:
    return narrow_of({name: str(value) for name, value in _rest(request, one).items()})


def _after(request: HttpRequest) -> tuple[Any, UUID] | None:
    day, _, ident = request.GET.get("after", "").partition(".")
    try:
        return (asked({"first": day, "last": day}, now().date()).period.first, UUID(ident)) if ident else None
    except ValueError:
        return None


def _next(wanted: Asked, more: dict[str, Any], page: list[dict[str, Any]]) -> str:
    last = page[SHOWN_ROWS - 1]
    return wanted.with_more({**more, "after": f"{last['day']}.{last['id']}"})


def _filename(name: str, wanted: Asked) -> str:
    return f"{name}-{wanted.period.first}-{wanted.period.last}"
