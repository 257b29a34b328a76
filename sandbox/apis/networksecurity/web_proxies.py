"""Secure Web Proxy: policies of gateways, their rules, and lists of URLs that rules name."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.common import WORDS, collection, must, one_of
from sandbox.apis.networksecurity.tls import inspections
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.names import check_location
from sandbox.control.referring import keep_used
from sandbox.control.store import Resource

Json = dict[str, Any]

url_lists = collection("urlLists/{list}", "UrlList", "urlListId", required=("values",), **WORDS)
policies = collection("gatewaySecurityPolicies/{policy}", "GatewaySecurityPolicy", "gatewaySecurityPolicyId")
rules = collection(
    "gatewaySecurityPolicies/{policy}/rules/{rule}",
    "GatewaySecurityPolicyRule",
    "gatewaySecurityPolicyRuleId",
    list_field="gatewaySecurityPolicyRules",
    key="networksecurity.gatewaySecurityPolicyRules",
    required=("sessionMatcher", "basicProfile"),
    parents=(policies,),
)


@url_lists.checked
async def check_list(one: Resource, call: Call) -> None:
    """Of a region."""
    check_location(call.params["location"])
    _check_values(one.document)


def _check_values(document: Json) -> None:
    for value in document.get("values") or [""]:
        if not value or "://" in value or " " in value:
            raise invalid_argument(f"'{value}' is no host, URL or pattern of one.", {"values": str(value)})


@url_lists.on_delete
async def keep_list(one: Resource, call: Call) -> None:
    """One that a rule's expressions name can't go."""
    for rule in call.store.select(rules.key):
        said = "".join(str(rule.document.get(field)) for field in ("sessionMatcher", "applicationMatcher"))
        if any(f"{quote}{one.name}{quote}" in said for quote in "'\""):
            raise failed_precondition(f"'{one.name}' is being used by '{rule.name}'.")


@policies.on_create
async def check_policy(policy: Resource, call: Call) -> None:
    """Of a region, and looked into as another policy says."""
    check_location(call.params["location"])
    _check_inspection(policy.document, call)


@policies.on_update
async def recheck_policy(old: Resource, new: Resource, call: Call) -> None:
    """It can't stop being looked into while a rule wants it."""
    _check_inspection(new.document, call)
    if not new.document.get("tlsInspectionPolicy"):
        for rule in call.store.select(rules.key, new.name):
            if rule.document.get("tlsInspectionEnabled"):
                raise failed_precondition(f"The rule '{rule.id}' has TLS inspection enabled.")


def _check_inspection(document: Json, call: Call) -> None:
    if document.get("tlsInspectionPolicy"):
        must(document["tlsInspectionPolicy"], inspections.key, call, "TLS inspection policy")


@policies.on_delete
async def keep_policy(policy: Resource, call: Call) -> None:
    """One with rules, or one that a gateway has, can't go."""
    if call.store.select(rules.key, policy.name):
        raise failed_precondition(f"The policy '{policy.name}' has rules.")
    keep_used(policy, call, "networkservices.gateways")


@rules.checked
async def check_rule(rule: Resource, call: Call) -> None:
    """A rule of its own priority."""
    _check_rule(rule, call)


def _check_rule(rule: Resource, call: Call) -> None:
    document = rule.document
    policy = policies.must(call.control, rule.name.rpartition("/rules/")[0])
    one_of(document, "basicProfile", ("ALLOW", "DENY"))
    priority = int(document.get("priority") or 0)
    if not 0 <= priority <= 2_147_483_647:
        raise invalid_argument("priority must be 0 to 2147483647.", {"priority": str(priority)})
    for other in call.store.select(rules.key, policy.name):
        if other.name != rule.name and int(other.document.get("priority") or 0) == priority:
            raise invalid_argument(f"The rule '{other.id}' has the priority {priority}.", {"priority": "used"})
    if document.get("tlsInspectionEnabled") and not policy.document.get("tlsInspectionPolicy"):
        raise invalid_argument(
            f"The policy '{policy.id}' has no TLS inspection policy.", {"tlsInspectionEnabled": "no policy"}
        )
