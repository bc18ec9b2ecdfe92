"""`{% navigation as frame %}`: the frame of whoever looks at the page; and what forms and lists of all areas need."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from homestretch.doors.console.frame import Frame, frame_of
from homestretch.kernel.ids import new_secret

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Frame:
    """The navigation for the page's person; the context's `area` says where they are."""
    return frame_of(context["request"].auth, context.get("area", ""))


@register.simple_tag
def nonce() -> SafeString:
    """What makes a second click on a form the first one: see doors.console.forms."""
    return format_html('<input type="hidden" name="nonce" value="{}">', new_secret("form"))


@register.simple_tag
def refused(refusal: Any, *fields: str) -> SafeString:
    """What the refusal says, if it is about one of these fields; without fields: if it is about anything."""
    if refusal is None or (fields and refusal.field not in fields):
        return SafeString("")
    remedy = f": {refusal.remedy}" if refusal.remedy else ""
    cause = refusal.cause[:1].upper() + refusal.cause[1:]
    return format_html('<span class="error" role="alert">{}{}. <code>{}</code></span>', cause, remedy, refusal.code)


@register.filter
def spaced(word: str) -> str:
    """`in_progress` as people write it."""
    return str(word).replace("_", " ")


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query with these changes, as `?...`; None and empty take a name away, and the cursor goes."""
    given = context["request"].GET.copy()
    given.pop("cursor", None)
    for name, value in changes.items():
        if value in (None, ""):
            given.pop(name, None)
        else:
            given[name] = str(value)
    return f"?{given.urlencode()}" if given else "?"
