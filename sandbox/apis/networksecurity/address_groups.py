"""Address groups of projects and organizations: their items, added and removed, and who refers to them."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from sandbox.apis.networksecurity.common import WORDS, everywhere, must, one_of
from sandbox.control import above
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.referring import keep_used, names
from sandbox.control.store import Resource

Json = dict[str, Any]
POLICIES = ("compute.firewallPolicies", "compute.regional.firewallPolicies", "compute.securityPolicies")
"""What has rules that name address groups and groups of security profiles."""

groups, organization_groups = everywhere(
    "addressGroups/{group}",
    "AddressGroup",
    "addressGroupId",
    required=("type", "capacity"),
    immutable=("type", "capacity"),
    output_only=("selfLink",),
    iam=True,
    **WORDS,
)


@groups.checked
@organization_groups.checked
async def check(group: Resource, call: Call) -> None:
    """With room for its items, all of one version of IP."""
    above.check_number(call)
    if call.params["location"] != "global" and "organization" in call.params:
        raise invalid_argument("An organization's address groups are in the location global.")
    group.document["selfLink"] = f"https://networksecurity.googleapis.com/v1/{group.name}"
    _check(group.document)


def _check(document: Json) -> None:
    version = {"IPV4": 4, "IPV6": 6}[one_of(document, "type", ("IPV4", "IPV6"))]
    items = [str(item) for item in document.get("items") or []]
    if not 1 <= int(document["capacity"]) <= 150_000:
        raise invalid_argument("capacity must be 1 to 150000.", {"capacity": "1 to 150000"})
    if len(items) > int(document["capacity"]):
        raise invalid_argument(f"The group has a capacity of {document['capacity']} items.", {"items": "too many"})
    if len(set(items)) < len(items):
        raise invalid_argument("An item stands there twice.", {"items": "repeated"})
    for item in items:
        try:
            known = ip_network(item).version == version
        except ValueError:
            known = False
        if not known:
            raise invalid_argument(f"'{item}' is no address or range of {document['type']}.", {"items": item})


def _changed(group: Resource, items: list[str], call: Call) -> Json:
    group.document["items"] = items
    _check(group.document)
    group.document["updateTime"] = call.control.now()
    call.store.put(group)
    return groups.operation(group, call, "update")


@groups.verb("addItems")
@organization_groups.verb("addItems")
async def add_items(group: Resource, call: Call) -> Json:
    """`addItems`: those that it hasn't yet."""
    own = list(group.document.get("items") or [])
    return _changed(group, own + [one for one in call.body().get("items") or [] if one not in own], call)


@groups.verb("removeItems")
@organization_groups.verb("removeItems")
async def remove_items(group: Resource, call: Call) -> Json:
    """`removeItems`."""
    gone = call.body().get("items") or []
    return _changed(group, [one for one in group.document.get("items") or [] if one not in gone], call)


@groups.verb("cloneItems")
@organization_groups.verb("cloneItems")
async def clone_items(group: Resource, call: Call) -> Json:
    """`cloneItems`: those of another group in the place of its own."""
    source = must(call.body().get("sourceAddressGroup"), groups.key, call, "address group")
    return _changed(group, list(source.document.get("items") or []), call)


@groups.verb("listReferences", "GET")
@organization_groups.verb("listReferences", "GET")
async def list_references(group: Resource, call: Call) -> Json:
    """`listReferences`: the policies whose rules name it."""
    found = [
        {"firewallPolicy": policy.name, "rulePriority": rule.get("priority", 0)}
        for key in POLICIES
        for policy in call.store.select(key)
        for rule in policy.document.get("rules") or []
        if names(rule, group.name, call)
    ]
    return {"addressGroupReferences": found} if found else {}


@groups.on_delete
@organization_groups.on_delete
async def keep(group: Resource, call: Call) -> None:
    """One that a policy names can't go."""
    keep_used(group, call, *POLICIES)
