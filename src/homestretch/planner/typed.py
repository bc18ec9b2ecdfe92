"""Checks of types when a planner's object is made: a wrong one raises `TypeError` with class, field and value."""

from collections.abc import Iterable


def integers(owner: object, *names: str) -> None:
    """The named fields hold `int`; `bool` and numpy's numbers do not count."""
    for name in names:
        if type(getattr(owner, name)) is not int:
            raise TypeError(f"{type(owner).__name__}.{name} must be a whole number, not {getattr(owner, name)!r}")


def optional_integers(owner: object, *names: str) -> None:
    """The named fields hold `int` or None."""
    integers(owner, *(name for name in names if getattr(owner, name) is not None))


def booleans(owner: object, *names: str) -> None:
    """The named fields hold `bool`."""
    for name in names:
        if type(getattr(owner, name)) is not bool:
            raise TypeError(f"{type(owner).__name__}.{name} must be true or false, not {getattr(owner, name)!r}")


def texts(owner: object, *names: str) -> None:
    """The named fields hold text."""
    for name in names:
        if not isinstance(getattr(owner, name), str):
            raise TypeError(f"{type(owner).__name__}.{name} must be text, not {getattr(owner, name)!r}")


def amounts(owner: object, *names: str) -> None:
    """The named fields map text to `int`."""
    for name in names:
        for dimension, amount in getattr(owner, name).items():
            if not isinstance(dimension, str) or type(amount) is not int:
                raise TypeError(f"{type(owner).__name__}.{name} must be whole numbers by name, not {amount!r}")


def tuple_of(owner: object, name: str, kind: type) -> None:
    """Take any iterable of `kind`, keep a tuple."""
    kept = _iterated(owner, name)
    if not all(isinstance(item, kind) for item in kept):
        raise TypeError(f"{type(owner).__name__}.{name} must hold only {kind.__name__}")
    object.__setattr__(owner, name, kept)


def text_set(owner: object, name: str) -> None:
    """Take any iterable of text, keep a frozenset."""
    kept = _iterated(owner, name)
    if not all(isinstance(item, str) for item in kept):
        raise TypeError(f"{type(owner).__name__}.{name} must hold only text")
    object.__setattr__(owner, name, frozenset(kept))


def _iterated(owner: object, name: str) -> tuple[object, ...]:
    given: Iterable[object] | str = getattr(owner, name)
    if isinstance(given, str):
        raise TypeError(f"{type(owner).__name__}.{name} must be a list, not one text: {given!r}")
    return tuple(given)
