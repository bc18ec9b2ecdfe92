"""What a provider's report makes of a message. Reports come late, twice and out of order."""

from __future__ import annotations

_TO = {"queued": "sent", "sent": "sent", "delivered": "delivered", "failed": "failed"}
FINAL = frozenset({"delivered", "failed"})


def after_report(state: str, report: str, tries: int) -> str | None:
    """The state after a report (queued, sent, delivered, failed); None when it changes nothing.

    Any report says that the provider took the message, whatever we thought: what was `unknown` is settled by it, and
    what was to be tried again is not.
    """
    to = _TO[report]
    if tries == 0 or state in FINAL or state == to:
        return None
    return to
