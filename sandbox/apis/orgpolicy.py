"""Organization Policy v2: policies and custom constraints are kept. Only a default network is constrained by them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import masks
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.projects import by_number
from sandbox.control.router import Api
from sandbox.control.store import Resource

constraints = Collection(
    path="v2/organizations/{organization}/customConstraints/{constraint}",
    noun="CustomConstraint",
    id_rule=r"custom\.[A-Za-z][A-Za-z0-9]{0,61}",
    id_message="It must be custom. and up to 62 letters or digits, a letter first.",
    mask="replace",
    required=("resourceTypes", "methodTypes", "condition", "actionType"),
    immutable=("resourceTypes",),
    labels=(),
    on_update_set={"updateTime": now},
)
API = Api("orgpolicy.googleapis.com", "orgpolicy", [constraints])
_METHODS, _ACTIONS = ("CREATE", "UPDATE", "DELETE", "REMOVE_GRANT", "GOVERN_TAGS"), ("ALLOW", "DENY")
POLICIES = "orgpolicy.policies"
_CONSTRAINT = re.compile(r"[a-z][A-Za-z0-9]*(\.[A-Za-z][\w]*)+|custom\.[A-Za-z][\w]*")
ABOVE = {"project": "projects", "folder": "folders", "organization": "organizations"}
_ONE_OF = ("allowAll", "denyAll", "enforce", "values")
Json = dict[str, Any]


def parent(call: Call) -> str:
    """`projects/p`, `folders/1` or `organizations/1`."""
    kind, value = next((kind, call.params[kind]) for kind in ABOVE if kind in call.params)
    if kind != "project" and not value.isdigit():
        raise invalid_argument(f"{ABOVE[kind]}/{value} is no name: a {kind} has a number.", {"parent": "not a number"})
    return f"{ABOVE[kind]}/{value}"


def _shown(resource: Resource) -> Json:
    name = resource.name
    return {**resource.document, "name": by_number(name) if name.startswith("projects/") else name}


def _must(call: Call) -> Resource:
    name = f"{parent(call)}/policies/{call.params['constraint']}"
    found = call.store.get(POLICIES, name)
    if found is None:
        raise not_found(f"Requested entity was not found: {name}.")
    return found


def _spec(spec: Json, field: str, call: Call) -> Json:
    rules = [{key: value for key, value in rule.items() if value is not None} for rule in spec.get("rules") or []]
    if spec.get("reset") and (rules or spec.get("inheritFromParent")):
        raise invalid_argument("A spec that resets has neither rules nor inheritance.", {f"{field}.reset": "alone"})
    for rule in rules:
        if len([key for key in _ONE_OF if key in rule]) != 1:
            what = f"A rule has one of {', '.join(_ONE_OF)}."
            raise invalid_argument(what, {f"{field}.rules": what})
    told = {"rules": rules} if rules else {}
    return {**spec, **told, "etag": call.control.etag(), "updateTime": call.control.now()}


def _complete(document: Json, call: Call) -> Json:
    if not (document.get("spec") or document.get("dryRunSpec")):
        raise invalid_argument("A policy has a spec or a dry-run spec.", {"policy.spec": "required"})
    for field in ("spec", "dryRunSpec"):
        if document.get(field):
            document[field] = _spec(document[field], f"policy.{field}", call)
    return {**document, "etag": call.control.etag()}


def named(call: Call, constraint: str) -> str:
    """The name of a constraint's policy below what the path says; 400 where there can be none."""
    if not _CONSTRAINT.fullmatch(constraint):
        raise invalid_argument(f"'{constraint}' is no constraint, such as iam.disableServiceAccountKeyCreation.")
    return f"{parent(call)}/policies/{constraint}"


def kept(call: Call, name: str, document: Json, old: Resource | None = None) -> Resource:
    """Store a policy in place of the old one; 400 for what none says."""
    moment = call.control.clock()
    document = _complete({**document, "name": name}, call)
    resource = Resource(POLICIES, name, document, old.created if old else moment, moment)
    call.store.keep(resource)
    return resource


async def create(call: Call) -> Response:
    """`policies.create`."""
    body = call.body()
    name = named(call, str(body.get("name") or "").rpartition("/")[2])
    if call.store.get(POLICIES, name) is not None:
        raise already_exists(f"Requested entity already exists: {name}.")
    return Response.of(_shown(kept(call, name, body)))


async def get(call: Call) -> Response:
    """`policies.get`: what was set here."""
    return Response.of(_shown(_must(call)))


async def every(call: Call) -> Response:
    """`policies.list`."""
    found = [_shown(one) for one in call.store.select(POLICIES, parent(call))]
    return Response.of({"policies": found} if found else {})


async def effective(call: Call) -> Response:
    """`policies.getEffectivePolicy`: the policy itself, or one without rules. What is above isn't merged in."""
    name = f"{parent(call)}/policies/{call.params['constraint']}"
    found = call.store.get(POLICIES, name)
    return Response.of(_shown(found) if found else {"name": name, "spec": {}})


async def patch(call: Call) -> Response:
    """`policies.patch`: with a mask what it names, without one the whole."""
    old, body = _must(call), call.body()
    if body.get("etag") and body["etag"] != old.document["etag"]:
        raise invalid_argument("The etag is not the current one.", {"policy.etag": "stale"})
    mask = call.query("updateMask")
    if mask and mask != "*":
        document = dict(old.document)
        for path in mask.split(","):
            top = masks.camel(path.removeprefix("policy.")).partition(".")[0]
            document.pop(top, None)
            if top in body:
                document[top] = body[top]
    else:
        document = dict(body)
    return Response.of(_shown(kept(call, old.name, document, old)))


async def delete(call: Call) -> Response:
    """`policies.delete`."""
    call.store.delete(POLICIES, _must(call).name)
    return Response.of({})


for _variable, _collection in ABOVE.items():
    _place = f"v2/{_collection}/{{{_variable}}}/policies"
    API.route("POST", _place)(create)
    API.route("GET", _place)(every)
    API.route("GET", _place + "/{constraint}")(get)
    API.route("GET", _place + "/{constraint}", verb="getEffectivePolicy")(effective)
    API.route("PATCH", _place + "/{constraint}")(patch)
    API.route("DELETE", _place + "/{constraint}")(delete)


def _constraint(constraint: Resource, call: Call) -> None:
    document = constraint.document
    if not call.params["organization"].isdigit():
        raise invalid_argument("An organization has a number.", {"parent": "not a number"})
    if unknown := [method for method in document["methodTypes"] if method not in _METHODS]:
        raise invalid_argument(f"'{unknown[0]}' is none of {', '.join(_METHODS)}.", {"method_types": "unknown"})
    if document["actionType"] not in _ACTIONS:
        raise invalid_argument(f"An action is one of {', '.join(_ACTIONS)}.", {"action_type": "unknown"})


@constraints.on_create
async def check_constraint(constraint: Resource, call: Call) -> None:
    """When it holds, and for what."""
    _constraint(constraint, call)


@constraints.on_update
async def check_changed_constraint(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _constraint(new, call)
