"""Policies of Cloud DNS: how a network's names are answered, and with what instead (response policies)."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import links, operations
from sandbox.apis.compute.errors import missing as missing_network
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.compute.references import find
from sandbox.control import paging, payload
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_RULE_NAME = r"(?:\*\.)?(?:[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?\.)+|\.|\*\."
_RULES = "dns.responsePolicyRules"


class Kind:
    """Policies, or response policies: `field` has the name, `wrapped` is the field of a change's answer."""

    def __init__(self, collection: str, kind: str, field: str, wrapped: str) -> None:
        self.collection, self.kind, self.field, self.wrapped = collection, kind, field, wrapped
        self.key = f"dns.{collection}"
        self.place = f"v1/projects/{{project}}/{collection}"

    def must(self, call: Call) -> Resource:
        """The one that a path names."""
        found = call.store.get(self.key, f"projects/{call.project}/{self.collection}/{call.params['policy']}")
        if found is None:
            given = call.params["policy"]
            raise not_found(f"The 'parameters.{self.wrapped}' resource named '{given}' does not exist.")
        return found

    def shown(self, policy: Resource) -> Json:
        """As responses have it."""
        document: Json = {**links.shown(policy.document), self.field: policy.id, "kind": self.kind}
        for network in document.get("networks") or []:
            network["kind"] = f"{self.kind}Network"
        return document

    def checked(self, document: Json, call: Call, name: str) -> Json:
        """Complete; refuse networks that aren't there, or that another one has."""
        for network in document.get("networks") or []:
            network.pop("kind", None)
            url = network.get("networkUrl")
            if not url or find(call.control, url) is None:
                raise missing_network(str(url))
            for other in call.store.select(self.key):
                bound = [known["networkUrl"] for known in other.document.get("networks") or []]
                if other.name != name and url in bound:
                    message = f"The network '{url}' cannot be bound to this policy: '{other.id}' has it."
                    raise already_exists(message, reason="alreadyExists")
        return document

    async def create(self, call: Call) -> Response:
        """`create`."""
        document: Json = links.stored(call.body(), call.project)
        given = str(document.pop(self.field, None) or "")
        if not re.fullmatch(NAME, given):
            raise invalid_argument(f"Invalid value for 'entity.{self.wrapped}.{self.field}': '{given}'")
        name = f"projects/{call.project}/{self.collection}/{given}"
        if call.store.get(self.key, name) is not None:
            message = f"The resource 'entity.{self.wrapped}' named '{given}' already exists"
            raise already_exists(message, reason="alreadyExists")
        moment = call.control.clock()
        document["id"] = operations.number(call, "dns")
        policy = Resource(self.key, name, self.checked(document, call, name), moment, moment)
        call.store.insert(policy)
        return Response.of(self.shown(policy))

    async def get(self, call: Call) -> Response:
        """`get`."""
        return Response.of(self.shown(self.must(call)))

    async def every(self, call: Call) -> Response:
        """`list`."""
        size = call.integer("maxResults", 100, 1000) or 100
        found = call.store.select(
            self.key, f"projects/{call.project}", after=paging.after(call.query("pageToken")), limit=size + 1
        )
        return Response.of(paging.page(self.collection, found, size, lambda one: one.name, self.shown))

    async def change(self, call: Call) -> Response:
        """`patch` and `update`: a null clears."""
        policy, whole = self.must(call), call.request.method == "PUT"
        change = links.stored(payload.document(call.request), call.project)
        kept = {"id": policy.document["id"]} if whole else policy.document
        document = {key: value for key, value in {**kept, **change}.items() if value is not None}
        document.pop(self.field, None)
        document = self.checked({**document, "id": policy.document["id"]}, call, policy.name)
        changed = Resource(self.key, policy.name, document, policy.created, call.control.clock())
        call.store.put(changed)
        return Response.of({self.wrapped: self.shown(changed)})

    async def delete(self, call: Call) -> Response:
        """`delete`: of one without networks and rules."""
        policy = self.must(call)
        for what, found in (("networks", policy.document.get("networks")), ("rules", _rules(call, policy))):
            if found:
                message = (
                    f"The resource named '{policy.id}' cannot be deleted because it contains one or more '{what}'."
                )
                raise failed_precondition(message, reason="containerNotEmpty")
        call.store.delete(self.key, policy.name)
        return Response(204)

    def routes(self) -> list[Route]:
        """The routes of the kind."""
        one = f"{self.place}/{{policy}}"
        return [
            Route("POST", self.place, self.create),
            Route("GET", self.place, self.every),
            Route("GET", one, self.get),
            Route("PATCH", one, self.change),
            Route("PUT", one, self.change),
            Route("DELETE", one, self.delete),
        ]


POLICIES = Kind("policies", "dns#policy", "name", "policy")
RESPONSE_POLICIES = Kind("responsePolicies", "dns#responsePolicy", "responsePolicyName", "responsePolicy")


def _rules(call: Call, policy: Resource) -> list[Resource]:
    return list(call.store.select(_RULES, policy.name))


def _rule(call: Call) -> Resource:
    name = f"{RESPONSE_POLICIES.must(call).name}/rules/{call.params['rule']}"
    found = call.store.get(_RULES, name)
    if found is None:
        given = call.params["rule"]
        raise not_found(f"The 'parameters.responsePolicyRule' resource named '{given}' does not exist.")
    return found


def _shown(rule: Resource) -> Json:
    return {**rule.document, "ruleName": rule.id, "kind": "dns#responsePolicyRule"}


def _checked(document: Json, call: Call, policy: Resource, name: str) -> Json:
    dns_name = str(document.get("dnsName") or "").lower()
    if not re.fullmatch(_RULE_NAME, dns_name):
        raise invalid_argument(f"Invalid value for 'entity.responsePolicyRule.dnsName': '{dns_name}'")
    if bool(document.get("localData")) == (document.get("behavior") not in (None, "behaviorUnspecified")):
        raise invalid_argument("A rule has either localData or the behavior bypassResponsePolicy.")
    for data in (document.get("localData") or {}).get("localDatas") or []:
        if str(data.get("name") or "").lower() != dns_name:
            raise invalid_argument(f"The data of a rule has the rule's name '{dns_name}', not '{data.get('name')}'.")
        data.setdefault("kind", "dns#resourceRecordSet")
    for other in _rules(call, policy):
        if other.name != name and other.document["dnsName"] == dns_name:
            raise already_exists(f"The rule '{other.id}' has the name '{dns_name}' already.", reason="alreadyExists")
    return {**document, "dnsName": dns_name}


async def create_rule(call: Call) -> Response:
    """`responsePolicyRules.create`."""
    policy, document = RESPONSE_POLICIES.must(call), call.body()
    given = str(document.pop("ruleName", None) or "")
    if not re.fullmatch(NAME, given):
        raise invalid_argument(f"Invalid value for 'entity.responsePolicyRule.ruleName': '{given}'")
    name, moment = f"{policy.name}/rules/{given}", call.control.clock()
    if call.store.get(_RULES, name) is not None:
        message = f"The resource 'entity.responsePolicyRule' named '{given}' already exists"
        raise already_exists(message, reason="alreadyExists")
    rule = Resource(_RULES, name, _checked(document, call, policy, name), moment, moment)
    call.store.insert(rule)
    return Response.of(_shown(rule))


async def get_rule(call: Call) -> Response:
    """`responsePolicyRules.get`."""
    return Response.of(_shown(_rule(call)))


async def list_rules(call: Call) -> Response:
    """`responsePolicyRules.list`."""
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    found = call.store.select(_RULES, RESPONSE_POLICIES.must(call).name, after=after, limit=size + 1)
    return Response.of(paging.page("responsePolicyRules", found, size, lambda one: one.name, _shown))


async def change_rule(call: Call) -> Response:
    """`responsePolicyRules.patch` and `update`."""
    rule, change = _rule(call), payload.document(call.request)
    kept = {} if call.request.method == "PUT" else rule.document
    document = {key: value for key, value in {**kept, **change}.items() if value is not None and key != "ruleName"}
    document = _checked(document, call, RESPONSE_POLICIES.must(call), rule.name)
    changed = Resource(_RULES, rule.name, document, rule.created, call.control.clock())
    call.store.put(changed)
    return Response.of({"responsePolicyRule": _shown(changed)})


async def delete_rule(call: Call) -> Response:
    """`responsePolicyRules.delete`."""
    call.store.delete(_RULES, _rule(call).name)
    return Response(204)


def routes() -> list[Route]:
    """All routes of policies."""
    place = f"{RESPONSE_POLICIES.place}/{{policy}}/rules"
    return [
        *POLICIES.routes(),
        *RESPONSE_POLICIES.routes(),
        Route("POST", place, create_rule),
        Route("GET", place, list_rules),
        Route("GET", place + "/{rule}", get_rule),
        Route("PATCH", place + "/{rule}", change_rule),
        Route("PUT", place + "/{rule}", change_rule),
        Route("DELETE", place + "/{rule}", delete_rule),
    ]
