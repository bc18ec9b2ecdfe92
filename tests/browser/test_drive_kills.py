"""Chromium killed (SIGKILL) at random moments of capturing and sending: what was called safe is on the server, once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page, expect

from homestretch.dispatch.models import Intent
from homestretch.events.scope import scope
from homestretch.providers.storage.own import store_of
from tests import chromium
from tests.browser import drive as days
from tests.browser.conftest import Morning
from tests.browser.drive import Drive, a_drive, do
from tests.browser.site import FLAGS, Site, a_site

STOPS = 60
START_S = 60.0
# What the screen says is safe, told before anything else can happen: the words of the page, not of its database.
WATCH = """new MutationObserver(() => {
  const names = document.querySelector(".safe")?.dataset.safe;
  if (names && names !== window.told) console.log("SAFE " + (window.told = names));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-safe"] })"""


@dataclass
class Phone:
    """One profile on the disk, and the Chromium that has it open now."""

    morning: Morning
    site: Site
    profile: Path
    said: list[str] = field(default_factory=list)

    @contextmanager
    def on(self) -> Iterator[tuple[Page, subprocess.Popen[bytes]]]:
        """Switched on, until it is killed or done."""
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        words = [str(chromium.find()), *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={self.profile}"]
        process = subprocess.Popen(
            [*words, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            browser = self.morning.browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{_port(port_file)}")
            context = browser.contexts[0]
            context.add_init_script(WATCH)
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.on("console", lambda said: self.said.append(said.text) if said.text.startswith("SAFE ") else None)
            yield page, process
        finally:
            kill(process)
            with suppress(Error):
                browser.close()

    @property
    def safe(self) -> set[str]:
        """Every id and hash that the screen called safe."""
        return {name for line in self.said for name in line.split()[1:]}


def _port(file: Path) -> int:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, IndexError, ValueError):
            return int(file.read_text().splitlines()[0])
        time.sleep(0.05)
    raise AssertionError("Chromium does not start")


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole browser at once, as when a phone's battery is pulled out."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def drive(morning: Morning, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """Every stop asks for a photo."""
    monkeypatch.setattr(days, "ASKED", {number: ["photo"] for number in range(1, STOPS + 1)})
    monkeypatch.setattr(days, "PIN_AT", 0)
    return a_drive(STOPS, name="Kill Vans")


def deliver(page: Page) -> None:
    """One stop after the other, with its photo, for as long as the phone lives."""
    while True:
        do(page, "open-next")
        do(page, "done")
        do(page, "shutter")
        page.locator("[data-do=save]:enabled").click()
        page.locator("[data-do=open-next]").wait_for()


def storm(phone: Phone, drive: Drive, kills: int, seed: int) -> None:
    """Deliver and be killed, so many times; then deliver one more and let it all be sent."""
    chance = random.Random(seed)
    with phone.on() as (page, _):
        page.goto(phone.site.url)
        page.goto(f"{phone.site.url}/drive/")
        page.locator("input[name=code]").wait_for()
        page.goto("about:blank")
        page.goto(f"{phone.site.url}/drive/#code={drive.code()}")
        do(page, "accept")
        do(page, "load")
        do(page, "start")
        page.locator("[data-do=open-next]").wait_for()
        page.goto(f"{phone.site.url}/drive/#/out")
        expect(page.locator("main .notice.is-good")).to_be_visible(timeout=60_000)
    for _ in range(kills):
        with phone.on() as (page, process):
            page.goto(f"{phone.site.url}/drive/#/")
            page.locator("[data-do=open-next]").wait_for()
            before = len(phone.said)
            timer = threading.Timer(chance.uniform(0.2, 9.0), kill, [process])
            timer.start()
            with pytest.raises(Error):
                deliver(page)
            timer.join()
            assert len(phone.said) >= before
    with phone.on() as (page, _):
        page.goto(f"{phone.site.url}/drive/#/out")
        expect(page.locator("main .notice.is-good")).to_be_visible(timeout=120_000)


def held(phone: Phone, drive: Drive) -> None:
    """Each tap and each picture that was called safe is there once, and its bytes are those that were hashed."""
    store = store_of(drive.road.by.organization_id, ("disk", {"root": phone.site.environment["HOMESTRETCH_BLOBS"]}))
    pictures = drive.pictures()
    with scope(drive.road.by):
        taps = [str(one) for one in Intent.objects.values_list("phone_id", flat=True)]
        outcomes = set(Intent.objects.filter(kind="complete").values_list("outcome", flat=True))
    assert len(taps) == len(set(taps))
    assert outcomes == {"applied"}
    for name in phone.safe:
        if len(name) == 64:
            assert all(proof.blob and proof.blob.sha256 == name for proof in pictures[name])
            assert len({proof.stop_id for proof in pictures[name]}) == len(pictures[name])
            assert store.verify(name), "the bytes are not those that the phone hashed"
        else:
            assert taps.count(name) == 1
    done = [stop for stop in drive.stops() if stop.state == "completed"]
    assert {proof.stop_id for proofs in pictures.values() for proof in proofs} == {stop.id for stop in done}


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.prove)])
def test_what_was_called_safe_is_on_the_server_once(morning: Morning, drive: Drive, tmp_path: Path, kills: int) -> None:
    assert settings.HOMESTRETCH_PROVIDERS["storage"][0] == "disk"
    blobs = tmp_path / "blobs"
    with a_site(morning.site, tmp_path, HOMESTRETCH_CLOCK="real", HOMESTRETCH_BLOBS=str(blobs)) as site:
        phone = Phone(morning, site, tmp_path / "profile")
        storm(phone, drive, kills, seed=20261123)
        assert phone.safe, "nothing was ever called safe"
        held(phone, drive)
    shutil.rmtree(phone.profile, ignore_errors=True)
