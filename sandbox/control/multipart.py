"""Bodies of several parts: Google's uploads (multipart/related, RFC 2387), HTML forms (form-data, RFC 7578)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; a file has a name and a media type."""

    name: str
    filename: str
    content_type: str
    data: bytes


def form(content_type: str, body: bytes) -> list[Field]:
    """The fields of a form, in their order.

    Raises:
        ValueError: it is no form.
    """
    found = []
    for piece in _pieces(content_type, body)[1:-1]:
        headers, data = _part(piece)
        disposition = re.search(rb"(?im)^content-disposition:[ \t]*form-data;?([^\r\n]*)", headers)
        said = dict(re.findall(r'(\w+)="([^"]*)"', disposition[1].decode("utf-8", "replace"))) if disposition else {}
        if "name" not in said:
            raise ValueError("A part of the form has no name.")
        found.append(Field(said["name"], said.get("filename", ""), _kind(headers) or "", data))
    return found


def related(content_type: str, body: bytes) -> tuple[bytes, str | None, bytes]:
    """The first part, the media type of the second, and its bytes as they are.

    Raises:
        ValueError: it isn't two parts.
    """
    pieces = _pieces(content_type, body)
    if len(pieces) < 4:
        raise ValueError("Malformed multipart body.")
    # The bytes may hold what looks like the boundary only if the client broke its own rule.
    headers, data = _part(pieces[2])
    return _part(pieces[1])[1], _kind(headers), data


def _pieces(content_type: str, body: bytes) -> list[bytes]:
    """What stands between the boundaries, with what stands before and after them."""
    # Single quotes are no quotes in HTTP, but gsutil writes them.
    match = re.search(r"""boundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))""", content_type)
    if match is None:
        raise ValueError("Missing multipart boundary.")
    boundary = b"--" + (match[1] or match[2] or match[3]).encode()
    pieces = (b"\r\n" + body.lstrip(b"\r\n")).split(b"\r\n" + boundary)
    if len(pieces) < 3:
        # Some clients end lines by \n alone.
        pieces = (b"\n" + body.lstrip(b"\n")).split(b"\n" + boundary)
    return pieces


def _kind(headers: bytes) -> str | None:
    kind = re.search(rb"(?im)^content-type:[ \t]*([^\r\n]+)", headers)
    return kind[1].decode("latin-1").strip() if kind else None


def _part(piece: bytes) -> tuple[bytes, bytes]:
    piece = piece.lstrip(b" \t")
    for line in (b"\r\n", b"\n"):
        if piece.startswith(line):
            if piece.startswith(line * 2):
                return b"", piece[2 * len(line) :]
            headers, found, data = piece.partition(line * 2)
            if found:
                return headers, data
    raise ValueError("Malformed multipart body.")
