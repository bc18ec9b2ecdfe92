"""When a program is told again, when it counts as dead, and the body that it is told. Standard Webhooks' schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from homestretch.kernel.facts import all_facts, plain
from homestretch.kernel.refusal import Refusal

# Waits after each failed try: ten tries in all, over about 75 hours.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES = len(WAITS) + 1
DEAD_AFTER = timedelta(days=3)  # of nothing but failures, once a delivery has used up its tries
MOST_REPLAYED = 5_000  # in one request: each is a job, made in one transaction that must be short
SPEC_VERSION = "1.0"  # of CloudEvents, whose attributes the body carries
GONE = 410  # the endpoint says that it wants no more


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means for its delivery: `delivered`, `waiting` until `due_at`, or `failed`."""

    state: str
    due_at: datetime | None = None


def judge(status: int | None, tries: int, at: datetime, *, asked_wait_s: int | None = None) -> Verdict:
    """After try number `tries` (from 1), answered by `status` (None = no answer): 2xx is taken, all else told again."""
    if status is not None and 200 <= status < 300:
        return Verdict("delivered")
    if tries >= TRIES or status == GONE:
        return Verdict("failed")
    wait = max(WAITS[tries - 1], timedelta(seconds=asked_wait_s or 0))
    return Verdict("waiting", at + min(wait, WAITS[-1]))


def is_dead(failing_since: datetime | None, at: datetime, status: int | None) -> bool:
    """Whether an endpoint whose delivery has just failed for good is switched off."""
    return status == GONE or (failing_since is not None and at - failing_since >= DEAD_AFTER)


def wants(types: Sequence[str], event_type: str) -> bool:
    """Whether an endpoint listens to a type. `stop.*` stands for all of an aggregate; none named: everything."""
    return not types or event_type in types or f"{event_type.split('.', 1)[0]}.*" in types


def read_types(types: Sequence[str]) -> list[str]:
    """Checked types. Refuses `endpoint.type_unknown`."""
    known = {fact.type for fact in all_facts()}
    known |= {f"{name.split('.', 1)[0]}.*" for name in known}
    for name in types:
        if name not in known:
            raise Refusal(
                "endpoint.type_unknown",
                f"there is no event {name!r}",
                remedy="see the catalogue of events",
                field="types",
            )
    return sorted(set(types))


def read_url(url: str, *, plain_http: bool) -> str:
    """A checked address; where it leads is checked at each try, after resolution. Refuses `endpoint.url_invalid`."""
    refusal = Refusal(
        "endpoint.url_invalid",
        "this is no address that can be told something",
        remedy="give an https address without a name or password in it",
        field="url",
    )
    try:
        parts = urlsplit(url)
        right = parts.port != 0 and url.isprintable() and " " not in url
    except ValueError as error:
        raise refusal from error
    if not right or parts.scheme not in (("http", "https") if plain_http else ("https",)):
        raise refusal
    if not parts.hostname or parts.username is not None:
        raise refusal
    return url


def body(event: Mapping[str, Any], organization: str) -> dict[str, Any]:
    """A webhook body is the event, in CloudEvents attributes; `sequence` counts the subject's facts without a hole."""
    return {
        "specversion": SPEC_VERSION,
        "id": str(event["id"]),
        "source": f"/organizations/{organization}",
        "type": event["type"],
        "subject": f"{event['subject']}/{event['subject_id']}",
        "sequence": event["subject_seq"],
        "time": plain(event["at"]),
        "recorded": plain(event["recorded_at"]),
        "actor": event["actor"],
        "datacontenttype": "application/json",
        "data": event["data"],
    }
