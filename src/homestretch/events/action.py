"""The action: transaction, scope, actor and idempotency in one decorator. The only writers are actions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from homestretch.events.idempotency import Once, Replayed, answer_of, remember
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor

R = TypeVar("R")


def action(function: Callable[..., R]) -> Callable[..., R]:
    """Run a verb in one transaction, inside the scope of its keyword `by`.

    A call may add `once=Once(...)`: the first answer is kept with the effect, and a second call with the same key
    raises `Replayed` with that answer (409 `idempotency.running` while the first still runs, 422
    `idempotency.key_reused` for another request under the same key).
    """

    @functools.wraps(function)
    def run(*args: Any, once: Once | None = None, **kwargs: Any) -> Any:
        by: Actor = kwargs["by"]
        with scope(by):
            if once is None:
                return function(*args, **kwargs)
            known = answer_of(once)
            if known is not None:
                raise Replayed(known)
            result = function(*args, **kwargs)
            remember(once, result)
            return result

    return run
