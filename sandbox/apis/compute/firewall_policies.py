"""Firewall policies of networks, and what those of folders and organizations share with them. No packet meets any."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.errors import exists, in_use, invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.apis.compute.rules import rule_at
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
ABOVE = "compute.firewallPolicies.above"
_ACTIONS = ("allow", "deny", "goto_next", "apply_security_profile_group")
_OWN_PRIORITIES = range(2_147_483_644)
"""Those of people; the four above are of the rules that every policy has."""
TARGET = re.compile(r"(?:folders|organizations)/\d+")


def default_rules() -> list[Json]:
    """The rules that leave everything to what comes after the policy."""
    rules = []
    for priority, direction, field, network in (
        (2_147_483_644, "EGRESS", "destIpRanges", "::/0"),
        (2_147_483_645, "INGRESS", "srcIpRanges", "::/0"),
        (2_147_483_646, "EGRESS", "destIpRanges", "0.0.0.0/0"),
        (2_147_483_647, "INGRESS", "srcIpRanges", "0.0.0.0/0"),
    ):
        match = {field: [network], "layer4Configs": [{"ipProtocol": "all"}]}
        kind = "compute#firewallPolicyRule"
        told = {"kind": kind, "action": "goto_next", "direction": direction, "enableLogging": False}
        rules.append({**told, "priority": priority, "match": match, "description": "default rule"})
    return rules


def _checked(rule: Json, rules: list[Json]) -> Json:
    """A rule with what the server fills in; 400 for what Google refuses."""
    priority = rule.get("priority")
    if not isinstance(priority, int) or priority not in _OWN_PRIORITIES:
        raise invalid("priority", priority, f"Must be between 0 and {_OWN_PRIORITIES[-1]}.")
    if any(known["priority"] == priority for known in rules):
        raise invalid("priority", priority, "There is a rule of this priority.")
    if rule.get("action") not in _ACTIONS:
        raise invalid("action", rule.get("action"), f"Must be one of {', '.join(_ACTIONS)}.")
    if (rule["action"] == "apply_security_profile_group") != bool(rule.get("securityProfileGroup")):
        raise invalid(
            "securityProfileGroup", rule.get("securityProfileGroup"), "It goes with its action, and it alone."
        )
    if rule.get("direction") not in ("INGRESS", "EGRESS"):
        raise invalid("direction", rule.get("direction"), "Must be INGRESS or EGRESS.")
    match = rule.get("match") or {}
    if not match.get("layer4Configs"):
        raise required("match.layer4Configs")
    for field in ("srcIpRanges", "destIpRanges"):
        for text in match.get(field) or []:
            try:
                ip_network(text)
            except ValueError:
                raise invalid(f"match.{field}", text, "Must be a CIDR address range.") from None
    given = [key for key in match if key != "layer4Configs" and match[key]]
    if rule["direction"] == "INGRESS" and not any(key.startswith("src") for key in given):
        raise invalid_argument("A rule for INGRESS needs a source.")
    if rule["direction"] == "EGRESS" and not any(key.startswith("dest") for key in given):
        raise invalid_argument("A rule for EGRESS needs a destination.")
    for tag in (*(match.get("srcSecureTags") or []), *(rule.get("targetSecureTags") or [])):
        tag["state"] = "EFFECTIVE"
    return {"kind": "compute#firewallPolicyRule", "disabled": False, "enableLogging": False, **rule}


def _add_rule(document: Json, body: Json, call: Call, name: str) -> None:
    """`addRule`."""
    document["rules"].append(_checked(body, document["rules"]))


def _patch_rule(document: Json, body: Json, call: Call, name: str) -> None:
    """`patchRule`: what is said takes the place of what was."""
    old = rule_at(document, call)
    rest = [rule for rule in document["rules"] if rule is not old]
    document["rules"] = [*rest, _checked({**old, **body}, rest)]


def _remove_rule(document: Json, body: Json, call: Call, name: str) -> None:
    """`removeRule`."""
    old = rule_at(document, call)
    if old["priority"] not in _OWN_PRIORITIES:
        raise invalid("priority", old["priority"], "The default rules stay.")
    document["rules"].remove(old)


def association_of(document: Json, call: Call) -> Json:
    name = call.query("name")
    for one in document["associations"]:
        if one["name"] == name:
            found: Json = one
            return found
    raise not_found(f"The firewall policy has no association '{name}'.")


def remove_association(document: Json, body: Json, call: Call, name: str) -> None:
    """`removeAssociation`."""
    document["associations"].remove(association_of(document, call))


def add_association(collection: str) -> Callable[[Json, Json, Call, str], None]:
    def add(document: Json, body: Json, call: Call, policy: str) -> None:
        """`addAssociation`: what it is attached to has one policy."""
        name, target = str(body.get("name") or ""), str(body.get("attachmentTarget") or "")
        if not name or not target:
            raise required("name" if not name else "attachmentTarget")
        if collection == ABOVE:
            target = target.removeprefix(links.HOST)
            if not TARGET.fullmatch(target):
                raise invalid("attachmentTarget", target, "Must be a folder or an organization.")
        elif find(call.control, target) is None:
            raise missing(target)
        if any(one["name"] == name for one in document["associations"]):
            raise exists(f"{policy}/associations/{name}")
        for other in [Resource(collection, policy, document), *call.store.select(collection)]:
            for one in other.document["associations"]:
                if one["attachmentTarget"] != target or (other.name == policy and other.document is not document):
                    continue
                if call.query("replaceExistingAssociation") != "true":
                    raise invalid_argument(f"'{target}' is associated with the firewall policy '{other.name}'.")
                other.document["associations"].remove(one)
                call.store.put(other)
        number = policy.rpartition("/")[2]
        document["associations"].append(
            {
                "name": name,
                "attachmentTarget": target,
                "firewallPolicyId": number,
                "shortName": document.get("shortName"),
            }
        )

    return add


RULE_CHANGES = {"addRule": _add_rule, "patchRule": _patch_rule, "removeRule": _remove_rule}


def _new(document: Json, call: Call, old: Resource | None) -> None:
    if old is None:
        document |= {"rules": default_rules(), "associations": []}


def check_unused(policy: Resource, call: Call) -> None:
    for one in policy.document["associations"]:
        raise in_use("firewall_policy", policy.name, one["attachmentTarget"])


def _kind(scope: str) -> Kind:
    kind = Kind(
        "firewallPolicies",
        "firewall_policy",
        "compute#firewallPolicy",
        scope=scope,
        output_only=("rules", "associations", "shortName", "selfLinkWithId", "ruleTupleCount"),
        immutable=("policyType",),
        defaults={"policyType": "VPC_POLICY"},
        fingerprint=True,
        check=_new,
        gone=check_unused,
        view=lambda policy, call: {"shortName": policy.id, "selfLinkWithId": links.HOST + policy.name},
    )
    changes = {**RULE_CHANGES, "addAssociation": add_association(kind.key), "removeAssociation": remove_association}
    for verb, change in changes.items():
        kind.verbs[verb] = _verb(change)
    return kind


def _verb(change: Callable[[Json, Json, Call, str], None]) -> Callable[[Resource, Json, Call], None]:
    return lambda policy, body, call: change(policy.document, body, call, policy.name)


KINDS = (_kind("global"), _kind("regions"))


def _reads(kind: Kind) -> list[Route]:
    async def rule(call: Call) -> Response:
        """`getRule`."""
        return Response.of(links.shown(rule_at(kind.must(call.control, kind.name(call)).document, call)))

    async def association(call: Call) -> Response:
        """`getAssociation`."""
        return Response.of(links.shown(association_of(kind.must(call.control, kind.name(call)).document, call)))

    place = f"{kind.place}/{{name}}"
    return [Route("GET", f"{place}/getRule", rule), Route("GET", f"{place}/getAssociation", association)]


ROUTES = [route for kind in KINDS for route in _reads(kind)]
