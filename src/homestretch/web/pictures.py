"""Pictures that somebody uploaded, as they leave: drawn anew before, and still held to be nothing but a picture."""

from __future__ import annotations

from django.http import HttpResponse


def picture(data: bytes, media_type: str) -> HttpResponse:
    """The answer that carries one."""
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
