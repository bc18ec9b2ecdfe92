"""Versions as entity tags: who changes or deletes says which version was seen.

If-Match is for PATCH, PUT and DELETE. A POST that acts on something that stands takes `version` in its body
(`schemas.Seen`), for it is asked under an idempotency key, which holds the body and no header.
"""

from __future__ import annotations

import re

from django.http import HttpRequest

from homestretch.kernel.actor import Actor, Kind
from homestretch.kernel.refusal import Refusal

MUST_SAY = {Kind.PERSON, Kind.KEY}


def etag(version: int) -> str:
    """The tag of a version. Answers whose body has a `version` carry it by themselves."""
    return f'"{version}"'


def check_version(request: HttpRequest, version: int) -> None:
    """Compare `If-Match` with the row's version. Drivers and recipients need not send it.

    Refuses `request.precondition_required` (428) where staff or a key send none, `request.stale` (412) where it
    differs. Call it inside the scope on the row as just read, and hand the version on to an action that takes one.
    """
    asker: Actor = request.auth
    header = request.headers.get("If-Match", "").strip()
    if not header:
        if asker.kind not in MUST_SAY:
            return
        raise Refusal(
            "request.precondition_required",
            "a change needs If-Match with the version that was seen",
            remedy="read the resource and send its ETag",
            field="If-Match",
        )
    if header != "*" and str(version) not in re.findall(r'"([^"]*)"', header):
        raise Refusal(
            "request.stale",
            "it was changed since it was read",
            remedy="read it again, and repeat the change if it still holds",
            field="If-Match",
        )
