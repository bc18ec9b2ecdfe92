"""Facts about travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class ModelAdopted(Fact):
    """A model of travel times holds from now on."""

    type: ClassVar[str] = "model.adopted"
    model_id: UUID
    profile: str
    version: int
