"""Addresses of the callbacks; `wiring.urls` puts them under `/hooks/`."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.hooks.sms import sms

urlpatterns = [
    path("sms/<slug:adapter>", sms),
    path("sms/<slug:adapter>/", sms),  # a redirect would lose what is posted, and the signature holds for one spelling
    path("sms/<slug:adapter>/<uuid:organization_id>", sms),
    path("sms/<slug:adapter>/<uuid:organization_id>/<uuid:message_id>", sms),
]
