"""Who asks for a stream: Django's own answer, asked in a thread."""

from __future__ import annotations

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse

from homestretch.kernel.actor import Actor
from homestretch.web.entry import READ
from homestretch.web.plain import Scope
from homestretch.web.wsgi import environ_of

ENTRY = READ("tracking")


def _none(_: HttpRequest) -> HttpResponse:
    return HttpResponse()


_session, _user = SessionMiddleware(_none), AuthenticationMiddleware(_none)


def principal_of(scope: Scope) -> Actor:
    """The person by session, or the program by key. Refuses as every door does: 401, 403, 429."""
    request = WSGIRequest(environ_of(scope))
    try:
        _session.process_request(request)
        _user.process_request(request)
        actor: Actor = ENTRY(request)
        return actor
    finally:
        connections.close_all()  # back to the pool: this thread may not come again
