"""Where Chromium is on this machine. As a program: prints the path, or an empty line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """Path of a system's Chromium, or of one that Playwright has fetched; None where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return max(fetched.glob("chromium-*/chrome-linux*/chrome"), default=None)


if __name__ == "__main__":
    print(find() or "")
