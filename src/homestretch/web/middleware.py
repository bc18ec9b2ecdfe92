"""What every request passes: an id, safe headers, a cap on bodies, refusals as problems.

Functions rather than classes: Django's WSGI handler takes `get_response` and gets a callable.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.web.problems import CONTENT_TYPE, problem, refused, wants_json
from homestretch.web.wire import too_large

Respond = Callable[[HttpRequest], HttpResponse]
current_request_id: ContextVar[str] = ContextVar("homestretch_request_id", default="")  # for log lines

PAGES_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data: blob:{origins}; worker-src 'self' blob:; connect-src 'self'{origins}; object-src 'none';"
    " base-uri 'none';"
    " form-action 'self';"
    " frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def request_ids(get_response: Respond) -> Respond:
    """Give each request an id, or keep the caller's where it is a plain word, and say it in the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", given) else str(uuid7())
        token = current_request_id.set(request.id)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = request.id
        return response

    return middleware


def safe_headers(get_response: Respond) -> Respond:
    """A content security policy with a nonce of the request, and no caching of what somebody was let in to see."""

    origins = "".join(f" {origin}" for origin in settings.HOMESTRETCH_MAP_ORIGINS)

    def middleware(request: HttpRequest) -> HttpResponse:
        nonce = request.csp_nonce = secrets.token_urlsafe(16)
        response = get_response(request)
        html = response.get("Content-Type", "").startswith("text/html")
        response.setdefault(
            "Content-Security-Policy", PAGES_POLICY.format(nonce=nonce, origins=origins) if html else DATA_POLICY
        )
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()")
        return response

    return middleware


def capped_bodies(get_response: Respond) -> Respond:
    """Refuse `request.too_large` by the announced length, before a byte is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal():
            return refused(
                request,
                Refusal("request.malformed", "the body's length is no number", remedy="send Content-Length in digits"),
            )
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return refused(request, too_large())
        return get_response(request)

    return middleware


def refusals(get_response: Respond) -> Respond:
    """Turn what views raise, and bare answers such as 405, into problems."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        bare = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and wants_json(request)
        if bare and response.get("Content-Type") != CONTENT_TYPE:
            said = problem(
                Refusal(
                    "request.method_not_allowed",
                    f"{request.method} is not taken here",
                    remedy=f"use {response.get('Allow', 'another method')}",
                ),
                request,
            )
            if "Allow" in response:
                said["Allow"] = response["Allow"]
            return said
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return refused(request, too_large())
        return None

    setattr(middleware, "process_exception", process_exception)  # noqa: B010  mypy knows no attributes of functions
    return middleware
