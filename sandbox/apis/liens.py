"""Resource Manager: liens, which keep a project from being deleted."""

from __future__ import annotations

import re

from sandbox.control import projects
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

KEY = "cloudresourcemanager.liens"


def _parent(text: str, call: Call) -> str:
    match = re.fullmatch(r"projects/([^/]+)", text)
    if match is None:
        raise invalid_argument(f"Invalid parent '{text}': projects/ and its id or number.", {"parent": "form"})
    return f"projects/{projects.number(call.control.projects.resolve(match[1], call.control.clock()))}"


async def create(call: Call) -> Response:
    """`liens.create`."""
    body, moment = call.body(), call.control.clock()
    for field in ("parent", "restrictions", "reason", "origin"):
        if not body.get(field):
            raise invalid_argument(f"{field} is required.", {field: "required"})
    name = f"liens/p{projects.number(str(body['parent']))[:12]}-l{call.control.hex(12)}"
    given = {key: body[key] for key in ("restrictions", "reason", "origin")}
    document = {**given, "parent": _parent(body["parent"], call), "name": name, "createTime": call.control.now()}
    call.store.insert(Resource(KEY, name, document, moment, moment))
    return Response.of(document)


async def every(call: Call) -> Response:
    """`liens.list`, of a project."""
    parent = _parent(call.query("parent"), call)
    found = [one.document for one in call.store.select(KEY) if one.document["parent"] == parent]
    return Response.of({"liens": found} if found else {})


def _must(call: Call) -> Resource:
    found = call.store.get(KEY, f"liens/{call.params['lien']}")
    if found is None:
        raise not_found(f"Lien liens/{call.params['lien']} does not exist.")
    return found


async def get(call: Call) -> Response:
    """`liens.get`."""
    return Response.of(_must(call).document)


async def delete(call: Call) -> Response:
    """`liens.delete`."""
    call.store.delete(KEY, _must(call).name)
    return Response.of({})


def routes() -> list[Route]:
    """In both versions."""
    return [
        route
        for version in ("v1", "v3")
        for route in (
            Route("POST", f"{version}/liens", create),
            Route("GET", f"{version}/liens", every),
            Route("GET", f"{version}/liens/{{lien}}", get),
            Route("DELETE", f"{version}/liens/{{lien}}", delete),
        )
    ]
