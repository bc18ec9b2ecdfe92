"""Every route says who may enter: an undeclared one fails here, and so the build."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from ninja.operation import PathView

from homestretch.doors.api.document import entries_by_operation
from homestretch.web.entry import PUBLIC, Entry, enter
from homestretch.wiring.routers import api

# Whole branches that are held by somebody else: allauth's own sign-in pages and endpoints, and the back office, whose
# site asks for a signed-in owner before each page (test_backoffice).
HELD_ELSEWHERE = ("_allauth/", "accounts/", "admin/")


def undeclared(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Addresses whose view carries no entry."""
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if where.startswith(HELD_ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from undeclared(pattern.url_patterns, where)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            owner = inspect.getclosurevars(view).nonlocals.get("self") if inspect.isfunction(view) else None
            if isinstance(owner, PathView):
                yield from (f"{where} {op.methods}" for op in owner.operations if not declared(op.auth_callbacks))
            elif not isinstance(getattr(view, "entry", None), Entry) and not is_ninjas_root(view):
                yield where


def declared(callbacks: Any) -> bool:
    return len(callbacks) == 1 and isinstance(callbacks[0], Entry)


def is_ninjas_root(view: Any) -> bool:
    """Ninja's nameless root answers 404 to everybody."""
    return getattr(view, "__qualname__", getattr(getattr(view, "func", None), "__qualname__", "")) == "default_home"


def test_every_route_says_who_may_enter():
    assert list(undeclared(get_resolver().url_patterns)) == []


def test_every_operation_says_who_may_enter():
    assert [name for name, entry in entries_by_operation(api).items() if entry is None] == []


def test_an_undeclared_route_is_found():
    def bare(request: Any) -> HttpResponse:
        return HttpResponse()

    assert list(undeclared([path("a", bare), path("b", enter(PUBLIC)(bare))])) == ["a"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_undeclared_operation_is_found(method):
    from ninja import NinjaAPI, Router

    router = Router()
    getattr(router, method)("/open")(lambda request: None)
    getattr(router, method)("/shut", auth=PUBLIC)(lambda request: None)
    other = NinjaAPI(urls_namespace=f"undeclared-{method}", docs_url=None, openapi_url=None)
    other.add_router("", router)
    assert list(undeclared(other.urls[0])) == [f"open ['{method.upper()}']"]
