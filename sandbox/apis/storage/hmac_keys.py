"""HMAC keys: credentials of a service account for tools that speak S3. What is signed with them is taken."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Any

from sandbox.apis.storage import documents
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

COLLECTION = "storage.hmacKeys"
_MOST = 10
_STATES = ("ACTIVE", "INACTIVE")


def project_of(call: Call, authorization: str) -> str:
    """The project of the key by which a request is signed (`AWS4-HMAC-SHA256 Credential=ID/…`, `GOOG1 ID:…`)."""
    access = re.search(r"(?:Credential=|^(?:AWS|GOOG1) )([^/:,]+)", authorization)
    if access is None:
        return ""
    found = (key for key in call.store.select(COLLECTION) if key.document["accessId"] == access[1])
    return next((str(key.document["projectId"]) for key in found), "")


async def create(call: Call) -> Response:
    """`projects.hmacKeys.create`: the secret is told this once, and kept nowhere."""
    email = call.query("serviceAccountEmail")
    if not email:
        raise invalid_argument("Required parameter: serviceAccountEmail")
    owner = email.partition("@")[2].removesuffix(".iam.gserviceaccount.com")
    if call.store.get("iam.serviceAccounts", f"projects/{owner}/serviceAccounts/{email}") is None:
        raise not_found(f"Service account '{email}' not found.")
    held = [key for key in _keys(call) if key.document["serviceAccountEmail"] == email]
    if len(held) >= _MOST:
        raise ApiError("FAILED_PRECONDITION", f"A service account has at most {_MOST} HMAC keys.")
    access = "GOOG1E" + base64.b32encode(secrets.token_bytes(35)).decode().rstrip("=")[:55]
    document = {
        "kind": "storage#hmacKeyMetadata",
        "id": f"{call.project}/{access}",
        "selfLink": f"{documents.WEB}/projects/{call.project}/hmacKeys/{access}",
        "accessId": access,
        "projectId": call.project,
        "serviceAccountEmail": email,
        "state": "ACTIVE",
        "timeCreated": call.control.now(),
        "updated": call.control.now(),
        "etag": call.control.etag(),
    }
    moment = call.control.clock()
    call.store.insert(Resource(COLLECTION, f"projects/{call.project}/hmacKeys/{access}", document, moment, moment))
    secret = base64.b64encode(secrets.token_bytes(30)).decode()
    return Response.of({"kind": "storage#hmacKey", "metadata": document, "secret": secret})


def _keys(call: Call) -> list[Resource]:
    return list(call.store.select(COLLECTION, f"projects/{call.project}"))


def _find(call: Call) -> Resource:
    key = call.store.get(COLLECTION, f"projects/{call.project}/hmacKeys/{call.params['key']}")
    if key is None:
        raise not_found(f"Access ID not found in project {call.project}")
    return key


async def list_keys(call: Call) -> Response:
    """`projects.hmacKeys.list`."""
    email = call.query("serviceAccountEmail")
    found = [key.document for key in _keys(call) if email in ("", key.document["serviceAccountEmail"])]
    return Response.of({"kind": "storage#hmacKeysMetadata", **({"items": found} if found else {})})


async def get(call: Call) -> Response:
    """`projects.hmacKeys.get`."""
    return Response.of(_find(call).document)


async def update(call: Call) -> Response:
    """`projects.hmacKeys.update`: the state, under the etag if one is sent."""
    key, body = _find(call), call.body()
    state: Any = body.get("state")
    if state not in _STATES:
        raise invalid_argument(f"Invalid state: '{state}'. It is ACTIVE or INACTIVE.")
    if body.get("etag") not in (None, "", key.document["etag"]):
        raise ApiError("ABORTED", "The key was changed meanwhile: its etag is another.", code=412)
    key.document |= {"state": state, "updated": call.control.now(), "etag": call.control.etag()}
    key.updated = call.control.clock()
    call.store.put(key)
    return Response.of(key.document)


async def delete(call: Call) -> Response:
    """`projects.hmacKeys.delete`: of a key that is inactive."""
    key = _find(call)
    if key.document["state"] == "ACTIVE":
        raise invalid_argument("Cannot delete keys in the 'ACTIVE' state.")
    call.store.delete(COLLECTION, key.name)
    return Response(204)
