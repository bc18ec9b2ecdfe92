"""The embedded server: shared, stopped by the last one out, back after any `kill -9`, and closed to others."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import embedded
from homestretch.wiring.embedded import process
from homestretch.wiring.embedded.account import ROOT_BASE

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home that the server's user can enter; pytest's own folders are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="hs", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    assert _processes(folder) == []
    shutil.rmtree(folder)


def _processes(home: Path) -> list[int]:
    with_data = str(home / "postgres" / "data").encode()
    return [pid for pid, command in process._commands() if with_data in command and b"postgres" in command]


def _postmaster(server: embedded.Server) -> int:
    return int((server.folders.data / "postmaster.pid").read_text().split("\n")[0])


def _answer(server: embedded.Server) -> object:
    with psycopg.connect(server.dsn(), connect_timeout=5) as connection:
        return connection.execute("select 40 + 2").fetchone()[0]


def _gone(pid: int) -> bool:
    """Not there, or a zombie that nobody has reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _await(condition) -> None:
    assert process._wait(condition, 20)


def test_the_last_one_out_stops_the_server(home):
    first, second = embedded.start(home, durable=False), embedded.start(home, durable=False)
    first.close()
    assert _answer(second) == 42
    second.close()
    assert _processes(home) == []
    second.close()


def test_processes_that_start_together_share_one_server(home):
    script = (
        "import sys, psycopg; from pathlib import Path; from homestretch.wiring import embedded\n"
        "server = embedded.start(Path(sys.argv[1]), durable=False)\n"
        "with psycopg.connect(server.dsn()) as c: print(c.execute('select pg_postmaster_start_time()').fetchone()[0])\n"
        "sys.stdout.flush(); sys.stdin.read()"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    holders = [subprocess.Popen(command, **pipes) for _ in range(4)]
    started = {holder.stdout.readline() for holder in holders}
    for holder in holders:
        holder.communicate()
    assert len(started) == 1
    assert [holder.returncode for holder in holders] == [0, 0, 0, 0]
    assert _processes(home) == []


def test_a_killed_holder_does_not_keep_the_server(home):
    script = (
        "import os, signal, sys; from pathlib import Path; from homestretch.wiring import embedded\n"
        "server = embedded.start(Path(sys.argv[1]), durable=False); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert _processes(home) != []
    with embedded.start(home, durable=False) as server:
        assert _answer(server) == 42
    assert _processes(home) == []


def test_back_after_the_postmaster_was_killed_and_the_committed_is_there(home):
    with embedded.start(home, durable=False) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create table kept as select 7 as n")
        postmaster = _postmaster(server)
        os.kill(postmaster, signal.SIGKILL)
        _await(lambda: _gone(postmaster))
        with embedded.start(home, durable=False) as again, psycopg.connect(again.dsn(), autocommit=True) as connection:
            assert connection.execute("select n from kept").fetchone() == (7,)
            connection.execute("drop table kept")


def test_back_when_an_orphan_is_stopped_and_the_pid_belongs_to_somebody_else(home, monkeypatch):
    monkeypatch.setattr(process, "ORPHAN_SECONDS", 0.5)
    with embedded.start(home, durable=False) as server:
        connection = psycopg.connect(server.dsn())
        backend, postmaster = connection.info.backend_pid, _postmaster(server)
        os.kill(backend, signal.SIGSTOP)  # an orphan that does not see its postmaster go
        os.kill(postmaster, signal.SIGKILL)
        _await(lambda: _gone(postmaster))
        for mark in (server.folders.data / "postmaster.pid", server.folders.socket / ".s.PGSQL.5432.lock"):
            mark.write_text(mark.read_text().replace(str(postmaster), str(os.getpid()), 1))
        with embedded.start(home, durable=False) as again:
            assert _answer(again) == 42
            assert _gone(backend)
        connection.close()


def test_a_server_that_is_stopped_is_told_apart_from_one_that_died(home, monkeypatch):
    with embedded.start(home, durable=False) as server:
        monkeypatch.setattr(process, "_ping", lambda folders: process.pq.Ping.NO_RESPONSE)
        with pytest.raises(Refusal, match=r"embedded\.stuck"):
            embedded.start(home, durable=False)
        monkeypatch.undo()
        assert _answer(server) == 42


def test_nobody_else_reaches_the_socket_and_no_port_is_open(home):
    with embedded.start(home, durable=False) as server:
        assert server.folders.socket.stat().st_mode & 0o777 == 0o700
        assert server.folders.data.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            assert connection.execute("show data_checksums").fetchone() == ("on",)


def test_a_long_path_gets_a_short_socket_folder_that_every_process_finds(home):
    long = home / ("a" * 100)
    with embedded.start(long, durable=False) as server, embedded.start(long, durable=False) as again:
        assert server.folders.socket == again.folders.socket
        assert not server.folders.socket.is_relative_to(long)
        assert server.folders.socket.stat().st_mode & 0o777 == 0o700
        assert _answer(again) == 42
    server.folders.socket.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(home, monkeypatch):
    with embedded.start(home, durable=False) as server:
        folder = home / "theirs"
        folder.symlink_to(server.folders.socket)
        with pytest.raises(Refusal, match=r"embedded\.socket_folder_unsafe"):
            server.folders.account.make_private(folder)
        folder.unlink()


def test_data_of_another_version_is_refused_and_left_alone(home):
    other = home / "other"
    (other / "postgres" / "data").mkdir(parents=True)
    (other / "postgres" / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Refusal, match=r"embedded\.other_version"):
        embedded.start(other, durable=False)
    assert (other / "postgres" / "data" / "PG_VERSION").read_text() == "16\n"


def test_a_server_that_can_not_start_says_why(home, monkeypatch):
    monkeypatch.setitem(process.OPTIONS, "max_connections", "none")
    with pytest.raises(Refusal, match=r"embedded\.start_failed.*max_connections"):
        embedded.start(home / "bad", durable=False)


@as_root
def test_a_home_closed_to_the_servers_user_gets_its_data_elsewhere_and_stays_closed(tmp_path):
    tmp_path.chmod(0o700)
    with embedded.start(tmp_path, durable=False) as server:
        assert _answer(server) == 42
        data = server.folders.root
        assert data.is_relative_to(ROOT_BASE / "databases")
        assert (data.stat().st_uid, data.stat().st_mode & 0o777) == (pwd.getpwnam("nobody").pw_uid, 0o700)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    with embedded.start(tmp_path, durable=False) as server:
        assert server.folders.root == data
    shutil.rmtree(data)


@as_root
def test_programs_closed_to_the_servers_user_are_copied_once(home, tmp_path, monkeypatch):
    from homestretch.wiring.embedded import programs
    from homestretch.wiring.embedded.account import Account

    wheel = programs._wheel_folder()
    tmp_path.chmod(0o700)
    (tmp_path / wheel.name).symlink_to(wheel)
    (tmp_path / f"{wheel.name}.libs").symlink_to(wheel.parent / f"{wheel.name}.libs")
    monkeypatch.setattr(programs, "_wheel_folder", lambda: tmp_path / wheel.name)
    monkeypatch.setattr(programs, "ROOT_BASE", home / "base")
    found = programs.Programs.reachable_by(Account.current())
    assert found.bin.is_relative_to(home / "base" / "programs")
    assert programs.Programs.reachable_by(Account.current()) == found
    assert [entry.name for entry in (home / "base" / "programs").iterdir()] == [found.bin.parents[2].name]


@as_root
def test_an_ordinary_user_runs_its_own_server(home):
    mine = home / "nobodys"
    mine.mkdir()
    os.chown(mine, 65534, 65534)
    script = (
        "import os, sys, psycopg; from pathlib import Path; from homestretch.wiring import embedded\n"
        "with embedded.start(Path(sys.argv[1]), durable=False) as s, psycopg.connect(s.dsn()) as c:\n"
        "    print(os.getuid(), c.execute('select 40 + 2').fetchone()[0])"
    )
    site = str(Path(psycopg.__file__).parents[1])
    environment = {"PYTHONPATH": f"{os.environ['PYTHONPATH']}:{site}", "PATH": os.environ["PATH"]}
    command = [_python_of_nobody(site), "-W", "error", "-c", script, str(mine)]
    done = subprocess.run(command, env=environment, **AS_NOBODY)
    assert done.stdout == "65534 42\n", done.stderr


AS_NOBODY = {
    "user": 65534,
    "group": 65534,
    "extra_groups": [],
    "cwd": "/",
    "capture_output": True,
    "text": True,
    "check": False,
}


def _python_of_nobody(site: str) -> str:
    """A Python of our version that an ordinary user can execute: ours may lie in root's own folder."""
    for python in (sys.executable, "/usr/bin/python3"):
        version = subprocess.run(
            ["/bin/sh", "-c", '"$0" -c "import sys; print(sys.version_info[:2])" && ls "$1"', python, site], **AS_NOBODY
        )
        if version.stdout.startswith(str(sys.version_info[:2])) and version.returncode == 0:
            return python
    pytest.skip("this Python and its packages lie below a folder that only root enters")
