"""The OpenAPI document: 3.1, one name per operation, who may enter, how things fail, a limit on all that comes in."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from homestretch.wiring.routers import api
from tests.doors.api.described import Operation, operations

BOUNDED_FORMATS = {"uuid", "date", "date-time", "time", "binary", "duration"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(api.create_response(None, api.get_openapi_schema(), status=200).content)


def nodes(schema: Any, schemas: dict[str, Any], seen: frozenset[str] = frozenset(), path: str = "") -> Iterator[Any]:
    """Every schema inside a schema, with where it stands."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name not in seen:
            yield from nodes(schemas[name], schemas, seen | {name}, path)
        return
    yield path, schema
    for word in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(word, []):
            yield from nodes(option, schemas, seen, path)
    for name, inner in schema.get("properties", {}).items():
        yield from nodes(inner, schemas, seen, f"{path}.{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from nodes(schema[word], schemas, seen, f"{path}[]")


def unlimited(schema: dict[str, Any]) -> bool:
    """Whether a value of this schema may be as long as it likes."""
    if schema.get("type") == "string":
        return not ({"maxLength", "enum", "const"} & set(schema) or schema.get("format") in BOUNDED_FORMATS)
    if schema.get("type") == "array":
        return "maxItems" not in schema
    a_map = schema.get("type") == "object" and "properties" not in schema
    return bool(a_map and schema.get("additionalProperties") is not False and "maxProperties" not in schema)


def test_it_is_of_the_version_that_we_promise(db, client, document):
    answer = client.get("/api/v1/openapi.json")
    assert answer.json() == document
    assert document["openapi"].startswith("3.1")


def test_each_operation_has_its_own_name():
    names = [operation.name for operation in operations()]
    assert sorted(names) == sorted(set(names))


def test_each_operation_says_who_may_enter_and_how_it_fails(document):
    for operation in operations():
        assert operation.entry, operation.name
        assert {"422", "429"} <= set(operation.details["responses"]), operation.name
        assert operation.details.get("description"), operation.name
        public = bool(operation.entry.get("public"))
        assert (operation.details["security"] == []) is public, operation.name
    schemes = document["components"]["securitySchemes"]
    assert {name for o in operations() for way in o.details["security"] for name in way} <= set(schemes)


# What they are asked with is a key by itself, or they change nothing. docs/api.md names them.
WITHOUT_KEY = {
    *("accept_invitation", "claim_device", "find_path", "pair_tracker", "preview_edits", "preview_routes"),
    *("preview_template", "sync_phone"),
}


def test_a_post_takes_a_key_where_the_document_says_so():
    posts = [operation for operation in operations() if operation.method == "post"]
    views = {view.__name__: inspect.getsource(view) for view in _views()}
    taking = {operation.name for operation in posts if re.search(r"\b_?once(_of)?\(", views[operation.name])}
    described = {o.name for o in posts if "Idempotency-Key" in [p["name"] for p in o.parameters("header")]}
    assert taking == described
    assert {operation.name for operation in posts} - described == WITHOUT_KEY


def _views() -> Iterator[Any]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from (operation.view_func for operation in view.operations)


def test_if_match_is_for_changes_alone_and_a_post_names_the_version_in_its_body():
    for operation in operations():
        names = [parameter["name"] for parameter in operation.parameters("header")]
        assert not (operation.method in {"get", "post"} and "If-Match" in names), operation.name
        seen = (operation.body_schema or {}).get("properties", {}).get("version")
        assert seen is None or operation.method == "post", operation.name


def test_every_reference_leads_somewhere(document):
    text = json.dumps(document)
    for reference in set(_references(json.loads(text))):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def incoming(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Schemas of all that an operation takes."""
    for parameter in operation.details.get("parameters", []):
        yield f"{operation.name} {parameter['name']}", parameter["schema"]
    content = operation.details.get("requestBody", {}).get("content", {}).get("application/json")
    if content:
        yield operation.name, content["schema"]


def test_all_that_comes_in_has_a_limit():
    found = [
        f"{where}{path}"
        for operation in operations()
        for where, schema in incoming(operation)
        for path, inner in nodes(schema, operation.schemas)
        if unlimited(inner)
    ]
    assert not found, "\n".join(sorted(set(found)))


def test_one_name_is_one_schema() -> None:
    """The document keeps schemas by their names alone: of two with one name it would show the wrong one somewhere."""
    named: dict[str, set[str]] = {}
    waiting: list[Any] = [BaseModel]
    while waiting:
        for made in waiting.pop().__subclasses__():
            waiting.append(made)
            if made.__module__.startswith("homestretch.") and "[" not in made.__name__:
                named.setdefault(made.__name__, set()).add(made.__module__)
    assert {name: sorted(modules) for name, modules in named.items() if len(modules) > 1} == {}
