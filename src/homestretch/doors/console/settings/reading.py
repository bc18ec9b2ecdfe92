"""What of a section an address names."""

from __future__ import annotations

from uuid import UUID

from homestretch.doors.console.forms import maybe_ident
from homestretch.kernel.refusal import not_found


def ident_of(kind: str, text: str) -> UUID:
    """The id in an address. Refuses `<kind>.not_found`."""
    found = maybe_ident(text)
    if found is None:
        raise not_found(kind, text)
    return found
