"""What the OpenAPI document says beyond the operations: who may enter, the headers, how things fail."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from homestretch.web.entry import Entry

SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "Staff in a browser, with CSRF."},
    "sessionToken": {"type": "apiKey", "in": "header", "name": "X-Session-Token", "description": "Staff in an app."},
    "key": {"type": "http", "scheme": "bearer", "bearerFormat": "hsk_", "description": "API key with scopes."},
    "device": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "hsd_",
        "description": "A driver's phone, a tracker.",
    },
    "link": {"type": "http", "scheme": "bearer", "bearerFormat": "hst_", "description": "A recipient's tracking link."},
}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457: why not. `code` is stable; `remedy` says what to do.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "examples": ["window.ends_before_start"]},
        "detail": {"type": "string"},
        "field": {"type": ["string", "null"], "examples": ["tasks[0].windows[1].end"]},
        "remedy": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "cause": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        },
        "details": {"type": "object"},
        "request_id": {"type": "string"},
    },
}

KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A fresh word (a UUID) for each new request, the same one for its repetition.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
MATCH_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'The version that was seen, `"3"`; staff and keys must say it where the resource has a version.',
    "schema": {"type": "string", "maxLength": 200},
}

FAILURES = {
    "400": "Can't be read, or lacks its Idempotency-Key",
    "401": "Nobody known is asking",
    "403": "Not open to whoever is asking",
    "404": "Missing, or somebody else's",
    "409": "In conflict with what is",
    "412": "Changed since it was read",
    "413": "Too large",
    "422": "A rule says no",
    "428": "Needs If-Match",
    "429": "Too often; see Retry-After",
}


def finish(document: Any, api: NinjaAPI) -> dict[str, Any]:
    """Complete the framework's document: security and failures of each operation, shared components."""
    entries = entries_by_operation(api)
    components = document["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = SCHEMES
    components["responses"] = {
        f"Problem{status}": {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in FAILURES.items()
    }
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation, entries[operation["operationId"]])
    document["servers"] = [{"url": "/"}]
    return dict(document)


def entries_by_operation(api: NinjaAPI) -> dict[str, Entry | None]:
    """Who may enter each operation; None where nothing is declared (a test refuses that)."""
    found: dict[str, Entry | None] = {}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                declared = [entry for entry in operation.auth_callbacks if isinstance(entry, Entry)]
                name = operation.operation_id or api.get_openapi_operation_id(operation)
                found[name] = declared[0] if len(declared) == len(operation.auth_callbacks) == 1 else None
    return found


def _complete(method: str, operation: dict[str, Any], entry: Entry | None) -> None:
    if entry is None:
        return
    operation["security"] = _security(entry)
    operation["x-entry"] = describe(entry)
    parameters = operation.setdefault("parameters", [])
    if method == "post" and not entry.public and not operation.get("x-no-key"):
        parameters.append(KEY_PARAMETER)
    if method in {"put", "patch", "delete"} and (entry.roles or entry.key):
        parameters.append(MATCH_PARAMETER)
    for status in _failures(method, operation, entry):
        operation["responses"].setdefault(int(status), {"$ref": f"#/components/responses/Problem{status}"})


def _failures(method: str, operation: dict[str, Any], entry: Entry) -> list[str]:
    statuses = ["422", "429"]
    if not entry.public:
        statuses += ["401", "403"]
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        statuses.append("404")
    if method != "get":
        statuses += ["400", "409", "413"]
    if method in {"put", "patch", "delete"}:
        statuses += ["412", "428"]
    return sorted(statuses)


def _security(entry: Entry) -> list[dict[str, list[str]]]:
    if entry.public:
        return []
    ways: list[dict[str, list[str]]] = []
    if entry.roles or entry.merchant:
        ways += [{"session": []}, {"sessionToken": []}]
    if entry.key:
        ways.append({"key": [entry.key]})
    if entry.driver or entry.tracker:
        ways.append({"device": []})
    if entry.link:
        ways.append({"link": []})
    return ways


def describe(entry: Entry) -> dict[str, Any]:
    """The entry as the document says it."""
    return {
        "roles": sorted(role.value for role in entry.roles),
        "key": entry.key,
        **{name: True for name in ("merchant", "driver", "tracker", "link", "public") if getattr(entry, name)},
    }
