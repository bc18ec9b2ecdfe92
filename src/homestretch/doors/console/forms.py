"""Forms of the console: sent once however often they are clicked, and their refusals said at the field.

A form carries `{% nonce %}` and `{% csrf_token %}`; its view calls the verb by `do`:

    try:
        do(request, "cancel", actions.cancel_order, order_id, reason)
    except Refusal as refusal:
        return the page again, with the refusal in its context (`{% refused refusal "reason" %}` says it at the field)
    return redirect(...)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest

from homestretch.events.clock import now
from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.kernel.ids import new_secret

T = TypeVar("T")
LONGEST_NONCE = 80


def once(request: HttpRequest, form: str, answer: Callable[[Any], Any] = lambda _: {}) -> Once:
    """The form's key: whoever clicks twice, sends once. `answer` makes of the verb's result what is known again."""
    nonce = request.POST.get("nonce", "")[:LONGEST_NONCE] or new_secret("form")
    return Once(f"console {form} {request.auth.id}", nonce, fingerprint(form.encode()), answer)


def do(request: HttpRequest, form: str, verb: Callable[..., T], *values: Any, **named: Any) -> T | None:
    """Call an action once per nonce; None where the form was sent before. Raises the action's refusals."""
    try:
        return verb(*values, **named, by=request.auth, at=now(), once=once(request, form))
    except Replayed:
        return None


def text(request: HttpRequest, name: str) -> str:
    """A field of the form, as it was typed: without the byte that no text has, lines ended in one way."""
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def maybe_ident(written: str) -> UUID | None:
    """The id that is written, or none."""
    try:
        return UUID(written)
    except ValueError:
        return None
