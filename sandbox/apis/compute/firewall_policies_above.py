"""Firewall policies of folders and organizations, which are named by a number."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.apis.compute import links, operations
from sandbox.apis.compute.documents import fingerprint, told_time
from sandbox.apis.compute.errors import exists, invalid, missing, stale
from sandbox.apis.compute.firewall_policies import (
    ABOVE,
    RULE_CHANGES,
    TARGET,
    add_association,
    association_of,
    check_unused,
    default_rules,
    remove_association,
)
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.compute.rules import rule_at
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLACE = "v1/locations/global/firewallPolicies"


def _must(call: Call) -> Resource:
    name = f"locations/global/firewallPolicies/{call.params['policy']}"
    found = call.store.get(ABOVE, name)
    if found is None:
        raise missing(name)
    return found


def _shown(policy: Resource) -> Json:
    document = policy.document
    link = links.HOST + policy.name
    told = {"kind": "compute#firewallPolicy", "selfLink": link, "selfLinkWithId": link, "name": policy.id}
    return {**document, **told, "fingerprint": fingerprint(document)}


async def create(call: Call) -> Response:
    """`firewallPolicies.insert`."""
    body, parent = call.body(), call.query("parentId").removeprefix(links.HOST)
    if not TARGET.fullmatch(parent):
        raise invalid("parent", parent, "Must be a folder or an organization.")
    short = str(body.get("shortName") or "")
    if not re.fullmatch(NAME, short):
        raise invalid("shortName", short, f"Must be a match of regex '{NAME}'")
    for other in call.store.select(ABOVE):
        if (other.document["parent"], other.document["shortName"]) == (parent, short):
            raise exists(other.name)
    number, moment = operations.number(call, "resources"), call.control.clock()
    document = {
        "id": number,
        "parent": parent,
        "shortName": short,
        "creationTimestamp": told_time(moment),
        "rules": default_rules(),
        "associations": [],
        **({"description": body["description"]} if body.get("description") else {}),
    }
    policy = Resource(ABOVE, f"locations/global/firewallPolicies/{number}", document, moment, moment)
    call.store.insert(policy)
    return operations.done(call, "insert", policy.name, number)


async def get(call: Call) -> Response:
    """`firewallPolicies.get`."""
    return Response.of(_shown(_must(call)))


async def every(call: Call) -> Response:
    """`firewallPolicies.list` of a folder or an organization."""
    parent, size = call.query("parentId"), call.integer("maxResults", 500, 500) or 500
    found = call.store.select(ABOVE, after=paging.after(call.query("pageToken")))
    kept = [policy for policy in found if policy.document["parent"] == parent][: size + 1]
    return Response.of({"kind": "compute#firewallPolicyList", **paging.page("items", kept, size, _name, _shown)})


def _name(policy: Resource) -> str:
    return policy.name


def _stored(call: Call, policy: Resource, document: Json, verb: str) -> Response:
    call.store.put(Resource(ABOVE, policy.name, document, policy.created, call.control.clock()))
    return operations.done(call, verb, policy.name, policy.id)


async def patch(call: Call) -> Response:
    """`firewallPolicies.patch`: its description."""
    policy, body = _must(call), call.body()
    given = body.get("fingerprint")
    if given and given != fingerprint(policy.document):
        raise stale()
    document = dict(policy.document)
    if "description" in body:
        document["description"] = body["description"]
    return _stored(call, policy, document, "patch")


async def delete(call: Call) -> Response:
    """`firewallPolicies.delete`: of one that nothing has."""
    policy = _must(call)
    check_unused(policy, call)
    call.store.delete(ABOVE, policy.name)
    return operations.done(call, "delete", policy.name, policy.id)


def _change(verb: str, change: Callable[[Json, Json, Call, str], None]) -> Route:
    async def serve(call: Call) -> Response:
        policy, body = _must(call), call.body()
        body.pop("firewallPolicy", None)
        document = json.loads(json.dumps(policy.document))
        change(document, body, call, policy.name)
        return _stored(call, policy, document, verb)

    return Route("POST", f"{_PLACE}/{{policy}}/{verb}", serve)


async def get_rule(call: Call) -> Response:
    """`firewallPolicies.getRule`."""
    return Response.of(rule_at(_must(call).document, call))


async def get_association(call: Call) -> Response:
    """`firewallPolicies.getAssociation`."""
    return Response.of(association_of(_must(call).document, call))


async def operation(call: Call) -> Response:
    """`globalOrganizationOperations.get`."""
    name = f"locations/global/operations/{call.params['operation']}"
    document = call.store.operation(name)
    if document is None:
        raise missing(name)
    return Response.of(document)


_CHANGES = {**RULE_CHANGES, "addAssociation": add_association(ABOVE), "removeAssociation": remove_association}
ROUTES = [
    Route("POST", _PLACE, create),
    Route("GET", _PLACE, every),
    Route("GET", f"{_PLACE}/{{policy}}", get),
    Route("PATCH", f"{_PLACE}/{{policy}}", patch),
    Route("DELETE", f"{_PLACE}/{{policy}}", delete),
    Route("GET", f"{_PLACE}/{{policy}}/getRule", get_rule),
    Route("GET", f"{_PLACE}/{{policy}}/getAssociation", get_association),
    *(_change(verb, change) for verb, change in _CHANGES.items()),
    Route("GET", "v1/locations/global/operations/{operation}", operation),
]
