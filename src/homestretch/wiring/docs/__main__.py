"""`make docs`: write the reference pages; with `--check` only say which would change."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

FOLDER = Path("docs/reference")


def main() -> int:
    """0 when all pages are as they should be (now, or with `--check` already)."""
    parser = argparse.ArgumentParser(description="Make the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a page is old")
    args = parser.parse_args()
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")  # described, never connected to
    from homestretch.wiring.django import set_up

    set_up()
    from homestretch.wiring.docs.pages import pages

    made = pages()
    old = [name for name, text in made.items() if _read(name) != text]
    for name in old:
        print(f"{'old' if args.check else 'written'}: {FOLDER / name}")
        if not args.check:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / name).write_text(made[name], encoding="utf-8")
    return 1 if old and args.check else 0


def _read(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
