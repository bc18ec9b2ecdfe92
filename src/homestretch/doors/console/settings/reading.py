"""What of a section an address names."""

from __future__ import annotations

from uuid import UUID

from homestretch.kernel.refusal import not_found


def ident_of(kind: str, text: str) -> UUID:
    """The id in an address. Refuses `<kind>.not_found`."""
    try:
        return UUID(text)
    except ValueError:
        raise not_found(kind, text) from None
