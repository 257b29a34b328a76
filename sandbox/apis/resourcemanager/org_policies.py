"""Organization policies as Resource Manager v1 has them. They are those of Organization Policy v2, in other words."""

from __future__ import annotations

from typing import Any

from sandbox.apis import orgpolicy
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_PREFIX = "constraints/"
_WAYS = ("booleanPolicy", "listPolicy", "restoreDefault")
_ALL = {"ALLOW": "allowAll", "DENY": "denyAll"}


def _name(call: Call, constraint: object) -> str:
    text = str(constraint or "")
    if not text.startswith(_PREFIX):
        raise invalid_argument(f"A constraint is called constraints/NAME, not '{text}'.", {"constraint": "form"})
    return orgpolicy.named(call, text.removeprefix(_PREFIX))


def _spec(policy: Json) -> Json:
    """What v2 calls a policy of v1."""
    ways = [way for way in _WAYS if policy.get(way) is not None]
    if len(ways) != 1:
        raise invalid_argument(f"A policy has one of {', '.join(_WAYS)}.", {"policy": "not one"})
    if ways == ["restoreDefault"]:
        return {"reset": True}
    if ways == ["booleanPolicy"]:
        return {"rules": [{"enforce": bool(policy["booleanPolicy"].get("enforced"))}]}
    given: Json = policy["listPolicy"]
    if given.get("suggestedValue"):
        raise ApiError("UNIMPLEMENTED", "The sandbox does not implement listPolicy.suggestedValue.")
    inherits = {"inheritFromParent": True} if given.get("inheritFromParent") else {}
    if (every := given.get("allValues", "ALL_VALUES_UNSPECIFIED")) in _ALL:
        return {"rules": [{_ALL[every]: True}], **inherits}
    values = {key: given[key] for key in ("allowedValues", "deniedValues") if given.get(key)}
    if not values and not inherits:
        raise invalid_argument("A list policy allows or denies all values or some.", {"policy.list_policy": "empty"})
    return {"rules": [{"values": values}] if values else [], **inherits}


def _shown(constraint: str, found: Resource | None) -> Json:
    """As v1 shows a policy, or that there is none."""
    if found is None:
        return {"constraint": f"{_PREFIX}{constraint}", "etag": "BwAAAAAAAAA="}
    spec: Json = found.document.get("spec") or {}
    rule: Json = next((rule for rule in spec.get("rules") or [] if not rule.get("condition")), {})
    told: Json = {"constraint": f"{_PREFIX}{constraint}", "etag": found.document["etag"]}
    if "updateTime" in spec:
        told["updateTime"] = spec["updateTime"]
    if spec.get("reset"):
        return {**told, "restoreDefault": {}}
    if "enforce" in rule:
        return {**told, "booleanPolicy": {"enforced": True} if rule["enforce"] else {}}
    listed: Json = {"inheritFromParent": True} if spec.get("inheritFromParent") else {}
    for value, key in _ALL.items():
        if rule.get(key):
            listed["allValues"] = value
    return {**told, "listPolicy": {**listed, **(rule.get("values") or {})}}


async def get(call: Call) -> Response:
    """`getOrgPolicy`, and the effective one: what is above isn't merged in."""
    name = _name(call, call.body().get("constraint"))
    return Response.of(_shown(name.rpartition("/")[2], call.store.get(orgpolicy.POLICIES, name)))


async def put(call: Call) -> Response:
    """`setOrgPolicy`: whatever was there is replaced, unless an etag says which it has to be."""
    policy: Json = call.body().get("policy") or {}
    name = _name(call, policy.get("constraint"))
    old = call.store.get(orgpolicy.POLICIES, name)
    if policy.get("etag") and old is not None and policy["etag"] != old.document["etag"]:
        raise ApiError("ABORTED", "The etag is not the policy's current one.")
    made = orgpolicy.kept(call, name, {"name": name, "spec": _spec(policy)}, old)
    return Response.of(_shown(name.rpartition("/")[2], made))


async def clear(call: Call) -> Response:
    """`clearOrgPolicy`, of what may not be there."""
    call.store.delete(orgpolicy.POLICIES, _name(call, call.body().get("constraint")))
    return Response.of({})


async def every(call: Call) -> Response:
    """`listOrgPolicies`."""
    parent = orgpolicy.parent(call)
    found = [_shown(one.name.rpartition("/")[2], one) for one in call.store.select(orgpolicy.POLICIES, parent)]
    return Response.of({"policies": found} if found else {})


_VERBS = {
    "getOrgPolicy": get,
    "getEffectiveOrgPolicy": get,
    "setOrgPolicy": put,
    "clearOrgPolicy": clear,
    "listOrgPolicies": every,
}


def routes() -> list[Route]:
    """Of projects, folders and organizations."""
    return [
        Route("POST", f"v1/{collection}/{{{kind}}}", handler, verb)
        for kind, collection in orgpolicy.ABOVE.items()
        for verb, handler in _VERBS.items()
    ]
