"""Cloud Armor: security policies with their rules. The sandbox keeps them; no request passes through them."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute import operations
from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.rules import rule_at
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


def _policy(document: Json, call: Call, old: Resource | None) -> None:
    document.setdefault("type", "CLOUD_ARMOR")
    rules = document.get("rules") or []
    if not any(rule.get("priority") == _LAST for rule in rules):
        rules.append({"action": "allow", "priority": _LAST, "description": "default rule", "match": dict(_EVERYONE)})
    seen: set[int] = set()
    for rule in rules:
        _rule(rule)
        if rule["priority"] in seen:
            raise invalid_argument(f"Duplicate rule priority {rule['priority']}.")
        seen.add(rule["priority"])
    document["rules"] = sorted(rules, key=lambda rule: int(rule["priority"]))


def _rule(rule: Json) -> None:
    priority, action = rule.get("priority"), str(rule.get("action") or "")
    if priority is None:
        raise required("rules[].priority")
    rule["priority"] = int(priority)
    if not 0 <= rule["priority"] <= _LAST:
        raise invalid("rules[].priority", priority, f"Must be between 0 and {_LAST}.")
    if not re.fullmatch(_ACTION, action):
        raise invalid("rules[].action", action, "Must be allow, deny(403|404|502), throttle or rate_based_ban.")
    match = rule.get("match") or {}
    ranges, expression = (match.get("config") or {}).get("srcIpRanges"), (match.get("expr") or {}).get("expression")
    if bool(ranges) == bool(expression):
        raise invalid("rules[].match", match, "A rule matches by srcIpRanges or by an expression.")
    if ranges and match.get("versionedExpr") != "SRC_IPS_V1":
        raise required("rules[].match.versionedExpr")
    ranges = list(ranges or [])
    if len(ranges) > 10:
        raise invalid("rules[].match.config.srcIpRanges", len(ranges), "At most 10 are allowed.")
    for text in ranges:
        try:
            ip_network(text if text != "*" else "0.0.0.0/0", strict=False)
        except ValueError:
            raise invalid("rules[].match.config.srcIpRanges", text, "Must be a CIDR address range.") from None
    rule.setdefault("preview", False)
    rule.setdefault("kind", "compute#securityPolicyRule")
    if rule["priority"] == _LAST and ranges != ["*"]:
        raise invalid_argument("The default rule matches everybody.")
    _rate(rule, action)


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


security_policies = Kind(
    "securityPolicies",
    "security_policy",
    "compute#securityPolicy",
    output_only=(),
    fingerprint=True,
    labelled=True,
    check=_policy,
)


def _change(verb: str) -> Route:
    async def serve(call: Call) -> Response:
        policy = security_policies.must(call.control, security_policies.name(call))
        document = dict(policy.document)
        if verb == "addRule":
            document["rules"] = [*document["rules"], call.body()]
        else:
            old = rule_at(document, call)
            rest = [rule for rule in document["rules"] if rule is not old]
            if verb == "patchRule":
                rest.append({**old, **call.body()})
            elif old["priority"] == _LAST:
                raise invalid_argument("The default rule can't be removed.")
            document["rules"] = rest
        _policy(document, call, policy)
        new = Resource(policy.collection, policy.name, document, policy.created, call.control.clock())
        call.control.store.put(new)
        return operations.done(call, verb, policy.name, document["id"])

    return Route("POST", f"{security_policies.place}/{{name}}/{verb}", serve)


async def _get_rule(call: Call) -> Response:
    policy = security_policies.must(call.control, security_policies.name(call))
    return Response.of(rule_at(policy.document, call))


ROUTES = [
    *(_change(verb) for verb in ("addRule", "patchRule", "removeRule")),
    Route("GET", f"{security_policies.place}/{{name}}/getRule", _get_rule),
]
