"""Batches: many requests of Google's JSON APIs in one (`POST /batch/storage/v1`, multipart/mixed, RFC 2046)."""

from __future__ import annotations

import email.parser
import email.policy
import re
from email.message import EmailMessage, Message
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Dispatch, Request, Response

_MOST = 1000
_BOUNDARY = "batch_sandbox"
_PATH = re.compile(r"/batch(?:/.*)?|/\w+/batch")  # the latter of an API with its prefix


async def answer(request: Request, dispatch: Dispatch) -> Response | None:
    """The answers of a batch, in its order; None where a request is none."""
    if request.method != "POST" or not _PATH.fullmatch(request.path):
        return None
    try:
        parts = _parts(request)
    except ApiError as error:
        return error.response()
    lines: list[bytes] = []
    for identity, inner in parts:
        made = await dispatch(inner.as_meant())
        lines += [f"--{_BOUNDARY}".encode(), b"Content-Type: application/http"]
        if identity:
            lines.append(f"Content-ID: <response-{identity}>".encode())
        reason = HTTPStatus(made.status).phrase
        lines += [b"", f"HTTP/1.1 {made.status} {reason}".encode()]
        headers = {**made.headers, "content-length": str(len(made.body))}
        lines += [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
        lines += [b"", made.body]
    body = b"\r\n".join([*lines, f"--{_BOUNDARY}--".encode(), b""])
    return Response(200, {"content-type": f"multipart/mixed; boundary={_BOUNDARY}"}, body)


def _parts(request: Request) -> list[tuple[str, Request]]:
    """The requests of a batch with their Content-IDs, which may be empty."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode("latin-1")
    message = _message(head + request.body)
    if message.get_content_type() != "multipart/mixed" or not message.is_multipart():
        raise invalid_argument("A batch must be multipart/mixed.", {"body": "not multipart/mixed"})
    pieces = list(message.iter_parts()) if isinstance(message, EmailMessage) else []
    if not 1 <= len(pieces) <= _MOST:
        raise invalid_argument(f"A batch has 1 to {_MOST} requests, this one {len(pieces)}.", {"body": "too many"})
    return [(str(piece.get("Content-ID", "")).strip("<> "), _request(piece, request)) for piece in pieces]


def _message(text: bytes) -> Message:
    return email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(text)


def _request(piece: Message, outer: Request) -> Request:
    text = piece.get_payload(decode=True)
    line, _, rest = (text if isinstance(text, bytes) else b"").lstrip().partition(b"\n")
    words = line.decode("latin-1").split()
    if len(words) not in (2, 3):
        raise invalid_argument("A part of a batch is no HTTP request.", {"body": f"'{line[:80]!r}'"})
    head, found, body = rest.partition(b"\r\n\r\n")
    if not found:
        head, _, body = rest.partition(b"\n\n")
    own = {name.lower(): str(value) for name, value in _message(head + b"\r\n\r\n").items()}
    headers = {**{name: value for name, value in outer.headers.items() if name == "authorization"}, **own}
    url = urlsplit(words[1])
    query = parse_qs(url.query, keep_blank_values=True)
    return Request(words[0].upper(), url.path, query, headers, body.strip() if body.strip() else b"")
