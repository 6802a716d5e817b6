"""The OpenAPI 3.1 document, made from the operation table; socket messages are components of the same document."""

from http import HTTPStatus

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from evidence.records import Json, Record
from server.http.routing import Operation, Who

REFERENCE = "#/components/schemas/{model}"
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
            "securitySchemes": {
                "login": {"type": "apiKey", "in": "cookie", "name": "sightline_login"},
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
        "x-who": operation.who.value,
        "x-roles": list(operation.roles),
    }
    parameters = [
        *_parameters(located.get((*key, "path")), "path"),
        *_parameters(located.get((*key, "query")), "query"),
    ]
    if parameters:
        document["parameters"] = parameters  # type: ignore[assignment]
    if (*key, "body") in located:
        document["requestBody"] = {"required": True, "content": {"application/json": {"schema": located[*key, "body"]}}}
    elif operation.raw_body:
        raw: dict[str, Json] = {name: {"schema": {"type": "string"}} for name in operation.raw_body}
        document["requestBody"] = {"required": True, "content": raw}
    document["security"] = [] if operation.who is Who.ANYONE else [{"login": []}]
    return document


def _responses(operation: Operation, located: dict[Key, dict[str, Json]]) -> dict[str, Json]:
    schema = located.get((operation.method, operation.path, "return"))
    success: dict[str, Json] = {"description": "Success"}
    status = operation.status
    if schema is not None:
        success["content"] = {"application/json": {"schema": schema}}
    elif operation.raw_answer:
        success["content"] = {operation.raw_answer: {"schema": {"type": "string"}}}
    elif status == HTTPStatus.OK:
        status = HTTPStatus.NO_CONTENT.value
    refusal: Json = {
        "description": "A problem, RFC 9457",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {str(status): success, "default": refusal}


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
