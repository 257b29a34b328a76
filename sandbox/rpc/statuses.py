"""Google's JSON errors as gRPC statuses, with their details."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import grpc

from sandbox.control.faults import STATUSES
from sandbox.control.http import Response
from sandbox.control.operations import GRPC_CODES

_BY_NUMBER = {code.value[0]: code for code in grpc.StatusCode}
_OF_HTTP = {**STATUSES, 501: "UNIMPLEMENTED"}


@dataclass(frozen=True, slots=True)
class Status:
    """How a call failed; `trailing` carries the whole google.rpc.Status."""

    code: grpc.StatusCode
    message: str
    trailing: tuple[tuple[str, bytes], ...] = ()


def of_response(response: Response) -> Status:
    """The status of an HTTP answer that is an error."""
    try:
        error = json.loads(response.body)["error"]
    except (ValueError, KeyError, TypeError):
        error = {}
    if not isinstance(error, dict):
        error = {"message": str(error)}
    word = error.get("status") or _OF_HTTP.get(response.status, "INTERNAL" if response.status >= 500 else "UNKNOWN")
    return of_error(word, str(error.get("message", "")), error.get("details") or [])


def of_error(word: str, message: str, details: list[dict[str, Any]]) -> Status:
    """The status of an error by its word, such as NOT_FOUND."""
    number = GRPC_CODES.get(word, 2)
    return Status(_BY_NUMBER[number], message, _trailing(number, message, details))


def _trailing(number: int, message: str, details: list[dict[str, Any]]) -> tuple[tuple[str, bytes], ...]:
    if not details:
        return ()
    from google.protobuf import json_format  # type: ignore[import-untyped]
    from google.rpc import error_details_pb2, status_pb2  # noqa: F401  the details' types become known

    made = status_pb2.Status(code=number, message=message)
    for each in details:
        try:
            json_format.ParseDict(each, made.details.add(), ignore_unknown_fields=True)
        except json_format.ParseError:  # of a type that nothing here knows: the message says it in words
            del made.details[-1]
    return (("grpc-status-details-bin", made.SerializeToString()),)
