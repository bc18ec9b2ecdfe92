"""Refusals as RFC 9457 problem details: stable code, field, cause, remedy, request id; no stack, SQL or path."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from homestretch.kernel.refusal import Refusal
from homestretch.web.wire import dumps

CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 50
SOON_S = 5
AWAY = ("08", "57P0", "53300")  # SQLSTATEs: connection exceptions, a server that goes or comes, no connection left


def unauthenticated() -> Refusal:
    """Nobody whom we know."""
    return Refusal(
        "auth.unauthenticated", "nobody known is asking", remedy="sign in, or send a valid key, device or link token"
    )


def forbidden() -> Refusal:
    """Known, and not let in here."""
    return Refusal(
        "auth.forbidden", "this is not open to whoever is asking", remedy="ask an owner for a role or a key that may"
    )


def csrf_missing() -> Refusal:
    """A request that changes something came with a cookie and without its token."""
    return Refusal(
        "csrf.forbidden", "the form's token is missing or old", remedy="load the page again; programs send X-CSRFToken"
    )


def database_away(error: BaseException | None) -> Refusal | None:
    """What is said of an error that means that the database does not answer; None: it means something else."""
    cause = error.__cause__ if isinstance(error, OperationalError | InterfaceError) else error
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return None
    if cause.sqlstate and not cause.sqlstate.startswith(AWAY):
        return None
    return Refusal("database.unavailable", "the database does not answer", remedy="try again soon", retry_after=SOON_S)


def problem(refusal: Refusal, request: HttpRequest, *, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    """The response that says why not. `retry_after` among the details becomes the header."""
    details = dict(refusal.details)
    response = answer(
        request,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.cause,
        field=refusal.field,
        remedy=refusal.remedy,
        **({"errors": errors} if errors else {}),
        **({"details": details} if details else {}),
    )
    if "retry_after" in details:
        response["Retry-After"] = str(details["retry_after"])
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="homestretch"'
    return response


def answer(request: HttpRequest, *, status: int, code: str, **members: Any) -> HttpResponse:
    """A problem document of these members, in the order of the standard."""
    body = {
        "type": f"{settings.HOMESTRETCH_URL}/docs/refusals#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        **members,
        "request_id": getattr(request, "id", ""),
    }
    return HttpResponse(dumps(body), status=status, content_type=CONTENT_TYPE)


def invalid(errors: Iterable[Mapping[str, Any]]) -> tuple[Refusal, list[dict[str, Any]]]:
    """What does not fit the schema, as one refusal `request.invalid` and a list of fields, from pydantic's errors."""
    found = [
        {"field": field_path(error["loc"]) or None, "cause": str(error["msg"]), "type": str(error["type"])}
        for error in errors
    ][:MAX_ERRORS]
    first = found[0] if found else {"field": None, "cause": "the request does not fit its schema"}
    refusal = Refusal(
        "request.invalid", first["cause"] or "", remedy="see the API's schema of this operation", field=first["field"]
    )
    return refusal, found


def field_path(loc: Iterable[str | int]) -> str:
    """`("body", "data", "tasks", 0, "place")` as `tasks[0].place`: the parameter's name is ours, not the caller's."""
    parts = list(loc)
    if parts[:1] == ["body"]:
        parts = parts[2:]
    elif parts and parts[0] in {"query", "path", "header", "cookie", "form", "file"}:
        parts = parts[1:]
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by address or by what it accepts."""
    if re.match(r"/(api|live|hooks|_allauth|simulation)/", request.path):
        return True
    return "text/html" not in request.headers.get("Accept", "")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A problem document for programs, a page for people."""
    if wants_json(request):
        return problem(refusal, request)
    page = TemplateResponse(request, "web/problem.html", {"refusal": refusal}, status=refusal.status).render()
    if "retry_after" in refusal.details:
        page["Retry-After"] = str(refusal.details["retry_after"])
    return page


def not_found_view(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Django's handler of unknown addresses."""
    return refused(request, Refusal("page.not_found", "there is nothing at this address", remedy="check the address"))


def bad_request_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler of suspicious requests."""
    return refused(request, Refusal("request.malformed", "the request can't be read", remedy="check its syntax"))


def forbidden_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler of refused permissions."""
    return refused(request, forbidden())


def csrf_view(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's handler of a form from elsewhere."""
    return refused(request, csrf_missing())


def fault_view(request: HttpRequest) -> HttpResponse:
    """Django's handler of what nobody caught: a database that is away, else a mistake of our own, with an id to ask
    about and nothing else."""
    away = database_away(sys.exception())
    if away is not None:
        return refused(request, away)
    if wants_json(request):
        detail = "something went wrong on our side"
        return answer(request, status=500, code="internal.fault", detail=detail, remedy="tell us the request id")
    ident = getattr(request, "id", "")
    return HttpResponse(
        f"<!doctype html><title>500</title><h1>Something went wrong on our side</h1><p>{ident}</p>", status=500
    )
