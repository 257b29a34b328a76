"""Resource Manager v3: tags bound to resources.

Tag keys and values belong to organizations, which aren't here: any value's id is taken as one that exists.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from sandbox.control import operations
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_COLLECTION = "cloudresourcemanager.tagBindings"
_TYPE = "google.cloud.resourcemanager.v3.TagBinding"
_PARENT = re.compile(r"//[a-z]+\.googleapis\.com/.+")
_VALUE = re.compile(r"tagValues/[0-9]+")


def _place(parent: str) -> str:
    return f"tagBindings/{quote(parent, safe='')}"


async def create(call: Call) -> Response:
    """`tagBindings.create`: the operation is done at once."""
    body = call.body()
    parent, value = str(body.get("parent") or ""), str(body.get("tagValue") or "")
    if not _PARENT.fullmatch(parent):
        raise invalid_argument(f"Invalid parent '{parent}': a full name, such as //storage.googleapis.com/….")
    if not _VALUE.fullmatch(value):
        raise invalid_argument(f"Invalid tag value '{value}': tagValues/ and its number.", {"tag_value": "form"})
    name, moment = f"{_place(parent)}/{value}", call.control.clock()
    if call.store.get(_COLLECTION, name) is not None:
        raise already_exists(f"A binding between {parent} and {value} already exists.")
    document = {"name": name, "parent": parent, "tagValue": value}
    call.store.insert(Resource(_COLLECTION, name, document, moment, moment))
    operation = f"operations/ct.{call.control.uid()}"
    return Response.of(operations.done(call.control, "", _TYPE, document, name=operation))


async def every(call: Call) -> Response:
    """`tagBindings.list`, of one parent."""
    found = [binding.document for binding in call.store.select(_COLLECTION, _place(call.query("parent")))]
    return Response.of({"tagBindings": found} if found else {})


async def delete(call: Call) -> Response:
    """`tagBindings.delete`."""
    name = f"{_place(unquote(call.params['parent']))}/tagValues/{call.params['value']}"
    if call.store.get(_COLLECTION, name) is None:
        raise not_found(f"Tag binding {name} does not exist.")
    call.store.delete(_COLLECTION, name)
    operation = f"operations/dt.{call.control.uid()}"
    return Response.of(operations.done(call.control, "", "google.protobuf.Empty", {}, name=operation))


def routes() -> list[Route]:
    """The routes of tag bindings."""
    return [
        Route("POST", "v3/tagBindings", create),
        Route("GET", "v3/tagBindings", every),
        Route("DELETE", "v3/tagBindings/{parent}/tagValues/{value}", delete),
    ]
