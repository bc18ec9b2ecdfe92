"""Set Django up, after `DATABASE_URL` is known."""

from __future__ import annotations

import os
import sys

SWITCH_S = 0.0005


def set_up() -> None:
    """Load settings and slices. Cheap when done already."""
    # Our threads wait for the database most of the time. One that was answered has to wait for the interpreter until
    # this interval has passed: at the default of 5 ms that costs more than the answer, forty times in a job.
    sys.setswitchinterval(SWITCH_S)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homestretch.wiring.settings")
    import django

    django.setup()
