"""Nothing is undocumented: the reference pages are those that the code makes, links lead somewhere, examples run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from homestretch.insights.calibration import CALIBRATION
from homestretch.insights.measures import MEASURES
from homestretch.kernel.facts import all_facts
from homestretch.wiring.docs.pages import pages
from homestretch.wiring.docs.refusals import catalogue
from homestretch.wiring.main import COMMANDS, available
from homestretch.wiring.options import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
NAMES = [f"{name}.md" for name in ("events", "refusals", "measures", "api", "settings", "commands", "states")]
NAMES.append("openapi.json")
LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGETS = re.compile(r"^([a-z]+):", re.MULTILINE)


def _texts() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(scope="module")
def made():
    return pages()


@pytest.mark.parametrize("name", NAMES)
def test_a_reference_page_is_what_the_code_says(name, made):
    file = REFERENCE / name
    assert file.exists(), "run `make docs`"
    assert file.read_text(encoding="utf-8") == made[name], "run `make docs`"


def test_no_reference_page_is_left_over(made):
    assert {file.name for file in REFERENCE.iterdir()} == set(made) == set(NAMES)


def test_every_event_setting_command_measure_and_refusal_has_its_line(made):
    ours = [fact for fact in all_facts() if fact.__module__.startswith("homestretch.")]
    missing = [fact.type for fact in ours if f"| `{fact.type}` |" not in made["events.md"]]
    missing += [option.name for option in OPTIONS if f"| `{option.name}` |" not in made["settings.md"]]
    missing += [name for name in COMMANDS if f"| `homestretch {name}` |" not in made["commands.md"]]
    missing += [one.__name__ for one in (*MEASURES, *CALIBRATION) if f"## {one.__name__}" not in made["measures.md"]]
    missing += [entry.code for entry in catalogue() if f"`{entry.code}`" not in made["refusals.md"]]
    assert missing == []


def test_what_is_documented_says_something():
    ours = [fact for fact in all_facts() if fact.__module__.startswith("homestretch.")]
    silent = [fact.type for fact in ours if len((fact.__doc__ or "").split()) < 3]
    silent += [option.name for option in OPTIONS if len(option.help.split()) < 2]
    silent += [one.__name__ for one in (*MEASURES, *CALIBRATION) if len((one.__doc__ or "").split()) < 6]
    silent += [entry.code for entry in catalogue() if not entry.cause or not entry.remedy]
    assert silent == []


def test_every_command_is_there():
    assert available() == list(COMMANDS)


@pytest.mark.parametrize("file", _texts(), ids=_name)
def test_every_link_leads_to_a_file(file):
    dead = []
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        to = (file.parent / path).resolve() if path else file
        outside = ROOT not in to.parents or not to.exists()
        if outside or (anchor and to.suffix == ".md" and anchor not in _anchors(to)):
            dead.append(target)
    assert dead == []


def _anchors(file: Path) -> set[str]:
    """As code hosts make them of headings, and those that are written out."""
    text = file.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'id="([^"]+)"', text))


def _examples() -> Iterator[tuple[Path, list[str]]]:
    """Every line of a shell block, as words, without what is behind `|`, `;` and the like."""
    for file in _texts():
        for block in BLOCK.findall(file.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if re.match(r"\s*(\$ )?(homestretch|make|\S*python -m) ", line):
                    words = shlex.split(line.strip().removeprefix("$ "), comments=True)
                    yield file, words[: next((n for n, word in enumerate(words) if word in "|;&&>"), len(words))]


def test_examples_name_commands_that_exist():
    targets = set(TARGETS.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    wrong = []
    for file, words in _examples():
        known = {"homestretch": set(COMMANDS), "make": targets}.get(words[0])
        name = next((word for word in words[1:] if not word.startswith("-")), "")
        if known is not None and name and name not in known:
            wrong.append(f"{_name(file)}: {shlex.join(words)}")
    assert wrong == []
    assert list(_examples())


def test_the_pages_that_readers_are_promised_are_there():
    for name in ("first-day", "operate", "api", "promises", "planner", "why/README"):
        assert (ROOT / "docs" / f"{name}.md").exists(), name
