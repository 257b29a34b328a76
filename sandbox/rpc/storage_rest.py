"""The JSON API of Cloud Storage as its gRPC asks it: requests, names, preconditions and keys of its messages."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import encryption
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Dispatch, Request, Response
from sandbox.rpc import storage_messages as messages

Json = dict[str, Any]
_STATUS = {304: "FAILED_PRECONDITION", 409: "ALREADY_EXISTS", 412: "FAILED_PRECONDITION", 416: "OUT_OF_RANGE"}
_STATUS |= {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 501: "UNIMPLEMENTED"}


@dataclass(slots=True)
class Rest:
    """The JSON API, asked for one call."""

    dispatch: Dispatch
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, method: str, path: str, query: Mapping[str, Any], document: Any = None) -> Response:
        """One request. Raises ApiError where it is refused."""
        body = b"" if document is None else json.dumps(document).encode()
        given = {key: [_text(value)] for key, value in query.items() if value not in (None, "", False)}
        answer = await self.dispatch(Request(method, path, given, self.headers, body))
        if answer.status >= 300:
            raise refusal(answer)
        return answer

    async def ask(self, method: str, path: str, query: Mapping[str, Any], document: Any = None) -> Json:
        """The document of an answer."""
        answer = await self.send(method, path, query, document)
        found: Json = answer.json()
        return found


def refusal(answer: Response) -> ApiError:
    """An answer that is an error, as the error that it is in gRPC."""
    try:
        error = json.loads(answer.body or b"{}").get("error", {})
    except ValueError:
        error = {}
    message = str(error.get("message", "")) or f"HTTP {answer.status}"
    word = error.get("status") or _STATUS.get(answer.status) or ("INTERNAL" if answer.status < 503 else "UNAVAILABLE")
    return ApiError("FAILED_PRECONDITION" if "is not empty" in message else word, message)


def _text(value: Any) -> str:
    return "true" if value is True else str(value)


def bucket_path(name: str) -> str:
    """Where a bucket is, by its name in messages."""
    if not name.startswith("projects/_/buckets/"):
        raise invalid_argument(f"Invalid bucket name: '{name}'. It is projects/_/buckets/BUCKET.")
    return f"/storage/v1/b/{quote(messages.bucket_id(name), safe='')}"


def object_path(bucket: str, name: str) -> str:
    """Where an object is."""
    if not name:
        raise invalid_argument("The name of the object is missing.")
    return f"{bucket_path(bucket)}/o/{quote(name, safe='')}"


def conditions(request: Any) -> Json:
    """The preconditions of a request, as a query; numbers that are 0 count where they are said."""
    found = {}
    for each in request.DESCRIPTOR.fields:
        if each.name.startswith("if_") and request.HasField(each.name):
            found[each.json_name] = str(getattr(request, each.name))
    return found


def keyed(rest: Rest, request: Any) -> Rest:
    """The JSON API with the customer-supplied keys of a request, as it takes them."""
    fields = request.DESCRIPTOR.fields_by_name
    headers: dict[str, str] = {}
    if "common_object_request_params" in fields:
        headers |= _key(request.common_object_request_params, "encryption_", encryption.OWN)
    if "copy_source_encryption_algorithm" in fields:
        headers |= _key(request, "copy_source_encryption_", encryption.SOURCE)
    return replace(rest, headers={**rest.headers, **headers}) if headers else rest


def _key(message: Any, prefix: str, header: str) -> dict[str, str]:
    named = {"algorithm": "algorithm", "key": "key_bytes", "key-sha256": "key_sha256_bytes"}
    found = {header + name: getattr(message, prefix + field_) for name, field_ in named.items()}
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in found.items()
        if value
    }


def projection(request: Any) -> str:
    """What of an answer a request's mask wants beyond the usual: `full`, or nothing."""
    paths = request.read_mask.paths if request.HasField("read_mask") else []
    return (
        "full" if any(path == "*" or path.startswith(("acl", "default_object_acl", "owner")) for path in paths) else ""
    )


def mask(request: Any) -> Any:
    """The mask of a request, or None."""
    return request.read_mask if request.HasField("read_mask") else None


def masked(document: Json, standing: Json, paths: Any, *, bucket: bool) -> Json:
    """The patch that has what the mask names be as in a document, gone where it isn't there."""
    patch: Json = {}
    for path in list(document) if "*" in paths else paths:
        keys = [path] if "*" in paths else messages.document_field(path, bucket=bucket)
        new, old, at = document, standing, patch
        for key in keys[:-1]:
            new, old, at = new.get(key) or {}, old.get(key) or {}, at.setdefault(key, {})
        at[keys[-1]] = _instead(old.get(keys[-1]), new.get(keys[-1]))
    return patch


def _instead(old: Any, new: Any) -> Any:
    """As a merge patch: what is no longer there is null."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return dict.fromkeys(old.keys() - new.keys()) | {key: _instead(old.get(key), value) for key, value in new.items()}


Answer = Callable[[Rest, Any], Awaitable[Any]]
