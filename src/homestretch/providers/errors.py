"""How an outside service failed, in the three words that a sender must tell apart."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["permanent", "deferred", "unknown"]


class ProviderError(Exception):
    """An outside service did not do what was asked.

    `kind` says what the caller may do next:

    - `permanent`: refused for good; the same request will be refused again;
    - `deferred`: provably not accepted; it may be tried again, after `retry_after_seconds` if the service named a time;
    - `unknown`: it may have been accepted; what reaches a person must not be sent again blindly.

    `code` is stable and short, `cause` a sentence in our words. Neither carries an address, a number or a text that
    was sent: both are logged.
    """

    def __init__(self, kind: Outcome, code: str, cause: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(f"{kind} {code}: {cause}")
        self.kind: Outcome = kind
        self.code = code
        self.cause = cause
        self.retry_after_seconds = retry_after_seconds
