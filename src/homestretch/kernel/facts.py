"""Facts: what a slice can state. A verb in the past, frozen, ids rather than personal data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from homestretch.kernel.units import iso


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about one subject. Subclasses set `type` (`aggregate.past_tense`); their first field is the subject's id.

    The docstring of a subclass is its line in the catalogue of events.
    """

    type: ClassVar[str] = ""

    @property
    def subject(self) -> str:
        """What the fact is about: the word before the dot."""
        return self.type.split(".", 1)[0]

    @property
    def subject_id(self) -> UUID:
        """Which one."""
        value = getattr(self, fields(self)[0].name)
        if not isinstance(value, UUID):
            raise TypeError(f"{type(self).__name__}: the first field is the subject's id")
        return value

    def data(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


def plain(value: Any) -> Any:
    """A value as JSON carries it: ids and instants as text, sets and tuples as lists."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    return value


def all_facts() -> list[type[Fact]]:
    """Every fact that is defined, by type: for the catalogue and for the test that each is documented.

    A dataclass with slots is made twice, and until the first is collected both are subclasses: the later counts.
    """
    defined = {(fact.__module__, fact.__qualname__): fact for fact in Fact.__subclasses__()}
    return sorted(defined.values(), key=lambda fact: fact.type)
