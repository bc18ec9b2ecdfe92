"""Idempotency keys of the API (the IETF draft): a POST says a key, the first answer is kept and given again.

    order = actions.create_order(data, by=by, at=now(), once=once_of(request, "create_order", OrderOut.of))

A second request with the key makes the action raise `Replayed`; the API turns that into the first answer, with its
status and `Idempotency-Replayed: true`. An operation needs nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.web.etags import etag
from homestretch.web.wire import dumps, plain

HEADER = "Idempotency-Key"


def once_of(request: HttpRequest, operation: str, answer: Callable[[Any], Any], *, status: int = 201) -> Once:
    """The request's key, scoped to organization, asker and operation.

    `answer` turns the action's result into the body (schema or JSON values) that the operation returns with `status`;
    it runs inside the action's transaction. Refuses `idempotency.key_missing` (400) and `idempotency.malformed`.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        raise Refusal(
            "idempotency.key_missing",
            f"a POST needs the header {HEADER}",
            remedy="send a fresh UUID with each new request, and the same one when you repeat it",
            field=HEADER,
        )
    if not re.fullmatch(r'"?[\x21\x23-\x7e]{1,200}"?', key):
        raise Refusal("idempotency.malformed", "the key is no short printable word", remedy="send a UUID", field=HEADER)
    asker: Actor = request.auth
    asked = fingerprint(request.method.encode(), request.get_full_path().encode(), request.body)
    return Once(
        f"{operation} {asker}", key.strip('"'), asked, lambda result: {"status": status, "body": plain(answer(result))}
    )


def replayed(request: HttpRequest, again: Replayed) -> HttpResponse:
    """The first answer, once more."""
    body = again.answer["body"]
    response = HttpResponse(
        "" if body is None else dumps(body), status=again.answer["status"], content_type="application/json"
    )
    if isinstance(body, dict) and isinstance(body.get("version"), int):
        response["ETag"] = etag(body["version"])
    response["Idempotency-Replayed"] = "true"
    return response
