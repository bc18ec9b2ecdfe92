"""Types of the API's schemas that would have no end by themselves: texts, lists and maps with a limit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

Word = Annotated[str, Field(max_length=120)]  # a name, a skill, a barcode
Words = Annotated[list[Word], Field(max_length=200)]
Loads = Annotated[dict[Annotated[str, Field(max_length=40)], int], Field(max_length=20)]  # by dimension
Consent = Annotated[dict[Annotated[str, Field(max_length=20)], bool], Field(max_length=10)]  # by channel
Metadata = Annotated[dict[str, Any], Field(max_length=100)]  # the caller's own; its size is checked besides
