"""The console's addresses: a line for each area, sorted."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("homestretch.doors.console.board.urls")),
    path("", include("homestretch.doors.console.imports.urls")),
    path("orders", include("homestretch.doors.console.orders.urls")),
    path("places", include("homestretch.doors.console.places.urls")),
    path("", include("homestretch.doors.console.today.urls")),
    path("load/", include("homestretch.doors.console.loading.urls")),
    path("merchant", include("homestretch.doors.console.merchant.urls")),
    path("measures/", include("homestretch.doors.console.measures.urls")),
    path("messages", include("homestretch.doors.console.messages.urls")),
    path("print/", include("homestretch.doors.console.printing.urls")),
    path("proposals", include("homestretch.doors.console.recovery.urls")),
    path("settings/", include("homestretch.doors.console.settings.urls")),
]
