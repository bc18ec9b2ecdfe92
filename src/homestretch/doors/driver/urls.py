"""Addresses of the driver's app; `wiring.urls` puts them under `/drive/`."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.driver import shell

urlpatterns = [
    path("", shell.app, name="drive"),
    path("sw.js", shell.worker, name="drive-worker"),
    path("manifest.webmanifest", shell.manifest, name="drive-manifest"),
]
