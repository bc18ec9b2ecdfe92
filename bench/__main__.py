"""`make bench`: names the benchmarks, or runs those that are named: `python -m bench [NAME ...] [--json]`."""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def benches() -> dict[str, str]:
    """Each benchmark's name and the first line of what it says of itself. A module that takes `--json` is one."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.stem not in {"__init__", "__main__"} and 'add_argument("--json"' in text:
            found[path.stem] = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    return found


def run(name: str, *, quiet: bool) -> tuple[int, object]:
    """Run one in a process of its own: its exit code, and the object that it prints last."""
    command = [sys.executable, "-m", f"bench.{name}", *(["--json"] if quiet else [])]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            lines.append(line.strip())
            if not quiet:
                print(line, end="", flush=True)
    try:
        return process.returncode, json.loads(lines[-1])
    except (IndexError, ValueError):
        return process.returncode or 1, None


def main() -> int:
    """0 where all that were named reached their floors. Without names: the list."""
    known = benches()
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; none: list them")
    parser.add_argument("--json", action="store_true", help="no tables, only one JSON object, last")
    args = parser.parse_args()
    for name in args.names:
        if name not in known:
            parser.error(f"there is no bench {name!r}: choose from {', '.join(known)}")
    if not args.names:
        if not args.json:
            for name, says in known.items():
                print(f"python -m bench.{name:<12} {says}")
        print(json.dumps({"benches": sorted(known)}))
        return 0
    results = {name: run(name, quiet=args.json) for name in args.names}
    print(json.dumps({name: result for name, (_, result) in results.items()}))
    return max(code for code, _ in results.values())


if __name__ == "__main__":
    sys.exit(main())
