"""What the pages for operators say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from homestretch.web import limits
from homestretch.wiring import doctor, health, options
from homestretch.wiring.main import COMMANDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
OPERATE = (DOCS / "operate.md").read_text()


def test_the_settings_block_is_the_codes():
    block = OPERATE.split("<!-- settings", 1)[1].split("<!-- end of settings")[0]
    rows = re.findall(r"^\| `(HOMESTRETCH_\w+)` \| (.*?) ?\| (.+) \|$", block, re.MULTILINE)
    declared = {option.name: option for option in options.OPTIONS}
    assert len(rows) > 8
    for name, default, help_text in rows:
        assert default.strip("` ") == declared[name].default, name
        assert help_text == declared[name].help, name


def test_every_promise_has_its_line():
    told = re.findall(r"^\| \*\*(I\d+)\*\* \|", (DOCS / "promises.md").read_text(), re.MULTILINE)
    assert told == list(doctor.CHECKS)


def test_every_reason_metric_and_command_is_told():
    source = Path(health.__file__).read_text()
    for reason in ("database_unavailable", "migrations_missing", "disk_full", "work_is_late"):
        assert f'"{reason}"' in source
        assert f"`{reason}`" in OPERATE
    metrics = set(re.findall(r'"homestretch_(\w+)"', source)) | {"due", "due_age_seconds", "workers"}
    for name in metrics:
        assert re.search(rf"`{name}[`{{_]", OPERATE) or f"`{name}`" in OPERATE, name
    for command in re.findall(r"homestretch ([a-z]+)", "".join(re.findall(r"```sh(.*?)```", OPERATE, re.DOTALL))):
        assert command in COMMANDS or command == "homestretch", command


def test_the_limits_are_those_of_the_code():
    for limit in (limits.PER_PRINCIPAL, limits.PER_ADDRESS, limits.FAILED):
        assert f"{limit.calls:,}" in OPERATE
        assert f"in {limit.seconds} s" in OPERATE
    assert f"{limits.PAIRING.calls} in {limits.PAIRING.seconds // 60} minutes" in OPERATE
