"""Counting and logging requests: by the route's pattern, never by the address, which may hold a secret."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram

log = logging.getLogger("homestretch.request")

REGISTRY = CollectorRegistry()
REQUESTS = Counter("homestretch_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "homestretch_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UNKNOWN = "(none)"  # no route: a stranger must not be able to mint labels


def note(method: str, route: str, status: int, seconds: float, request_id: str = "") -> None:
    """One request was answered."""
    method = method if method in METHODS else "OTHER"
    REQUESTS.labels(method, route or UNKNOWN, str(status)).inc()
    SECONDS.labels(route or UNKNOWN).observe(seconds)
    log.info(
        "answered",
        extra={
            "method": method,
            "route": route or UNKNOWN,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "request_id": request_id,
        },
    )


def measured(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware: notes each request that Django answers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        seconds = time.perf_counter() - began
        route = match.route if match else ""
        note(request.method or "", route, response.status_code, seconds, getattr(request, "id", ""))
        return response

    return middleware
