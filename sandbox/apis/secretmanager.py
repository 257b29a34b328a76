"""Secret Manager v1: secrets, global and regional, their versions and payloads."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import google_crc32c

from sandbox.control import binary, crud, filters, locations, paging, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import aborted, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Api, Handler
from sandbox.control.store import Resource

_PAYLOAD_MOST = 65_536
_STATES = ("STATE_UNSPECIFIED", "ENABLED", "DISABLED", "DESTROYED")
_TTL = re.compile(r"\d+(?:\.\d{1,9})?s")

_COMMON: dict[str, Any] = {
    "id_param": "secretId",
    "id_rule": r"[A-Za-z0-9_-]{1,255}",
    "id_message": "It must be 1 to 255 letters, numerals, hyphens or underscores.",
    "page_size": 25_000,
    "page_most": 25_000,
    "mask": "required",
    "on_create_set": {"createTime": now},
    "on_update_set": {"etag": lambda secret, call: f'"{call.control.hex(14)}"'},
    "immutable": ("replication",),
    "iam": True,
}
secrets = Collection(path="v1/projects/{project}/secrets/{secret}", required=("replication",), **_COMMON)
regional = Collection(path="v1/projects/{project}/locations/{location}/secrets/{secret}", **_COMMON)

API = Api("secretmanager.googleapis.com", "secretmanager", [secrets, regional], locations.routes("v1"))

_VERSIONS = "secretmanager.versions"
_SCHEMA = """CREATE TABLE IF NOT EXISTS secret_payloads (
  version TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID"""
_PARENTS = (secrets.path, regional.path)


def _each(method: str, rest: str, **how: Any) -> Callable[[Handler], Handler]:
    """A route below secrets of both kinds."""

    def register(handler: Handler) -> Handler:
        for parent in _PARENTS:
            API.route(method, parent + rest, **how)(handler)
        return handler

    return register


async def _start(control: Control) -> None:
    control.store.schema(_SCHEMA)


API.start = _start


@secrets.shown_by
@regional.shown_by
def shown(secret: Resource, call: Call) -> dict[str, Any]:
    """With the project's number; the time to live is shown as the time of its end."""
    return {**secret.document, "name": projects.by_number(secret.name)}


@secrets.on_create
@regional.on_create
async def check_new(secret: Resource, call: Call) -> None:
    """Exactly one kind of replication; a regional secret has none, it is where it is."""
    if "location" in call.params:
        if "replication" in secret.document:
            raise invalid_argument("A regional secret takes no replication.", {"secret.replication": "not allowed"})
        _complete(secret, call)
        return
    replication = secret.document["replication"]
    kinds = (
        [kind for kind in ("automatic", "userManaged") if replication.get(kind) is not None]
        if isinstance(replication, dict)
        else []
    )
    if len(kinds) != 1:
        raise invalid_argument(
            "Exactly one of replication.automatic and replication.userManaged is required.",
            {"secret.replication": "automatic or userManaged"},
        )
    if kinds == ["userManaged"]:
        replicas = replication["userManaged"].get("replicas") or []
        places = [replica.get("location") for replica in replicas]
        if not places or len(set(places)) != len(places) or None in places:
            raise invalid_argument(
                "userManaged needs replicas in different locations.", {"secret.replication": "replicas"}
            )
    _complete(secret, call)


@secrets.on_update
@regional.on_update
async def check_change(old: Resource, new: Resource, call: Call) -> None:
    """Aliases name versions that exist; the time to live starts again."""
    for alias, number in (new.document.get("versionAliases") or {}).items():
        if call.store.get(_VERSIONS, f"{new.name}/versions/{number}") is None:
            raise failed_precondition(f"Version alias {alias} names version {number}, which does not exist.")
    _complete(new, call)


def _complete(secret: Resource, call: Call) -> None:
    ttl = secret.document.pop("ttl", None)
    if ttl is not None:
        if not _TTL.fullmatch(str(ttl)):
            raise invalid_argument(f"Invalid ttl '{ttl}': seconds with an s.", {"secret.ttl": "not a duration"})
        secret.document["expireTime"] = timestamp(call.control.clock() + float(ttl[:-1]))
    rotation = secret.document.get("rotation")
    if rotation and not secret.document.get("topics"):
        raise invalid_argument("A secret with a rotation needs topics.", {"secret.topics": "required"})


def _secret(call: Call) -> Resource:
    kind = regional if "location" in call.params else secrets
    return kind.must(call.control, kind.name(call.params))


def _find(call: Call) -> tuple[Resource, Resource]:
    """The secret and the version of a path: by number, alias or `latest`."""
    secret = _secret(call)
    key = call.params["version"]
    if key == "latest":
        newest = max(_all(call, secret), key=_number, default=None)
        found = newest
    else:
        if not key.isdigit():
            key = str((secret.document.get("versionAliases") or {}).get(key, key))
        found = call.store.get(_VERSIONS, f"{secret.name}/versions/{key}")
    if found is None:
        raise not_found(f"Secret Version [{projects.by_number(secret.name)}/versions/{key}] not found.")
    return secret, found


def _all(call: Call, secret: Resource) -> list[Resource]:
    found = call.store.select(_VERSIONS, secret.name)
    if not found and call.control.placeholder:
        _add(secret, call, call.control.placeholder.encode(), checked=False)
        found = call.store.select(_VERSIONS, secret.name)
    return found


def _number(version: Resource) -> int:
    return int(version.id)


def _shown(version: Resource) -> dict[str, Any]:
    return {**version.document, "name": projects.by_number(version.name)}


@secrets.verb("addVersion")
@regional.verb("addVersion")
async def add_version(secret: Resource, call: Call) -> dict[str, Any]:
    """`secrets.addVersion`: a payload of at most 64 KiB, its checksum verified where given."""
    payload = call.body().get("payload") or {}
    try:
        data = binary.decode(payload.get("data"))
    except ValueError as error:
        raise invalid_argument("payload.data is not base64.", {"payload.data": "not base64"}) from error
    if not data:
        raise invalid_argument("Secret Payload cannot be empty.", {"payload.data": "required"})
    if len(data) > _PAYLOAD_MOST:
        raise invalid_argument(
            f"The payload of a secret version is at most {_PAYLOAD_MOST} bytes, {len(data)} given.",
            {"payload.data": "too long"},
        )
    checksum = payload.get("dataCrc32c")
    if checksum is not None and int(checksum) != google_crc32c.value(data):
        raise invalid_argument("The checksum of the payload does not match.", {"payload.dataCrc32c": "mismatch"})
    return _shown(_add(secret, call, data, checked=checksum is not None))


def _add(secret: Resource, call: Call, data: bytes, *, checked: bool) -> Resource:
    moment = call.control.clock()
    with call.store.transaction():
        name = f"{secret.name}/versions/{call.store.next(f'secret versions {secret.name} {secret.created}')}"
        document: dict[str, Any] = {
            "name": name,
            "createTime": call.control.now(),
            "state": "ENABLED",
            "etag": f'"{call.control.hex(14)}"',
            "replicationStatus": _replication(secret),
        }
        if checked:
            document["clientSpecifiedPayloadChecksum"] = True
        version = Resource(_VERSIONS, name, document, moment, moment)
        call.store.insert(version)
        call.store.execute("INSERT OR REPLACE INTO secret_payloads VALUES (?, ?)", (name, data))
    return version


def _replication(secret: Resource) -> dict[str, Any]:
    replication = secret.document.get("replication") or {"automatic": {}}
    if replication.get("automatic") is not None:
        return {"automatic": {}}
    return {"userManaged": {"replicas": [{"location": r["location"]} for r in replication["userManaged"]["replicas"]]}}


@_each("GET", "/versions/{version}")
async def get_version(call: Call) -> Response:
    """`versions.get`."""
    return Response.of(_shown(_find(call)[1]))


@_each("GET", "/versions")
async def list_versions(call: Call) -> Response:
    """`versions.list`, the newest first, filtered where asked (`state:ENABLED`)."""
    secret = _secret(call)
    versions = sorted(_all(call, secret), key=_number, reverse=True)
    accepts = filters.compile_filter(call.query("filter"))
    versions = [version for version in versions if accepts(_shown(version))]
    size = call.integer("pageSize", 25_000, 25_000) or 25_000
    after = paging.after(call.query("pageToken"))
    total = len(versions)
    if after:
        versions = [version for version in versions if _number(version) < int(after)]
    page = paging.page("versions", versions[: size + 1], size, lambda version: version.id, _shown)
    return Response.of({**page, "totalSize": total})


@_each("GET", "/versions/{version}", verb="access", data=True)
async def access(call: Call) -> Response:
    """`versions.access`: the payload."""
    _, version = _find(call)
    state = version.document["state"]
    if state != "ENABLED":
        raise failed_precondition(f"Secret Version [{projects.by_number(version.name)}] is in {state} state.")
    data = call.store.rows("SELECT data FROM secret_payloads WHERE version = ?", (version.name,))[0][0]
    payload = {"data": base64.b64encode(data).decode(), "dataCrc32c": str(google_crc32c.value(data))}
    return Response.of({"name": projects.by_number(version.name), "payload": payload})


def _change(call: Call, state: str) -> Response:
    _, version = _find(call)
    given = call.body().get("etag")
    if given and given != version.document["etag"]:
        raise aborted(f"The etag {given} does not match the version's.")
    if version.document["state"] == "DESTROYED":
        if state == "DESTROYED":
            return Response.of(_shown(version))
        raise failed_precondition(f"Secret Version [{projects.by_number(version.name)}] is in DESTROYED state.")
    with call.store.transaction():
        if version.document["state"] != state:
            version.document.update(state=state, etag=f'"{call.control.hex(14)}"')
            if state == "DESTROYED":
                version.document["destroyTime"] = call.control.now()
                call.store.execute("DELETE FROM secret_payloads WHERE version = ?", (version.name,))
            call.store.put(version)
    return Response.of(_shown(version))


@_each("POST", "/versions/{version}", verb="enable")
async def enable(call: Call) -> Response:
    """`versions.enable`."""
    return _change(call, "ENABLED")


@_each("POST", "/versions/{version}", verb="disable")
async def disable(call: Call) -> Response:
    """`versions.disable`."""
    return _change(call, "DISABLED")


@_each("POST", "/versions/{version}", verb="destroy")
async def destroy(call: Call) -> Response:
    """`versions.destroy`: the payload is gone for good."""
    return _change(call, "DESTROYED")


@secrets.on_delete
@regional.on_delete
async def delete_versions(secret: Resource, call: Call) -> None:
    """The versions and payloads go with their secret."""
    crud.check_etag(secret, call.query("etag"))
    with call.store.transaction():
        for version in call.store.select(_VERSIONS, secret.name):
            call.store.execute("DELETE FROM secret_payloads WHERE version = ?", (version.name,))
            call.store.delete(_VERSIONS, version.name)
