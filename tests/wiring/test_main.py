"""The console script: exit codes, one line for a refusal, and no more imported than the command needs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import main, options
from homestretch.wiring.commands import migrate

PROGRAM = [sys.executable, "-W", "error", "-m", "homestretch.wiring.main"]


def _run(*words: str, **kwargs) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False, **kwargs)


@pytest.mark.parametrize("words", [["nope"], [], ["migrate", "--nope"]])
def test_wrong_usage_exits_2_with_one_line(words):
    done = _run(*words)
    assert done.returncode == main.USAGE
    assert done.stderr.startswith("usage.wrong: ")
    assert done.stderr.count("\n") == 1


def test_a_refusal_exits_1_with_code_cause_and_remedy(monkeypatch, capsys):
    def refuse(args):
        raise Refusal("plan.no_shift", "the plan has no shift", remedy="add one", plan="p1")

    monkeypatch.setattr(migrate, "run", refuse)
    assert main.main(["migrate", "--json"]) == main.REFUSED
    said = capsys.readouterr()
    assert said.err == "plan.no_shift: the plan has no shift. add one\n"
    error = {"code": "plan.no_shift", "cause": "the plan has no shift", "remedy": "add one", "plan": "p1"}
    assert json.loads(said.out) == {"error": error}


def test_a_fault_of_ours_exits_3_and_shows_where(monkeypatch, capsys):
    monkeypatch.setattr(migrate, "run", lambda args: 1 // 0)
    assert main.main(["migrate"]) == main.FAULT
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_missing_package_is_named_with_its_remedy(monkeypatch, capsys):
    def need(args):
        raise ModuleNotFoundError("No module named 'django'", name="django")

    monkeypatch.setattr(migrate, "run", need)
    assert main.main(["migrate"]) == main.REFUSED
    assert "pip install 'homestretch[server]'" in capsys.readouterr().err


def test_the_general_help_names_every_command():
    done = _run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in main.available())


@pytest.mark.parametrize("command", [name for name in ("solve", "check") if name in main.available()])
def test_the_library_commands_import_no_server(command):
    script = (
        "import sys; from homestretch.wiring import main\n"
        f"try: main.main(['{command}', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'django', 'psycopg', 'procrastinate', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_whoever_has_read_enough_is_no_fault_of_ours():
    """As `| head` does: the pipe is closed before all is written."""
    script = (
        "import sys\n"
        "from homestretch.wiring import main\n"
        "from homestretch.wiring.commands import migrate\n"
        "migrate.run = lambda args: print('word ' * 100_000)\n"
        "sys.exit(main.main(['migrate']))"
    )
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")


def test_sigterm_is_a_normal_exit():
    script = (
        "import atexit, os, signal, sys\n"
        "from homestretch.wiring import main\n"
        "from homestretch.wiring.commands import migrate\n"
        "atexit.register(print, 'let go')\n"
        "migrate.run = lambda args: os.kill(os.getpid(), signal.SIGTERM)\n"
        "main.main(['migrate'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "let go\n")


def test_migrate_applies_once_and_says_how_many(committed):
    first = _run("migrate", "--json", env=committed.environment)
    assert (first.returncode, json.loads(first.stdout)["applied"]) == (0, 0), first.stderr
    check = _run("migrate", "--check", "--json", env=committed.environment)
    assert (check.returncode, json.loads(check.stdout)["pending"]) == (0, 0)


def test_migrate_makes_an_empty_database(test_server):
    from homestretch.wiring import database
    from tests import databases

    made = databases.Clone(test_server, "test_0_fresh")
    environment = made.environment | {"DATABASE_ADMIN_URL": test_server.dsn()}
    try:
        first = _run("migrate", "--json", env=environment)
        assert first.returncode == 0, first.stderr
        assert json.loads(first.stdout)["applied"] > 50
    finally:
        with databases._connect(test_server, database.OWNER) as connection:
            connection.execute('DROP DATABASE IF EXISTS "test_0_fresh" WITH (FORCE)')


def test_options_are_read_with_their_kind_and_a_bad_one_is_refused_by_name():
    assert options.option("HOMESTRETCH_POOL", {}) == 20
    assert options.option("HOMESTRETCH_HOSTS", {"HOMESTRETCH_HOSTS": "a.example, b.example"}) == (
        "a.example",
        "b.example",
    )
    with pytest.raises(Refusal, match="HOMESTRETCH_POOL does not take 'many'"):
        options.option("HOMESTRETCH_POOL", {"HOMESTRETCH_POOL": "many"})
    with pytest.raises(KeyError):
        options.option("HOMESTRETCH_NOT_DECLARED", {})


def test_every_default_is_a_value_and_every_option_has_a_help():
    for declared in options.OPTIONS:
        declared.read(declared.default)
        assert declared.help.endswith(".")
        assert declared.kind


def test_a_misspelled_option_is_found():
    assert options.undeclared({"HOMESTRETCH_POLL": "3", "HOMESTRETCH_POOL": "3", "PATH": ""}) == ["HOMESTRETCH_POLL"]


def test_the_secret_key_is_made_once_and_only_for_us(tmp_path, monkeypatch):
    from homestretch.wiring import home

    monkeypatch.delenv("HOMESTRETCH_SECRET_KEY")
    monkeypatch.setenv("HOMESTRETCH_HOME", str(tmp_path / "new"))
    key = home.secret_key()
    assert len(key) > 50
    assert home.secret_key() == key
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["secret_key"]
