"""What kind an exception is of."""

from __future__ import annotations

import errno
import json
import socket

import httpx
import pytest
from google.api_core import exceptions as google
from pydantic import TypeAdapter, ValidationError

from shared_services import ErrorClass, InputError, PermanentError, TransientError, classify, describe_error


def _validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("x")
    return caught.value


_REQUEST = httpx.Request("GET", "http://nse.example/")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "transient"),
        (google.TooManyRequests("slow down"), "transient"),
        (google.ServiceUnavailable("soon"), "transient"),
        (httpx.ReadTimeout("late"), "transient"),
        (OSError(errno.EAGAIN, "later"), "transient"),
        (ConnectionRefusedError(), "dependency"),
        (socket.gaierror(-2, "unknown name"), "dependency"),
        (google.InternalServerError("oops"), "dependency"),
        (httpx.ConnectError("refused"), "dependency"),
        (httpx.HTTPStatusError("x", request=_REQUEST, response=httpx.Response(502)), "dependency"),
        (google.Forbidden("no"), "permanent"),
        (google.NotFound("no table"), "permanent"),
        (OSError(errno.ENOSPC, "disk full"), "permanent"),
        (PermissionError(errno.EACCES, "no"), "permanent"),
        (google.BadRequest("bad query"), "input"),
        (httpx.HTTPStatusError("x", request=_REQUEST, response=httpx.Response(422)), "input"),
        (json.JSONDecodeError("x", "{", 1), "input"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "input"),
        (ValueError("quantity"), "input"),
        (_validation_error(), "input"),
        (KeyError("symbol"), "programming"),
        (TypeError("x"), "programming"),
        (ZeroDivisionError(), "programming"),
        (RuntimeError("?"), "programming"),
        (InputError("x"), "input"),
        (PermanentError("x"), "permanent"),
        (ExceptionGroup("two", [TransientError("a"), KeyError("b")]), "programming"),
        (ExceptionGroup("two", [TransientError("a"), InputError("b")]), "input"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_exception_is_of_its_kind(error: BaseException, kind: str) -> None:
    assert classify(error).value == kind


def test_a_wrapped_error_is_of_its_cause() -> None:
    with pytest.raises(RuntimeError) as caught:
        try:
            raise TimeoutError("no answer")
        except TimeoutError as error:
            raise RuntimeError("fetch failed") from error
    assert classify(caught.value) is ErrorClass.TRANSIENT


def test_a_cause_that_leads_back_ends() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert classify(first) is ErrorClass.PROGRAMMING


def test_an_error_whose_text_fails_is_still_described() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert describe_error(Odd())["error_type"].endswith("Odd")
