"""Schemas and their revisions. Avro messages are checked; Protocol Buffer schemas are stored only."""

from __future__ import annotations

from typing import Any

from sandbox.apis.pubsub.avro import AvroError, Schema
from sandbox.control import binary, paging
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

TYPES = ("TYPE_UNSPECIFIED", "PROTOCOL_BUFFER", "AVRO")
ENCODINGS = ("ENCODING_UNSPECIFIED", "JSON", "BINARY")
DELETED = "_deleted-schema_"
_REVISIONS_MOST = 20
_SIZE_MOST = 300_000

schemas = Collection(
    path="v1/projects/{project}/schemas/{schema}",
    id_rule=r"(?!goog)[A-Za-z][\w.~+%-]{2,254}",
    id_message="It must begin with a letter and have 3 to 255 letters, numbers or -._~+%, and not begin with goog.",
    id_param="schemaId",
    update=(),
    output_only=("revisionId", "revisionCreateTime"),
    enums={"type": TYPES},
    labels=(),
    iam=True,
)
# Former revisions, the oldest first, are kept beside the current one.
_REVISIONS = "revisions"


@schemas.shown_by
def shown(schema: Resource, call: Call) -> dict[str, Any]:
    """In full, or the name and type only (`view=BASIC`, the default of lists)."""
    view = call.query("view")
    listing = call.request.path.rstrip("/").endswith("/schemas") and call.request.method == "GET"
    document = {key: value for key, value in schema.document.items() if key != _REVISIONS}
    if view in ("BASIC", "1") or (listing and view not in ("FULL", "2")):
        document.pop("definition", None)
    return document


def _check(document: dict[str, Any]) -> None:
    kind, definition = document.get("type"), document.get("definition")
    if kind not in TYPES[1:]:
        raise invalid_argument("The schema needs a type, AVRO or PROTOCOL_BUFFER.", {"schema.type": "required"})
    if not isinstance(definition, str) or not definition.strip():
        raise invalid_argument("The schema needs a definition.", {"schema.definition": "required"})
    if len(definition.encode()) > _SIZE_MOST:
        raise invalid_argument("The schema is longer than 300 KB.", {"schema.definition": "too long"})
    if kind == "AVRO":
        try:
            Schema(definition)
        except AvroError as error:
            raise invalid_argument(f"Invalid schema definition: {error}.", {"schema.definition": str(error)}) from error
    elif "message" not in definition:
        raise invalid_argument("Invalid schema definition: no message in it.", {"schema.definition": "no message"})


def _revise(schema: Resource, call: Call) -> None:
    schema.document["revisionId"] = call.control.hex(8)
    schema.document["revisionCreateTime"] = call.control.now()


@schemas.on_create
async def check_new(schema: Resource, call: Call) -> None:
    """The first revision."""
    _check(schema.document)
    _revise(schema, call)


def _former(schema: Resource) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = schema.document.get(_REVISIONS, [])
    return found


def _add(schema: Resource, definition: str, call: Call) -> dict[str, Any]:
    if len(_former(schema)) + 1 >= _REVISIONS_MOST:
        raise failed_precondition(f"The schema {schema.name} has {_REVISIONS_MOST} revisions: delete one first.")
    current = {key: schema.document[key] for key in ("definition", "revisionId", "revisionCreateTime")}
    schema.document[_REVISIONS] = [*_former(schema), current]
    schema.document["definition"] = definition
    _revise(schema, call)
    schema.updated = call.control.clock()
    call.store.put(schema)
    return shown(schema, call)


@schemas.verb("commit")
async def commit(schema: Resource, call: Call) -> dict[str, Any]:
    """`schemas.commit`: a new revision, of the same type."""
    given = call.body().get("schema") or {}
    kind = given.get("type")
    given["type"] = TYPES[kind] if isinstance(kind, int) and kind < len(TYPES) else kind
    _check(given)
    if given["type"] != schema.document["type"]:
        raise invalid_argument("The type of a schema can't be changed.", {"schema.type": "immutable"})
    return _add(schema, given["definition"], call)


@schemas.verb("rollback")
async def rollback(schema: Resource, call: Call) -> dict[str, Any]:
    """`schemas.rollback`: a new revision with the definition of an old one."""
    wanted = str(call.body().get("revisionId", ""))
    for revision in _former(schema):
        if revision["revisionId"] == wanted:
            return _add(schema, revision["definition"], call)
    raise not_found(f"Revision not found (revision={wanted}).")


@schemas.verb("listRevisions", "GET")
async def list_revisions(schema: Resource, call: Call) -> dict[str, Any]:
    """`schemas.listRevisions`, the newest first."""
    current = shown(schema, call)
    newest = [current, *({**current, **revision} for revision in reversed(_former(schema)))]
    size = call.integer("pageSize", 50, 100) or 50
    after = paging.after(call.query("pageToken"))
    start = next((i + 1 for i, each in enumerate(newest) if each["revisionId"] == after), 0)
    page = newest[start : start + size + 1]
    return paging.page("schemas", page, size, lambda each: str(each["revisionId"]))


@schemas.verb("deleteRevision", "DELETE")
async def delete_revision(schema: Resource, call: Call) -> dict[str, Any]:
    """`schemas.deleteRevision` of a former revision; the name may carry it as `@revision`."""
    wanted = call.query("revisionId")
    kept = [revision for revision in _former(schema) if revision["revisionId"] != wanted]
    if len(kept) == len(_former(schema)):
        raise not_found(f"Revision not found, or the only one (revision={wanted}).")
    schema.document[_REVISIONS] = kept
    call.store.put(schema)
    return shown(schema, call)


async def validate(call: Call) -> Response:
    """`schemas.validate`."""
    given = call.body().get("schema") or {}
    kind = given.get("type")
    given["type"] = TYPES[kind] if isinstance(kind, int) and kind < len(TYPES) else kind
    _check(given)
    return Response.of({})


async def validate_message(call: Call) -> Response:
    """`schemas.validateMessage` against a stored schema or one that is given."""
    body = call.body()
    document = schemas.must(call.control, body["name"]).document if body.get("name") else body.get("schema") or {}
    encoding = body.get("encoding")
    encoding = ENCODINGS[encoding] if isinstance(encoding, int) and encoding < len(ENCODINGS) else encoding
    try:
        data = binary.decode(body.get("message"))
    except ValueError as error:
        raise invalid_argument("message is not base64.", {"message": "not base64"}) from error
    _check(document)
    check_message(document, str(encoding or "JSON"), data)
    return Response.of({})


def check_message(document: dict[str, Any], encoding: str, data: bytes) -> None:
    """400 for a message that its schema does not allow."""
    if document["type"] != "AVRO":
        raise unimplemented("The sandbox checks messages against Avro schemas only, not against Protocol Buffers.")
    try:
        schema = Schema(document["definition"])
        schema.check_binary(data) if encoding == "BINARY" else schema.check_json(data)
    except AvroError as error:
        raise invalid_argument(f"Invalid data in message: Message failed schema validation: {error}.") from error


def check_publish(control: Control, topic: Resource, data: bytes) -> None:
    """A message for a topic with a schema: any revision that the topic allows may fit."""
    settings = topic.document.get("schemaSettings")
    if not settings or settings.get("schema") == DELETED:
        return
    schema = schemas.find(control, settings["schema"])
    if schema is None:
        return
    encoding = settings.get("encoding", "JSON")
    revisions = [*_former(schema), schema.document]
    ids = [revision["revisionId"] for revision in revisions]
    first, last = settings.get("firstRevisionId"), settings.get("lastRevisionId")
    revisions = revisions[ids.index(first) if first in ids else 0 : ids.index(last) + 1 if last in ids else None]
    error: Exception | None = None
    for revision in reversed(revisions):
        try:
            check_message({"type": schema.document["type"], "definition": revision["definition"]}, encoding, data)
        except Exception as found:
            error = error or found
        else:
            return
    if error is not None:
        raise error


@schemas.deleted
async def detach(schema: Resource, call: Call) -> None:
    """Topics that used the schema show it as deleted."""
    for topic in call.store.select("pubsub.topics"):
        if topic.document.get("schemaSettings", {}).get("schema") == schema.name:
            topic.document["schemaSettings"]["schema"] = DELETED
            call.store.put(topic)


ROUTES = [
    Route("POST", "v1/projects/{project}/schemas", validate, verb="validate"),
    Route("POST", "v1/projects/{project}/schemas", validate_message, verb="validateMessage"),
]
