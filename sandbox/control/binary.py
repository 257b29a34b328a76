"""Bytes in JSON, as protocol buffers have them: base64, of which both alphabets are taken, with padding or without."""

from __future__ import annotations

import base64
import binascii


def decode(text: object) -> bytes:
    """The bytes of a text; no value is no bytes. Raises ValueError where it is not base64.

    >>> decode("-_8"), decode("+/8=")
    (b'\\xfb\\xff', b'\\xfb\\xff')
    """
    if text is not None and not isinstance(text, str):
        raise ValueError("not a text")
    plain = (text or "").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def etag(data: bytes) -> str:
    """A text that is the same in both alphabets: gcloud takes an etag for bytes and sends it back in the other one.

    >>> etag(b"\\xfb\\xff")
    'AB8='
    """
    return base64.b64encode(data).decode().replace("+", "A").replace("/", "B")
