"""A rule says no: one exception for every refusal that a caller can act on."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A rule says no. Carries a stable `code`, the `cause`, a `remedy` and, where it helps, the `field`.

    `details` are small JSON values (ids, limits, the offending value) and never personal data.
    `status` is the HTTP status that a door answers with, derived from the code's family.
    """

    def __init__(self, code: str, cause: str, *, remedy: str = "", field: str | None = None, **details: Any) -> None:
        super().__init__(f"{code}: {cause}")
        self.code = code
        self.cause = cause
        self.remedy = remedy
        self.field = field
        self.details = details

    @property
    def status(self) -> int:
        """HTTP status: by the last words of the code, else 422."""
        last = self.code.rsplit(".", 1)[-1]
        return next((status for word, status in _STATUS.items() if last == word or last.endswith(f"_{word}")), 422)


# The request is in order, and what stands now does not admit it: read again, then decide.
_OF_THE_STATE = (
    *("conflict", "taken", "running", "busy", "already", "already_released", "not_solved", "not_ready", "overtaken"),
    *("not_open", "closed", "off", "over", "superseded", "settled", "resolved", "bad_transition", "too_early"),
    *("not_started", "on_break", "stop_in_service", "has_route", "no_driver", "on_another_route", "on_board"),
    *("tasks_fixed", "day_fixed", "has_open_orders", "last_owner", "pin_locked", "nothing_to_undo", "nothing_to_redo"),
    *("held", "awaiting_pickup"),
)
_STATUS = {
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    **dict.fromkeys(_OF_THE_STATE, 409),
    "stale": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "precondition_required": 428,
    "rate_limited": 429,
    "malformed": 400,
    "key_missing": 400,
    "fault": 500,
    "unavailable": 503,
}


def check_version(kind: str, seen: int | None, stands: int) -> None:
    """Refuses `<kind>.stale` (412) where the asker saw another version than stands; None: whichever stands.

    Call it under the row's lock.
    """
    if seen is not None and seen != stands:
        raise Refusal(
            f"{kind}.stale",
            "it was changed since it was read",
            remedy="read it again, and repeat the change if it still holds",
            seen=seen,
            stands=stands,
        )


def not_found(kind: str, ident: object = None) -> Refusal:  # noqa: ARG001  says at the call which one, not to the caller
    """The one answer for what is missing and for what belongs to somebody else: the two must not differ."""
    return Refusal(f"{kind}.not_found", f"there is no such {kind}", remedy="check the id")
