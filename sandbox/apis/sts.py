"""Security Token Service v1: a token of another party is exchanged for one of Google's; any is accepted here."""

from __future__ import annotations

from urllib.parse import parse_qs

from sandbox.apis.oauth2 import token
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Api

API = Api("sts.googleapis.com", "sts")
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - the name of a kind of token
_NEEDED = ("grantType", "audience", "requestedTokenType", "subjectToken", "subjectTokenType")


@API.route("POST", "v1/token", data=True)
async def exchange(call: Call) -> Response:
    """`token`, as a form (RFC 8693) or in JSON."""
    given = _given(call)
    missing = [name for name in _NEEDED if not given.get(name)]
    if missing or given["grantType"] != _EXCHANGE:
        wrong = f"Missing {', '.join(missing)}." if missing else f"The grant type is {_EXCHANGE}."
        return Response.of({"error": "invalid_request", "error_description": wrong}, 400)
    return Response.of({**token(call.control), "issued_token_type": _ACCESS_TOKEN})


def _given(call: Call) -> dict[str, str]:
    if "json" in call.request.headers.get("content-type", ""):
        return {name: str(value) for name, value in call.body().items()}
    form = parse_qs(call.request.body.decode("utf-8", "replace"))
    return {_camel(name): values[0] for name, values in form.items()}


def _camel(name: str) -> str:
    """A form's name as JSON has it.

    >>> _camel("subject_token_type")
    'subjectTokenType'
    """
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
