"""Essential Contacts v1: who is told what of a project, a folder or an organization. Nobody is told anything here."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import projects
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

API = Api("essentialcontacts.googleapis.com", "essentialcontacts")
_KEY = "essentialcontacts.contacts"
_ABOVE = {"project": "projects", "folder": "folders", "organization": "organizations"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CATEGORIES = (
    "ALL",
    "SUSPENSION",
    "SECURITY",
    "TECHNICAL",
    "BILLING",
    "LEGAL",
    "PRODUCT_UPDATES",
    "TECHNICAL_INCIDENTS",
)
_TAKEN = ("email", "languageTag", "notificationCategorySubscriptions")


def _parent(call: Call) -> str:
    kind, value = next((kind, call.params[kind]) for kind in _ABOVE if kind in call.params)
    if kind == "project":
        value = projects.number(value)
    elif not value.isdigit():
        raise invalid_argument(f"{_ABOVE[kind]}/{value} is no name: a {kind} has a number.", {"parent": "not a number"})
    return f"{_ABOVE[kind]}/{value}"


def _must(call: Call) -> Resource:
    name = f"{_parent(call)}/contacts/{call.params['contact']}"
    found = call.store.get(_KEY, name)
    if found is None:
        raise not_found(f"Requested entity was not found: {name}.")
    return found


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    if not _EMAIL.fullmatch(str(document.get("email") or "")):
        raise invalid_argument(f"'{document.get('email')}' is no address.", {"contact.email": "form"})
    if not document.get("languageTag"):
        raise invalid_argument("languageTag is required, such as en.", {"contact.language_tag": "required"})
    given = document.get("notificationCategorySubscriptions") or []
    if not given or any(one not in _CATEGORIES for one in given):
        what = f"One at least of {', '.join(_CATEGORIES)}."
        raise invalid_argument(what, {"contact.notification_category_subscriptions": what})
    return document


async def create(call: Call) -> Response:
    """`contacts.create`."""
    body, parent, moment = call.body(), _parent(call), call.control.clock()
    document = _checked({key: body[key] for key in _TAKEN if key in body})
    if any(one.document["email"] == document["email"] for one in call.store.select(_KEY, parent)):
        raise already_exists(f"{document['email']} is a contact of {parent} already.")
    name = f"{parent}/contacts/{int(call.control.hex(12), 16)}"
    document |= {"name": name, "validationState": "VALID", "validateTime": call.control.now()}
    call.store.insert(Resource(_KEY, name, document, moment, moment))
    return Response.of(document)


async def get(call: Call) -> Response:
    """`contacts.get`."""
    return Response.of(_must(call).document)


async def every(call: Call) -> Response:
    """`contacts.list`: those of the parent itself."""
    found = [one.document for one in call.store.select(_KEY, _parent(call))]
    return Response.of({"contacts": found} if found else {})


async def patch(call: Call) -> Response:
    """`contacts.patch`: the language and the categories."""
    old, body = _must(call), call.body()
    if "email" in body and body["email"] != old.document["email"]:
        raise invalid_argument("The address of a contact can't be changed.", {"contact.email": "immutable"})
    document = _checked({**old.document, **{key: body[key] for key in _TAKEN[1:] if key in body}})
    call.store.put(Resource(_KEY, old.name, document, old.created, call.control.clock()))
    return Response.of(document)


async def delete(call: Call) -> Response:
    """`contacts.delete`."""
    call.store.delete(_KEY, _must(call).name)
    return Response.of({})


for _variable, _collection in _ABOVE.items():
    _place = f"v1/{_collection}/{{{_variable}}}/contacts"
    API.route("POST", _place)(create)
    API.route("GET", _place)(every)
    API.route("GET", _place + "/{contact}")(get)
    API.route("PATCH", _place + "/{contact}")(patch)
    API.route("DELETE", _place + "/{contact}")(delete)
