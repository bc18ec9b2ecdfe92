"""Every address that Django answers."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from homestretch.web.views import invitation

from .routers import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("drive/", include("homestretch.doors.driver.urls")),
    path("t/", include("homestretch.doors.track.urls")),
    path("hooks/", include("homestretch.doors.hooks.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("invitation", invitation),
    path("", include("homestretch.doors.console.urls")),
]

if settings.HOMESTRETCH_SIMULATED_CLOCK:
    urlpatterns.append(path("simulation/", include("homestretch.doors.simulated.urls")))

handler400 = "homestretch.web.problems.bad_request_view"
handler403 = "homestretch.web.problems.forbidden_view"
handler404 = "homestretch.web.problems.not_found_view"
handler500 = "homestretch.web.problems.fault_view"
