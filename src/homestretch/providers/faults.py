"""What the fakes are to get wrong, read from a file that a simulation writes.

The file is one JSON object, a list of faults for each kind of provider:

    {"sms": [{"match": "+4915*", "outcome": "deferred", "times": 2}],
     "webhook": [{"match": "*", "status": 503}]}

`match` is a shell pattern on whom the request is for (phone, e-mail address, query text, URL). The first entry that
matches and is not used up (`times`; without it, never) decides. Outcomes: `permanent` and `deferred` are not accepted;
`unknown` *is* accepted and then the answer is lost, the case in which a blind resend shows as a duplicate; `lost` looks
the same to the caller and is not accepted. What is used up is counted beside the file, for all processes together.
"""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from homestretch.kernel.refusal import Refusal
from homestretch.providers.errors import Outcome, ProviderError

_OUTCOMES: dict[str, Outcome] = {
    "permanent": "permanent",
    "deferred": "deferred",
    "unknown": "unknown",
    "lost": "unknown",
}


@dataclass(frozen=True)
class Fault:
    """One fault that is to happen now. `status` is an HTTP status, for the kinds that answer with one; else 0."""

    outcome: str = "deferred"
    status: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the service takes the request before it fails to answer."""
        return self.outcome == "unknown"

    def error(self) -> ProviderError:
        return ProviderError(_OUTCOMES[self.outcome], f"fake_{self.outcome}", "the fault plan says so")

    def lookup_error(self) -> ProviderError:
        """The same for a lookup, which harms nobody when it is repeated: nothing is `unknown`."""
        kind: Outcome = "permanent" if self.outcome == "permanent" else "deferred"
        return ProviderError(kind, f"fake_{self.outcome}", "the fault plan says so")


def next_fault(plan: Path | None, kind: str, subject: str) -> Fault | None:
    """The fault that `plan` holds for this request, counted as used; None if it is to go well. No file, no faults."""
    if plan is None:
        return None
    try:
        entries = json.loads(plan.read_bytes()).get(kind, [])
    except FileNotFoundError:
        return None
    candidates = [i for i, entry in enumerate(entries) if fnmatchcase(subject, entry.get("match", "*"))]
    for index in candidates:
        entry = entries[index]
        if _take(plan, f"{kind}:{index}", entry.get("times")):
            return _fault(entry)
    return None


def _fault(entry: dict[str, object]) -> Fault:
    outcome = str(entry.get("outcome", "deferred"))
    if outcome not in _OUTCOMES:
        raise Refusal(
            "provider.fault_unknown",
            f"the fault plan names the outcome {outcome!r}",
            remedy=f"one of {', '.join(_OUTCOMES)}",
        )
    return Fault(outcome, int(str(entry.get("status", 0))))


def _take(plan: Path, key: str, times: int | None) -> bool:
    """Count one use of an entry; False if it is used up."""
    if times is None:
        return True
    with plan.with_name(plan.name + ".used").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        line = f"{key}\n".encode()
        if file.readlines().count(line) >= times:
            return False
        file.write(line)
        file.flush()
    return True
