"""OAuth 2: tokens for clients that insist on fetching one, and who they are. Any token is accepted elsewhere."""

from __future__ import annotations

from typing import Any

from sandbox.control.context import Call, Control
from sandbox.control.http import Response
from sandbox.control.router import Api, Route

EMAIL = "developer@sandbox.localhost"


async def _userinfo(call: Call) -> Response:
    return Response.of({"id": "1", "sub": "1", "email": EMAIL, "verified_email": True, "email_verified": True})


def token(control: Control) -> dict[str, Any]:
    """A made-up access token, as an authorization server answers it."""
    return {"access_token": f"sandbox-{control.hex(32)}", "expires_in": 3600, "token_type": "Bearer"}


async def _token(call: Call) -> Response:
    return Response.of(token(call.control))


API = Api(
    "oauth2.googleapis.com",
    "oauth2",
    routes=[
        *(Route("GET", f"oauth2/{version}/userinfo", _userinfo, root=True) for version in ("v1", "v2", "v3")),
        Route("GET", "v1/userinfo", _userinfo),
        Route("POST", "token", _token, root=True, data=True),
        Route("POST", "oauth2/v4/token", _token, root=True, data=True),
    ],
)
