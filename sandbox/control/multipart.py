"""The body of Google's multipart uploads: what is uploaded, and its bytes (multipart/related, RFC 2387)."""

from __future__ import annotations

import re


def related(content_type: str, body: bytes) -> tuple[bytes, str | None, bytes]:
    """The first part, the media type of the second, and its bytes as they are.

    Raises:
        ValueError: it isn't two parts.
    """
    # Single quotes are no quotes in HTTP, but gsutil writes them.
    match = re.search(r"""boundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))""", content_type)
    if match is None:
        raise ValueError("Missing multipart boundary.")
    boundary = b"--" + (match[1] or match[2] or match[3]).encode()
    pieces = (b"\r\n" + body.lstrip(b"\r\n")).split(b"\r\n" + boundary)
    if len(pieces) < 3:
        # Some clients end lines by \n alone.
        pieces = (b"\n" + body.lstrip(b"\n")).split(b"\n" + boundary)
    if len(pieces) < 4:
        raise ValueError("Malformed multipart body.")
    # The bytes may hold what looks like the boundary only if the client broke its own rule.
    headers, data = _part(pieces[2])
    kind = re.search(rb"(?im)^content-type:[ \t]*([^\r\n]+)", headers)
    return _part(pieces[1])[1], kind[1].decode("latin-1").strip() if kind else None, data


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
