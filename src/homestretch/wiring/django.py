"""Set Django up, after `DATABASE_URL` is known."""

from __future__ import annotations

import os


def set_up() -> None:
    """Load settings and slices. Cheap when done already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homestretch.wiring.settings")
    import django

    django.setup()
