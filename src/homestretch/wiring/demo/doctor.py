"""Ask `homestretch doctor` about the invariants, as an operator would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from homestretch.kernel.refusal import Refusal


def examine(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Its whole JSON answer. Refuses `demo.doctor_failed` where it gave none."""
    command = [sys.executable, "-m", "homestretch.wiring.main", "doctor", "--json"]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    try:
        answer: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError) as error:
        raise Refusal("demo.doctor_failed", (done.stderr or done.stdout)[-500:], remedy="run it by hand") from error
    return answer


def invariants() -> dict[str, str]:
    """What it says of each invariant: `held`, or what is broken."""
    return {str(name): str(state) for name, state in examine()["invariants"].items()}
