"""IAM v2: deny policies of a project. They are kept and checked; like grants, they aren't enforced here."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from sandbox.control import crud, operations
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_PATH = "v2/policies/{attachment}/denypolicies"
_PARENT = re.compile(r"cloudresourcemanager\.googleapis\.com/(projects|folders|organizations)/([a-z0-9-]+)")
_PERMISSION = re.compile(r"[a-z0-9.-]+\.googleapis\.com/[\w.]+(?:\.\*)?")
_PRINCIPAL = re.compile(r"(principal|principalSet|deleted:principal)://.+")
_TYPE = "google.iam.v2.Policy"
_METADATA = "google.iam.v2.PolicyOperationMetadata"

policies = Collection(
    path=f"{_PATH}/{{policy}}",
    noun="Policy",
    type=_TYPE,
    id_rule=r"[a-z][a-z0-9.-]{2,62}",
    id_message="It must be 3 to 63 lowercase letters, digits, hyphens or periods, a letter first.",
    id_param="policyId",
    create=None,
    update=(),
    delete=False,
    read=False,
    listing=False,
    labels=(),
)


def _name(call: Call, given: str) -> str:
    parent = unquote(call.params["attachment"])
    if not _PARENT.fullmatch(parent):
        raise invalid_argument(f"Invalid attachment point '{parent}'.", {"parent": "cloudresourcemanager…/projects/ID"})
    return f"policies/{parent.replace('/', '%2F')}/denypolicies/{given}"


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    rules = document.get("rules") or []
    if not rules:
        raise invalid_argument("A deny policy needs a rule.", {"policy.rules": "required"})
    for at, rule in enumerate(rules):
        denied = rule.get("denyRule") or {}
        for field, form in (("Permissions", _PERMISSION), ("Principals", _PRINCIPAL)):
            for kind in (f"denied{field}", f"exception{field}"):
                wrong = [one for one in denied.get(kind) or [] if not form.fullmatch(str(one))]
                if wrong:
                    raise invalid_argument(f"Invalid value '{wrong[0]}'.", {f"policy.rules[{at}].{kind}": wrong[0]})
        if not denied.get("deniedPrincipals") or not denied.get("deniedPermissions"):
            raise invalid_argument("A rule denies permissions to principals.", {f"policy.rules[{at}]": "required"})
    return {**document, "kind": "DenyPolicy"}


def _ended(call: Call, document: dict[str, Any]) -> Response:
    name = f"operations/operation-{call.control.uid()}"
    done = operations.done(call.control, "", _TYPE, document, metadata_type=_METADATA, name=name)
    return Response.of(done)


async def create(call: Call) -> Response:
    """`policies.createPolicy`."""
    given = call.query("policyId")
    policies.check_id(given)
    name, moment = _name(call, given), call.control.clock()
    if policies.find(call.control, name) is not None:
        raise policies.exists(name)
    document = {**_checked(call.body()), "name": name, "uid": call.control.uid(), "etag": call.control.etag()}
    document |= {"createTime": call.control.now(), "updateTime": call.control.now()}
    call.store.insert(Resource(policies.key, name, document, moment, moment))
    return _ended(call, document)


async def get(call: Call) -> Response:
    """`policies.get`."""
    return Response.of(policies.must(call.control, _name(call, call.params["policy"])).document)


async def every(call: Call) -> Response:
    """`policies.listPolicies`."""
    parent = _name(call, "").rpartition("/denypolicies")[0]
    found = [policy.document for policy in call.store.select(policies.key, parent)]
    return Response.of({"policies": found} if found else {})


async def put(call: Call) -> Response:
    """`policies.update`: the whole policy."""
    policy, body = policies.must(call.control, _name(call, call.params["policy"])), call.body()
    crud.check_etag(policy, body.get("etag"))
    kept = {key: policy.document[key] for key in ("name", "uid", "createTime")}
    policy.document = {**_checked(body), **kept, "etag": call.control.etag(), "updateTime": call.control.now()}
    policy.updated = call.control.clock()
    call.store.put(policy)
    return _ended(call, policy.document)


async def delete(call: Call) -> Response:
    """`policies.delete`."""
    policy = policies.must(call.control, _name(call, call.params["policy"]))
    crud.check_etag(policy, call.query("etag") or None)
    crud.remove(policies, call.control, policy.name)
    return _ended(call, policy.document)


def routes() -> list[Route]:
    """The routes of deny policies."""
    return [
        Route("POST", _PATH, create),
        Route("GET", _PATH, every),
        Route("GET", policies.path, get),
        Route("PUT", policies.path, put),
        Route("DELETE", policies.path, delete),
    ]
