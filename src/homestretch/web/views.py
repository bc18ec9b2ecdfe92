"""Pages that belong to no door: where an invitation leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from homestretch.web.entry import PUBLIC, enter


@enter(PUBLIC)
@require_safe
def invitation(request: HttpRequest) -> HttpResponse:
    """The form that accepts an invitation. Its token stands behind the `#` of the address, which no server sees."""
    return render(request, "web/invitation.html")
