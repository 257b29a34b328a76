"""A message to the HTTP request that its rule says, and a JSON answer back to a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from google.api_core import path_template, rest_helpers
from google.protobuf import json_format  # type: ignore[import-untyped]

from sandbox.control.http import Request
from sandbox.rpc.methods import Method, load_type


class Untranscodable(ValueError):
    """A message that no rule of its method fits, such as one without a name."""


def to_http(method: Method, message: Any, headers: Mapping[str, str]) -> Request:
    """The HTTP request that Google's REST client would send for a message.

    Raises:
        Untranscodable: its name is missing or malformed.
    """
    try:
        made = path_template.transcode(list(method.rules), message)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise Untranscodable(f"Invalid resource name or parent in the request of {method.name}.") from error
    body = b""
    if made.get("body") is not None:
        body = json_format.MessageToJson(made["body"], indent=None).encode()
    query: dict[str, list[str]] = {}
    document = json_format.MessageToDict(made["query_params"])
    flat = rest_helpers.flatten_query_params(document, strict=True)  # type: ignore[no-untyped-call]
    for name, value in flat:
        query.setdefault(name, []).append(str(value))
    path = quote(made["uri"], safe="/:@")
    prefix = f"/{method.prefix}" if method.prefix else ""
    return Request(made["method"].upper(), prefix + path, query, headers, body)


def from_json(kind: type[Any], body: bytes) -> Any:
    """The message that a JSON answer is; fields that the installed package doesn't know are left out."""
    document = json.loads(body) if body else {}
    message = kind()
    json_format.ParseDict(_with_known_types(document), message, ignore_unknown_fields=True)
    return message


def _with_known_types(value: Any) -> Any:
    """The document, once the types it names are loaded: an operation carries its API's messages."""
    if isinstance(value, dict):
        name = value.get("@type")
        if isinstance(name, str):
            load_type(name.rpartition("/")[2])
        for each in value.values():
            _with_known_types(each)
    elif isinstance(value, list):
        for each in value:
            _with_known_types(each)
    return value
