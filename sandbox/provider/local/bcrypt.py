"""bcrypt, by the C library's crypt: Python has it no more."""

from __future__ import annotations

import base64
import ctypes
import ctypes.util
import secrets
import string
from functools import cache
from typing import Any

from sandbox.provider.diagnostics import Problem, ProviderError

_STANDARD = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_ITS_OWN = "./" + string.ascii_uppercase + string.ascii_lowercase + string.digits


@cache
def _library() -> Any:
    name = ctypes.util.find_library("crypt") or "libcrypt.so.1"
    try:
        library = ctypes.CDLL(name)
        library.crypt.restype = ctypes.c_char_p
        library.crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    except (OSError, AttributeError):
        return None
    return library


def _crypt(text: str, salt: str) -> str:
    library = _library()
    # crypt keeps its answer in a place of its own: nobody else may call it before that is copied.
    found = library and library.crypt(text.encode()[:72], salt.encode())
    if not found or not found.startswith(b"$2"):
        what = "This system's libcrypt has no bcrypt, and random_password needs it: use random_string."
        raise ProviderError(Problem("Hash Generation Error", what))
    return str(found.decode())


def hashed(text: str) -> str:
    """The bcrypt of the first 72 bytes of a text, at cost 10."""
    salt = base64.b64encode(secrets.token_bytes(16)).decode().rstrip("=").translate(str.maketrans(_STANDARD, _ITS_OWN))
    return _crypt(text, f"$2a$10${salt}")


def matches(text: str, known: str) -> bool:
    """Whether a hash is of this text.

    >>> matches("abc", hashed("abc")), matches("abd", hashed("abc"))
    (True, False)
    """
    return _crypt(text, known) == known
