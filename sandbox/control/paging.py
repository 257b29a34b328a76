"""Pages of lists: a token is the name after which the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.control.errors import invalid_argument

T = TypeVar("T")


def token(name: str) -> str:
    """The token of the page after `name`."""
    return base64.urlsafe_b64encode(name.encode()).decode()


def after(text: str) -> str:
    """The name that a token stands for; `""` begins at the start.

    >>> after(token("projects/p/topics/t"))
    'projects/p/topics/t'
    """
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise invalid_argument("Invalid page token.", {"pageToken": "not a token of this list"}) from error


def rest(items: Sequence[T], after: str, name: Callable[[T], str]) -> list[T]:
    """What comes after the item that a token names, in an order that is not that of the names."""
    at = next((at + 1 for at, item in enumerate(items) if name(item) == after), 0) if after else 0
    return list(items[at:])


def page(
    field: str, items: Sequence[T], size: int, name: Callable[[T], str], render: Callable[[T], Any] = lambda item: item
) -> dict[str, Any]:
    """A page from up to `size + 1` items; the extra one tells that there is a next page."""
    shown = items[:size]
    document: dict[str, Any] = {}
    if shown:
        document[field] = [render(item) for item in shown]
    if len(items) > size:
        document["nextPageToken"] = token(name(shown[-1]))
    return document
