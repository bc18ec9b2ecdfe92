"""What the invented town is told: a clock that stands where the test puts it, and the fakes' inbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.messaging import queries
from homestretch.messaging.models import Message
from homestretch.providers.inbox import Entry, read
from tests.town.places import AT
from tests.work import run_due

SECRET = "the fake company's secret"


@dataclass
class Post:
    """The fake providers: what they took, and what they are to get wrong."""

    folder: Path

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox.jsonl"

    def taken(self, **wanted: Any) -> list[Entry]:
        """Everything that was sent, or what matches (`kind="sms"`, `to=...`)."""
        return [e for e in read(self.inbox) if all(e.get(name) == value for name, value in wanted.items())]

    def faults(self, **plan: Any) -> None:
        """What goes wrong from now on: `sms=[{"match": "*", "outcome": "unknown"}]`."""
        (self.folder / "faults.json").write_text(json.dumps(plan))

    def providers(self) -> dict[str, Any]:
        fake = {"inbox": str(self.inbox), "faults": str(self.folder / "faults.json")}
        return {
            **settings.HOMESTRETCH_PROVIDERS,
            "sms": ("fake", {**fake, "secret": SECRET}),
            "email": ("fake", fake),
        }


@contextmanager
def a_post(folder: Path, *, at: datetime = AT) -> Iterator[Post]:
    """The fakes in a folder, under a clock that stands at `at`."""
    post = Post(folder)
    with override_settings(
        HOMESTRETCH_SIMULATED_CLOCK=True,
        HOMESTRETCH_PROVIDERS=post.providers(),
        HOMESTRETCH_URL="https://vans.example.com",
    ):
        set_clock(at)
        yield post


def it_is(at: datetime) -> list[str]:
    """Put the clock to `at` and do all that is due by then; the names of the jobs that ran."""
    set_clock(at)
    return run_due()


def said(by: Actor, **wanted: Any) -> list[Message]:
    """The messages that match, oldest first."""
    with scope(by):
        return list(queries.messages(**wanted).order_by("id"))


def states(by: Actor, **wanted: Any) -> list[tuple[str, str, str, str]]:
    """(kind, channel, state, why) of the messages that match."""
    return [(row.kind, row.channel, row.state, row.why) for row in said(by, **wanted)]
