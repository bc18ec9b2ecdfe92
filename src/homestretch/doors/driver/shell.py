"""The page that a phone keeps, the worker that keeps it, and what makes it installable. None of it knows who asks."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from homestretch.doors.driver.bundle import ICONS, bundle
from homestretch.web.entry import PUBLIC, enter

# WebAssembly reads barcodes where the browser has no reader of its own; a picture just taken is a blob.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
WORKERS_POLICY = "default-src 'none'; connect-src 'self'"  # a worker is held to the policy that its script came with
GROUND = "#10171f"


@enter(PUBLIC)
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The shell. It is the same for everybody, so a phone may keep it; who drives is known to the phone alone."""
    response = render(request, "driver/shell.html", {"bundle": bundle(), "icons": ICONS})
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


@enter(PUBLIC)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its bytes change with any file of the app, which is how a phone learns of a new one."""
    made = bundle()
    if made is None:
        return HttpResponse("// the frontend was not built\n", content_type="text/javascript", status=404)
    about = {"version": made.version, "shell": reverse("drive"), "files": made.files}
    text = f"self.HOMESTRETCH={json.dumps(about)};\n{made.worker}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = WORKERS_POLICY
    response["Service-Worker-Allowed"] = reverse("drive")
    return response


@enter(PUBLIC)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone's home screen shows."""
    response = HttpResponse(json.dumps(_about()), content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


def _about() -> dict[str, Any]:
    sizes = {"driver/icon-192.png": "192x192", "driver/icon-512.png": "512x512"}
    icons = [{"src": static(name), "sizes": size, "type": "image/png"} for name, size in sizes.items()]
    icons += [{**icon, "purpose": "maskable"} for icon in icons]
    return {
        "name": "Homestretch Drive",
        "short_name": "Drive",
        "description": "Today's route, with or without a network.",
        "id": reverse("drive"),
        "start_url": reverse("drive"),
        "scope": reverse("drive"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [{"src": static("driver/icon.svg"), "sizes": "any", "type": "image/svg+xml"}, *icons],
    }
