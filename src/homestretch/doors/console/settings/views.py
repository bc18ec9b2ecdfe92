"""One view for all sections: it shows one, or does one of its acts, once for each form that was made."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from homestretch.accounts import queries as accounts
from homestretch.doors.console.settings.forms import Given
from homestretch.doors.console.settings.page import Act, Look, Secret, Section
from homestretch.doors.console.settings.sections import BY_NAME, SECTIONS
from homestretch.events.clock import now
from homestretch.events.idempotency import Once, Replayed, fingerprint
from homestretch.events.scope import scope
from homestretch.kernel.ids import new_secret
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import READ, enter
from homestretch.web.problems import forbidden

MOST_NONCE = 80


@enter(READ("organization"), sign_in=True)
def first(request: HttpRequest) -> HttpResponse:
    """The first section."""
    return HttpResponseRedirect(reverse("settings-section", args=[SECTIONS[0].name]))


@enter(READ("organization"), sign_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, name: str, subject: str = "") -> HttpResponse:
    """A section, or one thing of it; or an act of it."""
    if name not in BY_NAME:
        raise Http404
    part = BY_NAME[name]
    if not part.read.lets_in(request.auth):
        raise forbidden()
    if request.method == "POST":
        return _act(request, part, subject)
    return _shown(request, part, subject)


def _act(request: HttpRequest, part: Section, subject: str) -> HttpResponse:
    name, by = request.POST.get("act", ""), request.auth
    if name in part.previews:
        return _shown(request, part, subject, act=part.previews[name], given=Given(request.POST))
    if name not in part.acts:
        raise Http404
    if not part.change.lets_in(by):
        raise forbidden()
    given = Given(request.POST, request.FILES)
    nonce = given.text("nonce")[:MOST_NONCE] or new_secret("form")

    def once(number: int) -> Once:
        asked = fingerprint(request.path.encode(), name.encode())
        return Once(f"settings {part.name} {name} {by.id}", f"{nonce}.{number}", asked, lambda _: {})

    try:
        secret = part.acts[name](Act(given, by, now(), _zone(by), subject, once(0), once))
    except Replayed:
        secret = None
    except Refusal as refusal:
        return _shown(request, part, subject, act=name, given=given, refusal=refusal)
    if secret is not None:
        return _shown(request, part, subject, secret=secret)
    back = reverse("settings-section", args=[part.name])
    where = f"{back}/{subject}" if subject and not name.startswith("remove") else back
    return HttpResponseRedirect(f"{where}?done={name}")


def _zone(by: Any) -> ZoneInfo:
    with scope(by):
        return ZoneInfo(accounts.organization().zone)


def _shown(
    request: HttpRequest, part: Section, subject: str, *, secret: Secret | None = None, **back: Any
) -> HttpResponse:
    by = request.auth
    with scope(by):
        zone = ZoneInfo(accounts.organization().zone)
        may = part.change.lets_in(by)
        look = Look(by, now(), zone, subject, may, query=request.GET.dict(), **back)
        template, context = part.show(look)
        refusal = back.get("refusal")
        whole = {
            "area": "settings",
            "part": part,
            "sections": [one for one in SECTIONS if one.read.lets_in(by)],
            "subject": subject,
            "may_change": may,
            "secret": secret,
            "said": part.said.get(request.GET.get("done", ""), "") if refusal is None and secret is None else "",
            "refusal": refusal,
            "loose": refusal if not look.taken else None,
            **context,
        }
        with timezone.override(zone):
            page = render(
                request, f"console/settings/{template}.html", whole, status=refusal.status if refusal else 200
            )
    page["Cache-Control"] = "private, no-store"
    return page
