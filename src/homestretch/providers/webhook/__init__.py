"""Posting to programs whose addresses other people chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Answer:
    """What the endpoint answered, whatever its status. `excerpt` is the beginning of the body as text; `seconds` is the
    time from connecting to the end of the excerpt; `retry_after_seconds` what it asked us to wait."""

    status: int
    excerpt: str
    seconds: float
    retry_after_seconds: int | None = None


class Webhook(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post once. Raises `ProviderError` when there is no answer: `permanent` for an address that is refused."""
        ...
