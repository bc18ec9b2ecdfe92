"""What the contracts of all kinds share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homestretch.providers import http
from tests.providers.listener import Listener, listening

RECORDINGS = Path(__file__).parent / "recordings"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener
        http.client().close()  # its kept connections would outlive the listener
        http.client.cache_clear()


def recording(kind: str, name: str) -> dict[str, Any]:
    """What an adapter is tested with, without which it is not an adapter of the house."""
    path = RECORDINGS / kind / f"{name}.json"
    if not path.is_file():
        pytest.fail(f"the adapter {kind}/{name} has no recording at {path.relative_to(RECORDINGS.parent)}")
    return json.loads(path.read_text())
