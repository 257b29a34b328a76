"""What a REST API of Google's says where it refuses."""

from __future__ import annotations

import httpx


def refusal(answer: httpx.Response) -> str:
    """The message of an error document; the status where there is none.

    >>> refusal(httpx.Response(403, json={"error": {"message": "Permission denied"}}))
    'Permission denied'
    >>> refusal(httpx.Response(502, text="<html>"))
    'HTTP 502'
    """
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
