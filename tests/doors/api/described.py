"""Operations as the OpenAPI document describes them, and requests made from the description alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from homestretch.wiring.routers import api
from tests.doors.api.world import kind_of

IdOf = Callable[[str], Any]


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    name: str
    method: str
    path: str
    details: dict[str, Any]
    schemas: dict[str, Any]

    @property
    def entry(self) -> dict[str, Any]:
        """Who may enter, as the document says."""
        return dict(self.details["x-entry"])

    def parameters(self, place: str) -> list[dict[str, Any]]:
        """Parameters in the path, the query or a header."""
        return [parameter for parameter in self.details.get("parameters", []) if parameter["in"] == place]

    @property
    def path_kinds(self) -> list[str]:
        """Kinds of the rows that the path names."""
        return [kind for p in self.parameters("path") if (kind := kind_of(p["name"]))]

    @property
    def names_ids(self) -> bool:
        """Whether a request names rows at all."""
        asked: list[str] = []
        self.filled(lambda kind: asked.append(kind) or kind)
        return bool(asked)

    @property
    def body_schema(self) -> dict[str, Any] | None:
        """Schema of the JSON body."""
        content = self.details.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return self.resolve(schema) if schema else None

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema behind references, the first that is not null of several."""
        while True:
            if "$ref" in schema:
                schema = {**self.schemas[schema["$ref"].rsplit("/", 1)[-1]]}
            elif options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                schema = next(option for option in options if option.get("type") != "null")
            else:
                return schema

    def optional_ids(self) -> list[str]:
        """Names of the body's ids that may be left out."""
        schema = self.body_schema or {}
        required = schema.get("required", [])
        return [
            name
            for name, inner in schema.get("properties", {}).items()
            if name not in required and kind_of(name) and looks_like_id(self.resolve(inner))
        ]

    def value(self, name: str, schema: dict[str, Any], id_of: IdOf) -> Any:
        """A value that fits: ids from the world, else the example, else the least that is allowed."""
        example = next(iter(schema.get("examples", [])), schema.get("example"))
        schema = self.resolve(schema)
        if (kind := kind_of(name)) and looks_like_id(schema):
            return [str(id_of(kind))] if schema.get("type") == "array" else str(id_of(kind))
        example = example if example is not None else next(iter(schema.get("examples", [])), schema.get("example"))
        if example is not None and schema.get("type") != "object":
            return example
        if "const" in schema or "enum" in schema:
            return schema.get("const", next(iter(schema.get("enum", [None]))))
        return self.least(name, schema, id_of)

    def least(self, name: str, schema: dict[str, Any], id_of: IdOf) -> Any:
        """The least value of the schema's type."""
        kind = schema.get("type", "object")
        if kind == "object":
            properties = schema.get("properties", {})
            return {key: self.value(key, properties[key], id_of) for key in schema.get("required", [])}
        if kind == "array":
            return [self.value(name, schema["items"], id_of) for _ in range(max(1, schema.get("minItems", 0)))]
        if kind == "string":
            formats = {
                "uuid": "01a20392-5b5e-758b-9f6e-14d7f999cad9",
                "date": "2026-11-23",
                "date-time": "2026-11-23T08:00:00Z",
            }
            formats |= {"time": "08:00:00", "uri": "https://town.example/hook"}
            return formats.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return {"integer": int(least), "number": float(least), "boolean": True}.get(kind)

    def filled(self, id_of: IdOf, extra: str | None = None) -> tuple[str, dict[str, Any], Any]:
        """Path, query and body with ids of `id_of`; `extra` is an optional id of the body to be sent too."""
        path = self.path
        for parameter in self.parameters("path"):
            name = parameter["name"]
            path = path.replace(f"{{{name}}}", str(self.value(name, parameter["schema"], id_of)))
        needed = [parameter for parameter in self.parameters("query") if parameter["required"]]
        query = {p["name"]: self.value(p["name"], p["schema"], id_of) for p in needed}
        schema = self.body_schema
        body = self.value("", schema, id_of) if schema is not None else None
        if extra and schema and isinstance(body, dict):
            body[extra] = self.value(extra, schema["properties"][extra], id_of)
        return path, query, body

    def send(self, client: Client, id_of: IdOf, *, extra: str | None = None) -> Any:
        """Ask it as the description says."""
        path, query, body = self.filled(id_of, extra)
        return client.generic(
            self.method.upper(),
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Idempotency-Key": "matrix", "If-Match": "*"},
            QUERY_STRING=urlencode(query, doseq=True),
        )


def looks_like_id(schema: dict[str, Any]) -> bool:
    """Whether the schema is a UUID, or a list of them."""
    return schema.get("format") == "uuid" or schema.get("items", {}).get("format") == "uuid"


def operations() -> Iterator[Operation]:
    """Every operation of the document."""
    document = json.loads(api.create_response(None, api.get_openapi_schema(), status=200).content)
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            yield Operation(details["operationId"], method, path, details, document["components"]["schemas"])
