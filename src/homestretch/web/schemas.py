"""Types of the API's schemas that would have no end by themselves: texts, lists and maps with a limit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

# How a POST on something that stands says which version was seen; PATCH, PUT and DELETE say it by If-Match alone.
Seen = Annotated[
    int | None, Field(ge=1, lt=2**31, description="The version that was seen: 412 where another stands; null: any.")
]
Word = Annotated[str, Field(max_length=120)]  # a name, a skill, a barcode
Words = Annotated[list[Word], Field(max_length=200)]
Loads = Annotated[dict[Annotated[str, Field(max_length=40)], int], Field(max_length=20)]  # by dimension
Consent = Annotated[dict[Annotated[str, Field(max_length=20)], bool], Field(max_length=10)]  # by channel
Metadata = Annotated[dict[str, Any], Field(max_length=100)]  # the caller's own; its size is checked besides
