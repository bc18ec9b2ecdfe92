"""One morning, one web process and one Chromium for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium, databases
from tests.browser.day import Scene, a_day, an_empty_day
from tests.browser.site import PATIENCE_MS, Site, a_browser, a_site
from tests.conftest import _pointed_at

expect.set_options(timeout=PATIENCE_MS / 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="no Chromium was found; as root: apt-get install chromium")
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))  # the first one makes the morning
            if chromium.find() is None:
                item.add_marker(missing)


@dataclass
class Morning:
    """The scene, where it is served, the browser, and who has a day that is empty (e-mails by role)."""

    scene: Scene
    site: Site
    browser: Browser
    nobody: dict[str, str]


@pytest.fixture(scope="package")
def morning(
    django_db_setup: Any, test_server: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Morning]:
    """All of it."""
    folder = tmp_path_factory.mktemp("morning")
    with databases.clone(test_server) as clone, django_db_blocker.unblock(), _pointed_at(clone):
        nobody = an_empty_day(folder)
        scene = a_day(folder)
        with a_site(clone, folder) as site, a_browser() as browser, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread
            yield Morning(scene, site, browser, nobody)


@pytest.fixture(scope="package")
def another(morning: Morning, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """A morning like it, of another organization, for those who change it: the first one stays as all count on it."""
    return replace(morning, scene=a_day(tmp_path_factory.mktemp("another")))
