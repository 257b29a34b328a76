"""Cloud Armor: security policies with their rules, global and of regions. No request and no packet meets any."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute import operations
from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind, by_number
from sandbox.apis.compute.rules import rule_at
from sandbox.control import masks
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_LAST = 2_147_483_647
_ACTION = r"allow|deny|deny\((403|404|429|502)\)|rate_based_ban|throttle|redirect"
_INTERVALS = (10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600)
_EVERYONE = {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}
_NETWORK = "CLOUD_ARMOR_NETWORK"
_RANGES = ("srcIpRanges", "destIpRanges")


def _policy(document: Json, call: Call, old: Resource | None) -> None:
    document.setdefault("type", "CLOUD_ARMOR")
    _network_only(document)
    rules = document.get("rules") or []
    if not any(rule.get("priority") == _LAST for rule in rules):
        rules.append({"action": "allow", "priority": _LAST, "description": "default rule", "match": dict(_EVERYONE)})
    seen: set[int] = set()
    for rule in rules:
        _rule(rule, document)
        if rule["priority"] in seen:
            raise invalid_argument(f"Duplicate rule priority {rule['priority']}.")
        seen.add(rule["priority"])
    document["rules"] = sorted(rules, key=lambda rule: int(rule["priority"]))


def _network_only(document: Json) -> None:
    """What policies of networks alone have."""
    for field in ("ddosProtectionConfig", "userDefinedFields"):
        if document.get(field) and document["type"] != _NETWORK:
            raise invalid(field, document[field], f"It goes with policies of the type {_NETWORK}.")
    for one in document.get("userDefinedFields") or []:
        if not 1 <= int(one.get("size") or 0) <= 4:
            raise invalid("userDefinedFields[].size", one.get("size"), "Must be between 1 and 4.")
        if not re.fullmatch(r"0x[0-9a-fA-F]+", str(one.get("mask") or "0x0")):
            raise invalid("userDefinedFields[].mask", one["mask"], "Must be a hexadecimal number.")


def _rule(rule: Json, policy: Json) -> None:
    priority, action = rule.get("priority"), str(rule.get("action") or "")
    if priority is None:
        raise required("rules[].priority")
    rule["priority"] = int(priority)
    if not 0 <= rule["priority"] <= _LAST:
        raise invalid("rules[].priority", priority, f"Must be between 0 and {_LAST}.")
    if not re.fullmatch(_ACTION, action):
        raise invalid("rules[].action", action, "Must be allow, deny(403|404|502), throttle or rate_based_ban.")
    rule.setdefault("preview", False)
    rule.setdefault("kind", "compute#securityPolicyRule")
    if (network := rule.get("networkMatch")) is not None:
        _network_match(network, policy)
        return
    match = rule.get("match") or {}
    ranges, expression = (match.get("config") or {}).get("srcIpRanges"), (match.get("expr") or {}).get("expression")
    if bool(ranges) == bool(expression):
        raise invalid("rules[].match", match, "A rule matches by srcIpRanges or by an expression.")
    if ranges and match.get("versionedExpr") != "SRC_IPS_V1":
        raise required("rules[].match.versionedExpr")
    ranges = list(ranges or [])
    if len(ranges) > 10:
        raise invalid("rules[].match.config.srcIpRanges", len(ranges), "At most 10 are allowed.")
    _check_ranges("rules[].match.config.srcIpRanges", ranges)
    if rule["priority"] == _LAST and ranges != ["*"]:
        raise invalid_argument("The default rule matches everybody.")
    _rate(rule, action)


def _network_match(match: Json, policy: Json) -> None:
    if policy["type"] != _NETWORK:
        raise invalid("rules[].networkMatch", match, f"It goes with policies of the type {_NETWORK}.")
    for field in _RANGES:
        _check_ranges(f"rules[].networkMatch.{field}", match.get(field) or [])
    known = {one.get("name") for one in policy.get("userDefinedFields") or []}
    for one in match.get("userDefinedFields") or []:
        if one.get("name") not in known:
            raise invalid("rules[].networkMatch.userDefinedFields[].name", one.get("name"), "The policy has no such.")


def _check_ranges(field: str, ranges: list[str]) -> None:
    for text in ranges:
        try:
            ip_network(text if text != "*" else "0.0.0.0/0", strict=False)
        except ValueError:
            raise invalid(field, text, "Must be a CIDR address range.") from None


def _rate(rule: Json, action: str) -> None:
    limit = rule.get("rateLimitOptions")
    if (action in ("throttle", "rate_based_ban")) != bool(limit):
        raise invalid("rules[].rateLimitOptions", limit, "It goes with throttle and rate_based_ban, and they with it.")
    if not limit:
        return
    threshold = limit.get("rateLimitThreshold") or {}
    if int(threshold.get("intervalSec") or 0) not in _INTERVALS:
        raise invalid(
            "rules[].rateLimitOptions.rateLimitThreshold.intervalSec", threshold.get("intervalSec"), "Not one."
        )
    if action == "rate_based_ban" and not limit.get("banDurationSec"):
        raise required("rules[].rateLimitOptions.banDurationSec")
    if action == "throttle" and limit.get("banDurationSec"):
        raise invalid(
            "rules[].rateLimitOptions.banDurationSec", limit["banDurationSec"], "It goes with rate_based_ban."
        )
    limit.setdefault("enforceOnKey", "ALL")


def _of_region(policy: Resource, call: Call) -> Json:
    """The region by its name: the provider puts what is told there into the URLs that it asks next."""
    return {"region": call.params["region"], **by_number(policy, call)}


security_policies = Kind(
    "securityPolicies",
    "security_policy",
    "compute#securityPolicy",
    output_only=(),
    fingerprint=True,
    labelled=True,
    check=_policy,
)
region_security_policies = Kind(
    "securityPolicies",
    "security_policy",
    "compute#securityPolicy",
    scope="regions",
    immutable=("type",),
    fingerprint=True,
    check=_policy,
    view=_of_region,
)


def _patched(old: Json, call: Call) -> Json:
    """A rule with what was said; what the mask names and nobody said is gone."""
    told = call.body()
    masked = {path.partition(".")[0] for path in masks.paths(call.query("updateMask"))}
    return {key: value for key, value in {**old, **told}.items() if key in told or key not in masked}


def _change(kind: Kind, verb: str) -> Route:
    async def serve(call: Call) -> Response:
        policy = kind.must(call.control, kind.name(call))
        document = dict(policy.document)
        if verb == "addRule":
            document["rules"] = [*document["rules"], call.body()]
        else:
            old = rule_at(document, call)
            rest = [rule for rule in document["rules"] if rule is not old]
            if verb == "patchRule":
                rest.append(_patched(old, call))
            elif old["priority"] == _LAST:
                raise invalid_argument("The default rule can't be removed.")
            document["rules"] = rest
        _policy(document, call, policy)
        new = Resource(policy.collection, policy.name, document, policy.created, call.control.clock())
        call.control.store.put(new)
        return operations.done(call, verb, policy.name, document["id"])

    return Route("POST", f"{kind.place}/{{name}}/{verb}", serve)


def _get_rule(kind: Kind) -> Route:
    async def serve(call: Call) -> Response:
        policy = kind.must(call.control, kind.name(call))
        return Response.of(rule_at(policy.document, call))

    return Route("GET", f"{kind.place}/{{name}}/getRule", serve)


KINDS = (security_policies, region_security_policies)
ROUTES = [
    *(_change(kind, verb) for kind in KINDS for verb in ("addRule", "patchRule", "removeRule")),
    *(_get_rule(kind) for kind in KINDS),
]
