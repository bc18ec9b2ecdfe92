"""The town's roads for whoever asks, and none for everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from homestretch.atlas.town import Town
from tests.town.roads import the_town


@pytest.fixture
def town(settings: Any) -> Town:
    """The invented town, its map installed."""
    town, home = the_town()
    settings.HOMESTRETCH_HOME = home
    return town


@pytest.fixture
def no_map(settings: Any, tmp_path: Path) -> None:
    """An installation without a map."""
    settings.HOMESTRETCH_HOME = tmp_path
