"""The console script `homestretch`.

Commands are looked up in one table and imported when they are called, so that `solve` and `check` run with the base
install alone. Exit codes: 0 done, 1 refused or a bad answer, 2 wrong usage, 3 a fault of ours.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from types import FrameType
from typing import Any, NoReturn

import homestretch
from homestretch.kernel.refusal import Refusal

DONE, REFUSED, USAGE, FAULT = 0, 1, 2, 3

# Name of the command, and the module that has its NAME, HELP, add_arguments(parser) and run(args) -> exit code.
COMMANDS = {
    "demo": "homestretch.wiring.commands.demo",
    "serve": "homestretch.wiring.commands.serve",
    "work": "homestretch.wiring.commands.work",
    "migrate": "homestretch.wiring.commands.migrate",
    "organization": "homestretch.wiring.commands.organization",
    "import": "homestretch.wiring.commands.import_",
    "map": "homestretch.wiring.commands.map",
    "models": "homestretch.wiring.commands.learned",
    "twin": "homestretch.wiring.commands.twin",
    "solve": "homestretch.doors.cli.solve",
    "check": "homestretch.doors.cli.check",
    "simulate": "homestretch.wiring.commands.simulate",
    "doctor": "homestretch.wiring.commands.doctor",
    "backup": "homestretch.wiring.commands.backup",
    "restore": "homestretch.wiring.commands.restore",
    "manage": "homestretch.wiring.commands.manage",
}

OTHERS_OPTIONS = {"manage", "map"}  # its arguments belong to Django; its verbs have each their own


class Parser(argparse.ArgumentParser):
    """Says wrong usage in the form of all our refusals."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"usage.wrong: {message}. See `{self.prog} --help`\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Refusals become one line on stderr (and with `--json` an object on stdout)."""
    signal.signal(signal.SIGTERM, _leave)
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        args = _parse(words)
        return int(args.run(args))
    except Refusal as refusal:
        return _say(refusal, words)
    except ModuleNotFoundError as missing:
        if _ours(missing):
            return _fault()
        remedy = "pip install 'homestretch[server]'"
        return _say(Refusal("install.incomplete", f"the package {missing.name} is not installed", remedy=remedy), words)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # whoever reads has had enough, as `| head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more
        return 128 + signal.SIGPIPE
    except Exception:  # the outermost edge: whatever arrives here is a fault of ours, shown whole
        return _fault()


def available() -> list[str]:
    """Names of the commands whose module is there, in the table's order."""
    return [name for name, module in COMMANDS.items() if _exists(module)]


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _parse(words: list[str]) -> argparse.Namespace:
    parser = Parser(prog="homestretch", description=homestretch.__doc__)
    parser.add_argument("--version", action="version", version=f"homestretch {_version()}")
    commands = parser.add_subparsers(required=True, metavar="command")
    called = next((word for word in words if not word.startswith("-")), None)
    for name in available():
        if called == name:
            module = import_module(COMMANDS[name])
            command = commands.add_parser(name, help=module.HELP, description=module.HELP)
            command.set_defaults(run=module.run)
            module.add_arguments(command)
            if name not in OTHERS_OPTIONS:
                command.add_argument("--json", action="store_true", help="print one JSON object, last")
        else:
            commands.add_parser(name, help=_help(name) if called is None else None)
    return parser.parse_args(words)


def _help(name: str) -> str:
    try:
        return str(import_module(COMMANDS[name]).HELP)
    except ModuleNotFoundError as missing:
        if _ours(missing):
            raise
        return "(needs homestretch[server])"


def _ours(missing: ModuleNotFoundError) -> bool:
    return (missing.name or "").split(".")[0] == "homestretch"


def _version() -> str:
    try:
        return version("homestretch")
    except PackageNotFoundError:
        return "(not installed)"


def _say(refusal: Refusal, words: list[str]) -> int:
    remedy = f". {refusal.remedy}" if refusal.remedy else ""
    print(f"{refusal.code}: {refusal.cause}{remedy}", file=sys.stderr)
    if "--json" in words:
        error: dict[str, Any] = {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}
        print(json.dumps({"error": error | refusal.details}, default=str))
    return REFUSED


def _fault() -> int:
    traceback.print_exc()
    print("internal.fault: this is a mistake in Homestretch. Please report what stands above", file=sys.stderr)
    return FAULT


def _leave(signum: int, _: FrameType | None) -> None:
    """SIGTERM ends the process as any exit does: locks are let go and the last holder stops the embedded server."""
    raise SystemExit(128 + signum)


if __name__ == "__main__":
    sys.exit(main())
