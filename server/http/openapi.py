"""The OpenAPI 3.1 document, made from the operation table; socket messages are components of the same document."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from evidence.records import Json, Record
from server import errors as server
from server.http.problems import BUG, STATUS, Refusal, Status
from server.http.refusals import REFUSED
from server.http.routing import Header, Operation, Who

REFERENCE = "#/components/schemas/{model}"
_SAFE: Final = frozenset({"GET", "HEAD"})
PROBLEM: dict[str, Json] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
    },
    "additionalProperties": True,
}
Key = tuple[str, str, str]


def openapi_document(
    operations: tuple[Operation, ...], messages: tuple[type[Record], ...], *, version: str
) -> dict[str, Json]:
    """Return the document as JSON values.

    Args: operations: every route under /api. messages: records that travel over the socket.
    """
    inputs = _inputs(operations, messages)
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE)
    models = definitions.get("$defs", {})
    located = {key: _located(key, schema, models) for (key, _mode), schema in schemas.items()}
    paths: dict[str, dict[str, Json]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, located)
    components: dict[str, Json] = {**models, "Problem": PROBLEM}
    for message in messages:
        components.setdefault(message.__name__, located["socket", message.__name__, "message"])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sightline", "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": {_name(status): _refusal(status) for status in sorted(set(STATUS.values()))},
            "securitySchemes": {
                "login": {"type": "apiKey", "in": "cookie", "name": "sightline_login"},
                "media_token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _located(key: Key, schema: dict[str, Json], models: dict[str, dict[str, Json]]) -> dict[str, Json]:
    # Parameters are spelled out one by one, so theirs is the record itself and not a reference to it.
    reference = schema.get("$ref")
    if key[2] in {"path", "query"} and isinstance(reference, str):
        return models[reference.rsplit("/", 1)[-1]]
    return schema


def _inputs(
    operations: tuple[Operation, ...], messages: tuple[type[Record], ...]
) -> list[tuple[Key, JsonSchemaMode, TypeAdapter[object]]]:
    inputs: list[tuple[Key, JsonSchemaMode, TypeAdapter[object]]] = []
    for operation in operations:
        for name, part in operation.parts.items():
            if name == "return" and not (isinstance(part, type) and issubclass(part, Record)):
                continue
            mode: JsonSchemaMode = "serialization" if name == "return" else "validation"
            inputs.append(((operation.method, operation.path, name), mode, TypeAdapter(part)))
    inputs += [(("socket", m.__name__, "message"), "serialization", TypeAdapter(m)) for m in messages]
    return inputs


def _operation(operation: Operation, located: dict[Key, dict[str, Json]]) -> dict[str, Json]:
    key = operation.method, operation.path
    document: dict[str, Json] = {
        "operationId": operation.handler.__name__,
        "summary": operation.summary,
        "responses": _responses(operation, located),
        "x-problems": [*sorted(error.code for error in refusals_of(operation))],
        "x-who": operation.who.value,
        "x-roles": list(operation.roles),
    }
    parameters = [
        *_parameters(located.get((*key, "path")), "path"),
        *_parameters(located.get((*key, "query")), "query"),
        *(
            {"name": one.name, "in": "header", "required": one.required, "schema": _text(one)}
            for one in operation.takes
        ),
    ]
    if parameters:
        document["parameters"] = parameters  # type: ignore[assignment]
    if (*key, "body") in located:
        document["requestBody"] = {"required": True, "content": {"application/json": {"schema": located[*key, "body"]}}}
    elif operation.raw_body:
        raw: dict[str, Json] = {name: {"schema": {"type": "string"}} for name in operation.raw_body}
        document["requestBody"] = {"required": True, "content": raw}
    document["security"] = _security(operation.who)
    return document


def _security(who: Who) -> list[Json]:
    if who is Who.ANYONE:
        return []
    return [{"login": []}, {"media_token": []}] if who is Who.MEDIA else [{"login": []}]


def _responses(operation: Operation, located: dict[Key, dict[str, Json]]) -> dict[str, Json]:
    schema = located.get((operation.method, operation.path, "return"))
    success: dict[str, Json] = {"description": "Success"}
    status = HTTPStatus(operation.status)
    if schema is not None:
        success["content"] = {"application/json": {"schema": schema}}
    elif operation.raw_answer:
        success["content"] = {media_type: {"schema": {"type": "string"}} for media_type in operation.raw_answer}
    elif status is HTTPStatus.OK and operation.parts["return"] is type(None):
        status = HTTPStatus.NO_CONTENT
    if operation.gives:
        headers: dict[str, Json] = {
            one.name: {"required": one.required, "schema": _text(one)} for one in operation.gives
        }
        success["headers"] = headers
    responses: dict[str, Json] = {str(status.value): success}
    for other in operation.also:
        bare = other is HTTPStatus.NOT_MODIFIED
        responses[str(other.value)] = {"description": other.phrase} if bare else success | {"description": other.phrase}
    refused: set[Status] = {STATUS[error] for error in refusals_of(operation)} | {HTTPStatus.INTERNAL_SERVER_ERROR}
    for one in sorted(refused):
        responses[str(one.value)] = {"$ref": f"#/components/responses/{_name(one)}"}
    return responses


def refusals_of(operation: Operation) -> set[type[Refusal]]:
    """Return every refusal of the operation: its own, and those of every operation of its kind; any may fail."""
    found: set[type[Refusal]] = set(REFUSED[operation.handler.__name__])
    if operation.who is not Who.ANYONE:
        found.add(server.NotSignedIn)
    if operation.who not in {Who.ANYONE, Who.MEDIA, Who.SIGNED_IN}:
        found.add(server.NotPermitted)
    if operation.method not in _SAFE:
        found.add(server.CrossSiteRequest)
    if "path" in operation.parts:
        found.add(server.NotFound)
    if {"query", "body"} & set(operation.parts) or any(one.required for one in operation.takes):
        found.add(server.RequestInvalid)
    if "body" in operation.parts or operation.raw_body:
        found |= {server.UnsupportedMediaType, server.BodyTooLarge}
    return found


def _name(status: Status) -> str:
    return "".join(word.capitalize() for word in status.name.split("_"))


def _refusal(status: Status) -> dict[str, Json]:
    codes: list[Json] = [*sorted(error.code for error, mapped in STATUS.items() if mapped is status)]
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        codes.append(BUG)
    told: Json = {"properties": {"status": {"const": status.value}, "code": {"enum": codes}}}
    schema: Json = {"allOf": [{"$ref": "#/components/schemas/Problem"}, told]}
    refusal: dict[str, Json] = {
        "description": f"{status.phrase}: a problem, RFC 9457",
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in _REFUSED_WITH:
        name, pattern = _REFUSED_WITH[status]
        refusal["headers"] = {name: {"required": True, "schema": {"type": "string", "pattern": pattern}}}
    return refusal


_REFUSED_WITH: Final[Mapping[Status, tuple[str, str]]] = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate", "^Bearer$"),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After", "^[0-9]+$"),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ("Content-Range", r"^bytes \*/[0-9]+$"),
}


def _text(header: Header) -> dict[str, Json]:
    return {"type": "string", "pattern": header.pattern}


def _parameters(schema: dict[str, Json] | None, where: str) -> list[dict[str, Json]]:
    if schema is None:
        return []
    properties = schema["properties"]
    required = schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        raise TypeError("a parameter record has properties")
    return [
        {"name": name, "in": where, "required": where == "path" or name in required, "schema": part}
        for name, part in properties.items()
    ]
