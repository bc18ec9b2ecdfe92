"""Every operation, asked by everybody, on own, foreign and random ids: foreign answers exactly as missing.

Made from the OpenAPI document, so an operation is covered when it is written. Three times: as it runs; with the app's
own filters off, where row-level security alone holds; with row-level security off, where the filters alone hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import transaction

from homestretch.events.scope import Filters
from homestretch.events.tenancy import owned_models
from homestretch.kernel.ids import uuid7
from tests.doors.api.described import Operation, operations
from tests.doors.api.world import Asker, Town, a_town, everybody, kind_of, table_of

OPERATIONS = list(operations())
UUID_TEXT = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SEE_AS_THE_OWNER = {"dispatcher", "viewer", "key"}  # the same rows: asked once
WAYS = ("both", "row-level security alone", "filters alone")


@pytest.fixture
def world(committed: Any, settings: Any) -> tuple[Town, Town, list[Asker]]:
    """Both towns, one row of each kind in both, and everybody."""
    settings.HOMESTRETCH_RATE = 1_000_000
    ours, theirs = a_town("Ours"), a_town("Next Door")
    for operation in OPERATIONS:
        for kind in operation.path_kinds:
            ours.id_of(kind), theirs.id_of(kind)
    return ours, theirs, everybody(ours, theirs)


@contextmanager
def held_by(way: str, superuser: psycopg.Connection[Any]) -> Iterator[None]:
    """Only one of the two that hold a reader, or both."""
    tables = [*(model._meta.db_table for model in owned_models()), "accounts_organization"]
    if way == "filters alone":
        for table in tables:
            superuser.execute(f'alter table "{table}" disable row level security')
    Filters.on = way != "row-level security alone"
    try:
        yield
    finally:
        Filters.on = True


def expected(operation: Operation, asker: Asker) -> bool:
    """Whether the document lets this asker in: said here a second time, without the doors' own code."""
    entry = operation.entry
    if entry.get("public"):
        return True
    if asker.role in {"key", "merchant key"}:
        return entry["key"] in asker.scopes and (asker.role == "key" or bool(entry.get("merchant")))
    return asker.role in entry["roles"] or bool(entry.get(asker.role))


def ask(operation: Operation, asker: Asker, id_of: Any, **more: Any) -> tuple[int, bytes]:
    """Status and body, without the request's id and with the ids that were asked for named alike; nothing stays."""
    asked: list[str] = []

    def noted(kind: str) -> Any:
        asked.append(str(id_of(kind)))
        return asked[-1]

    with transaction.atomic():
        answer = operation.send(asker.client, noted, **more)
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        return answer.status_code, repr(getattr(answer, "exc_info", [""])[1:2]).encode()
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = re.sub(rb'"(request_id|now)":"[^"]*"', b"", body)
    for text in asked:
        body = body.replace(text.encode(), b"ASKED")
    return answer.status_code, body


def randoms(_: str) -> Any:
    return uuid7()


@pytest.mark.timeout(900)
def test_the_matrix(world: tuple[Town, Town, list[Asker]], superuser: psycopg.Connection[Any]) -> None:
    wrong: list[str] = []
    for way in WAYS:
        with held_by(way, superuser):
            for operation in OPERATIONS:
                wrong += [f"{way}: {text}" for text in faults_of(operation, way, *world)]
    assert not wrong, "\n".join(wrong)


def faults_of(operation: Operation, way: str, ours: Town, theirs: Town, askers: list[Asker]) -> Iterator[str]:
    """What is wrong with one operation."""
    inside = [asker for asker in askers if expected(operation, asker)]
    for asker in inside if way == "both" else [asker for asker in inside if asker.name not in SEE_AS_THE_OWNER]:
        yield from (f"{operation.name} as {asker.name}: {text}" for text in faults(operation, asker, ours, theirs))
    if inside:
        yield from faults_of_optional_ids(operation, inside[0], ours, theirs)
    if way == "both":  # a denial looks at no row
        for asker in askers:
            if asker not in inside:
                yield from (f"{operation.name} as {asker.name}: {text}" for text in denial(operation, asker, ours))


def denial(operation: Operation, asker: Asker, ours: Town) -> Iterator[str]:
    """Whoever is not named is shut out, in the same words whatever they ask for."""
    own = ask(operation, asker, ours.id_of)
    missing = ask(operation, asker, randoms) if operation.names_ids else own
    refusal = 401 if asker.role == "nobody" else 403
    if own != missing or own[0] != refusal:
        yield f"not declared, and answered {own} and {missing} instead of {refusal}"


def faults(operation: Operation, asker: Asker, ours: Town, theirs: Town) -> Iterator[str]:
    """What is wrong with one operation as it answers one asker whom it lets in."""
    own = ask(operation, asker, ours.id_of)
    foreign = missing = own
    if operation.names_ids:
        foreign = ask(operation, asker, (ours if asker.group == "stranger" else theirs).id_of)
        missing = ask(operation, asker, randoms)
    if foreign != missing:
        yield f"foreign {foreign} differs from missing {missing}"
    shut = (401, 403) if not operation.entry.get("public") else ()
    for status, body in {own, foreign, missing}:
        if status >= 500 or status in shut:
            yield f"declared, and answered {status} {body!r}"
    if b'"request.invalid"' in own[1] or b'"request.malformed"' in own[1]:
        yield f"its description leads to no valid request, give examples: {own}"
    if operation.path_kinds and foreign[0] != 404:
        yield f"foreign answers {foreign}, not 404"
    yield from own_faults(operation, asker, own, missing)
    yield from leaks(operation, asker, own[1], ours, theirs)


def own_faults(operation: Operation, asker: Asker, own: tuple[int, bytes], missing: tuple[int, bytes]) -> Iterator[str]:
    """Own rows are found by those who see all of them, and are missing for those whose they are not."""
    if not operation.path_kinds or operation.entry.get("public"):
        return
    if asker.group == "ours" and own == missing:
        yield f"own answers as missing: {own}"
    if asker.group == "ours" and operation.method == "get" and own[0] not in (200, 404):
        yield f"own answers {own}"
    if asker.group == "stranger" and own != missing:
        yield f"ours answers the stranger {own}, missing {missing}"
    narrowing = {"other merchant": "merchant", "other driver": "driver"}.get(asker.group)
    if narrowing and any(narrowing in table_of(kind).narrowed for kind in operation.path_kinds) and own != missing:
        yield f"another's answers {own}, missing {missing}"


def faults_of_optional_ids(operation: Operation, asker: Asker, ours: Town, theirs: Town) -> Iterator[str]:
    """A foreign id that may be left out is as good as missing too."""
    for name in operation.optional_ids():

        def with_ids(town: Town | None, extra: str = name) -> Any:
            def id_of(kind: str) -> Any:
                if kind != kind_of(extra):
                    return ours.id_of(kind)
                return town.id_of(kind) if town else uuid7()

            return id_of

        foreign, missing = (ask(operation, asker, with_ids(town), extra=name) for town in (theirs, None))
        if foreign != missing:
            yield f"{operation.name} with {name}: foreign {foreign}, missing {missing}"


def leaks(operation: Operation, asker: Asker, body: bytes, ours: Town, theirs: Town) -> Iterator[str]:
    """No id of a row that the asker may not see stands in an answer."""
    hidden = set(map(str, (ours if asker.group == "stranger" else theirs).ids.values()))
    found = hidden & {match.decode() for match in UUID_TEXT.findall(body)}
    if found and not operation.entry.get("public"):
        yield f"shows {sorted(found)}"
