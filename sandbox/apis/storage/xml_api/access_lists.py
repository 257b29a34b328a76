"""Access control lists in the XML API: Google's document of one, and S3's where its tools ask."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.apis.storage import access, access_routes, buckets, object_routes
from sandbox.apis.storage.xml_api import text
from sandbox.apis.storage.xml_api.objects import as_json
from sandbox.apis.storage.xml_api.settings import malformed
from sandbox.control.context import Call
from sandbox.control.errors import unimplemented
from sandbox.control.http import Response

_PERMISSIONS = {"OWNER": "FULL_CONTROL", "WRITER": "WRITE", "READER": "READ"}
_SCOPES = {
    "UserByEmail": ("user-", "EmailAddress"),
    "GroupByEmail": ("group-", "EmailAddress"),
    "GroupByDomain": ("domain-", "Domain"),
    "GroupById": ("", "ID"),
}
_PUBLIC = {"AllUsers": "allUsers", "AllAuthenticatedUsers": "allAuthenticatedUsers"}
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_GROUPS = {
    "allUsers": "http://acs.amazonaws.com/groups/global/AllUsers",
    "allAuthenticatedUsers": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
}


async def read(call: Call) -> Response:
    """GET with `acl`. A team of a project has the name that the JSON API gives it as its ID."""
    kind = access_routes.of_object if call.params["object"] else access_routes.of_bucket
    found = kind(call)
    owner = {"ID": access.owner(found.bucket)}
    if "x-amz-date" in call.request.headers:
        grants = [
            {"Grantee": _grantee(entry["entity"]), "Permission": _PERMISSIONS[entry["role"]]} for entry in found.entries
        ]
        return text.answer("AccessControlPolicy", {"Owner": owner, "AccessControlList": {"Grant": grants}})
    entries = [{"Scope": _scope(entry["entity"]), "Permission": _PERMISSIONS[entry["role"]]} for entry in found.entries]
    return text.answer("AccessControlList", {"Owner": owner, "Entries": {"Entry": entries}})


def _scope(entity: str) -> dict[str, Any]:
    for kind, public in _PUBLIC.items():
        if entity == public:
            return {"@type": kind}
    for kind, (prefix, name) in _SCOPES.items():
        if entity.startswith(prefix):
            return {"@type": kind, name: entity.removeprefix(prefix)}
    raise AssertionError(entity)


def _grantee(entity: str) -> dict[str, Any]:
    if entity in _GROUPS:
        return {"@xmlns:xsi": _INSTANCE, "@xsi:type": "Group", "URI": _GROUPS[entity]}
    kind, _, email = entity.partition("-")
    if kind in ("user", "group"):
        return {"@xmlns:xsi": _INSTANCE, "@xsi:type": "AmazonCustomerByEmail", "EmailAddress": email}
    return {"@xmlns:xsi": _INSTANCE, "@xsi:type": "CanonicalUser", "ID": entity}


async def write(call: Call) -> Response:
    """PUT with `acl`: a canned list by its header, or the list of the body."""
    name = call.params["object"]
    asked, patch = as_json(call, name), {}
    if not call.request.headers.get("x-goog-acl"):
        if b"AccessControlPolicy" in call.request.body:
            raise unimplemented("The sandbox does not implement S3's AccessControlPolicy: send an AccessControlList.")
        patch = {"acl": [_entry(entry) for entry in text.read(call.request.body, "AccessControlList").iter("Entry")]}
    asked = replace(asked, request=replace(asked.request, body=json.dumps(patch).encode()))
    await (object_routes.patch(asked) if name else buckets.patch(asked))
    return Response(200)


def _entry(given: Element) -> dict[str, str]:
    scope, permission = given.find("Scope"), given.findtext("Permission", "")
    roles = {name: role for role, name in _PERMISSIONS.items()}
    if scope is None or permission not in roles:
        raise malformed(f"An Entry has a Scope, and a Permission of {', '.join(roles)}.")
    kind = scope.get("type", "")
    if kind in _PUBLIC:
        return {"entity": _PUBLIC[kind], "role": roles[permission]}
    prefix, name = _SCOPES.get(kind, ("", ""))
    if not name or not (value := scope.findtext(name, "")):
        raise malformed(f"Invalid Scope: '{kind}'. It is one of {', '.join(sorted([*_SCOPES, *_PUBLIC]))}.")
    return {"entity": prefix + value, "role": roles[permission]}
