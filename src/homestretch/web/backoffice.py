"""The back office: Django's admin, inside one organization, behind the same sign-in as everything else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from homestretch.events.scope import scope
from homestretch.kernel.actor import Role
from homestretch.kernel.refusal import Refusal
from homestretch.web.problems import refused
from homestretch.web.who import asker_of


class BackOffice(AdminSite):
    """Open to people marked as staff who own the organization; every page runs in its scope.

    Its own sign-in form would ask no second factor, so people are sent to the one that does.
    """

    site_header = site_title = "Homestretch"
    index_title = "Back office"
    site_url = "/"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.login = secure_admin_login(super().login)  # before any address is made of it

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may come in at all."""
        user = request.user
        if not (user.is_active and user.is_staff):
            return False
        actor = asker_of(request).actor
        return actor is not None and actor.role is Role.OWNER

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:  # noqa: FBT001
        """Django's guard around the view, and the scope inside the guard: pages are rendered before it closes."""

        @functools.wraps(view)
        def scoped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = asker_of(request).actor
            if actor is None:  # the guard has let nobody through but an owner
                raise PermissionError("the back office was entered by nobody")
            with scope(actor):
                response = view(request, *args, **kwargs)
                if callable(getattr(response, "render", None)):
                    response = response.render()
                return response

        guarded = super().admin_view(scoped, cacheable)

        @functools.wraps(view)
        def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return guarded(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        return outer
