"""Grants: asked for, approved or not, and active for a while, when their roles stand in the policy.

Who asks and who approves isn't known, as any credential is taken: the first person or account that may ask counts as
who does, and nobody is refused for who they are. A grant ends when it, or another of its entitlement, is first looked
at after its time.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.apis.privilegedaccessmanager import entitlements
from sandbox.control import iam, operations, paging, shapes
from sandbox.control.above import PLACES
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
KEY = "privilegedaccessmanager.grants"
_TITLE = "Created by: PAM"
"""What Google calls the condition of a grant's bindings, so that they are told from others."""
_OVER = ("DENIED", "ACTIVATION_FAILED", "EXPIRED", "REVOKED", "ENDED", "WITHDRAWN")


_SHAPE = {
    "requestedDuration": str,
    "justification": {"unstructuredJustification": str},
    "additionalEmailRecipients": [str],
}
_UNKNOWN = "user:sandbox@example.com"
_HIDDEN = ("ends", "approvals", "member")


def _requester(principals: list[str]) -> str:
    return next((one for one in principals if one.startswith(("user:", "serviceAccount:"))), _UNKNOWN)


def _event(call: Call, kind: str, **told: Any) -> Json:
    return {"eventTime": call.control.now(), kind: told}


async def _create(call: Call) -> Response:
    """`grants.create`: active at once where nobody has to approve."""
    entitlement, body = entitlements.find(call), call.body()
    shapes.check(body, _SHAPE)
    document = entitlement.document
    asked = str(body.get("requestedDuration"))
    most = seconds(document["maxRequestDuration"], "entitlement.max_request_duration")
    if not 1800 <= seconds(asked, "grant.requested_duration") <= most:
        raise invalid_argument(
            f"requestedDuration is half an hour to {document['maxRequestDuration']}.",
            {"grant.requestedDuration": asked},
        )
    reason = (body.get("justification") or {}).get("unstructuredJustification")
    if "unstructured" in document["requesterJustificationConfig"] and not reason:
        raise invalid_argument("A justification is needed.", {"grant.justification": "required"})
    requester = _requester(document["eligibleUsers"][0]["principals"])
    name, moment = f"{entitlement.name}/grants/{call.control.uid()}", call.control.now()
    grant: Json = {
        "name": name,
        "createTime": moment,
        "updateTime": moment,
        "requester": requester.partition(":")[2],
        "requestedDuration": asked,
        "privilegedAccess": copy.deepcopy(document["privilegedAccess"]),
        "timeline": {"events": [_event(call, "requested")]},
        "state": "APPROVAL_AWAITED",
        "member": requester,
        **({"justification": body["justification"]} if reason else {}),
        **{key: body[key] for key in ("additionalEmailRecipients",) if body.get(key)},
    }
    resource = Resource(KEY, name, grant, call.control.clock(), call.control.clock())
    with call.store.transaction():
        if not document.get("approvalWorkflow"):
            _activate(resource, entitlement, call)
        call.store.insert(resource)
    return Response.of(_shown(resource))


def _activate(grant: Resource, entitlement: Resource, call: Call) -> None:
    """The roles in the policy, until the time is over."""
    document = grant.document
    end = timestamp(call.control.clock() + seconds(document["requestedDuration"], "requested_duration"))
    document["state"] = "ACTIVE"
    document["auditTrail"] = {"accessGrantTime": call.control.now()}
    document["timeline"]["events"].append(_event(call, "activated"))
    document["ends"] = end
    _edit(call.control, entitlements.target(entitlement), lambda bindings: [*bindings, *_bindings(document, end)])


def _bindings(grant: Json, end: str) -> list[Json]:
    """One for each role, for as long as the grant is active."""
    found = []
    for binding in grant["privilegedAccess"]["gcpIamAccess"]["roleBindings"]:
        until = f'request.time < timestamp("{end}")'
        more = binding.get("conditionExpression")
        condition = {
            "title": _TITLE,
            "description": f"Grant: {grant['name']}",
            "expression": f"({more}) && {until}" if more else until,
        }
        members = [grant["member"]]
        found.append({"role": binding["role"], "members": members, "condition": condition})
    return found


def _edit(control: Control, resource: str, change: Callable[[list[Json]], list[Json]]) -> None:
    policy = iam.get_policy(control, resource, 3)
    iam.set_policy(control, resource, {**policy, "bindings": change(policy.get("bindings", [])), "version": 3})


def _take_away(grant: Resource, call: Call) -> None:
    """The roles out of the policy."""
    place = f"//cloudresourcemanager.googleapis.com/{grant.name.partition('/locations/')[0]}"
    mine = f"Grant: {grant.name}"
    _edit(
        call.control,
        place,
        lambda bindings: [one for one in bindings if (one.get("condition") or {}).get("description") != mine],
    )
    grant.document.setdefault("auditTrail", {})["accessRemoveTime"] = call.control.now()


def _current(grant: Resource, call: Call) -> Resource:
    """As it is by now: over, where its time is."""
    document = grant.document
    if document["state"] == "ACTIVE" and call.control.clock() >= _moment(document["ends"]):
        document["state"] = "ENDED"
        document["timeline"]["events"].append(_event(call, "ended"))
        with call.store.transaction():
            _take_away(grant, call)
            call.store.put(grant)
    return grant


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _find(call: Call) -> Resource:
    name = f"{entitlements.find(call).name}/grants/{call.params['grant']}"
    found = call.store.get(KEY, name)
    if found is None:
        raise not_found(f"Grant {name} was not found.")
    return _current(found, call)


def _shown(grant: Resource) -> Json:
    return {key: value for key, value in grant.document.items() if key not in _HIDDEN}


async def _get(call: Call) -> Response:
    return Response.of(_shown(_find(call)))


async def _list(call: Call) -> Response:
    place = entitlements.find(call).name
    found = [_current(one, call) for one in call.store.select(KEY, place)]
    after, size = paging.after(call.query("pageToken")), call.integer("pageSize", 100, 1000) or 100
    rest = [one for one in found if one.name > after]
    return Response.of(paging.page("grants", rest, size, lambda one: one.name, _shown))


def _waiting(call: Call) -> Resource:
    grant = _find(call)
    if grant.document["state"] != "APPROVAL_AWAITED":
        raise failed_precondition(f"The grant is {grant.document['state']} and waits for no approval.")
    return grant


def _keep(grant: Resource, call: Call) -> Json:
    grant.document["updateTime"] = call.control.now()
    call.store.put(grant)
    return _shown(grant)


async def _approve(call: Call) -> Response:
    """`approve`: active once the last step has as many approvals as it needs."""
    grant, entitlement = _waiting(call), entitlements.find(call)
    approvals = entitlement.document["approvalWorkflow"]["manualApprovals"]
    reason = str(call.body().get("reason") or "")
    if approvals.get("requireApproverJustification") and not reason:
        raise invalid_argument("An approval needs a reason.", {"reason": "required"})
    document = grant.document
    document["approvals"] = document.get("approvals", 0) + 1
    document["timeline"]["events"].append(_event(call, "approved", reason=reason))
    with call.store.transaction():
        if document["approvals"] >= sum(int(step["approvalsNeeded"]) for step in approvals["steps"]):
            _activate(grant, entitlement, call)
        return Response.of(_keep(grant, call))


async def _deny(call: Call) -> Response:
    """`deny`."""
    grant, reason = _waiting(call), str(call.body().get("reason") or "")
    grant.document["state"] = "DENIED"
    grant.document["timeline"]["events"].append(_event(call, "denied", reason=reason))
    return Response.of(_keep(grant, call))


async def _revoke(call: Call) -> Response:
    """`revoke`, of one that is active."""
    return _end(call, ("ACTIVE",), "REVOKED", _event(call, "revoked", reason=str(call.body().get("reason") or "")))


async def _withdraw(call: Call) -> Response:
    """`withdraw`, of one that is active or waits."""
    return _end(call, ("ACTIVE", "APPROVAL_AWAITED"), "WITHDRAWN", _event(call, "withdrawn"))


def _end(call: Call, states: tuple[str, ...], state: str, event: Json) -> Response:
    grant = _find(call)
    if grant.document["state"] not in states:
        raise failed_precondition(f"The grant is {grant.document['state']}.")
    with call.store.transaction():
        if grant.document["state"] == "ACTIVE":
            _take_away(grant, call)
        grant.document["state"] = state
        grant.document["timeline"]["events"].append(event)
        shown = _keep(grant, call)
    parent = grant.name.partition("/entitlements/")[0]
    kind = f"{entitlements.PACKAGE}.Grant"
    metadata = f"{entitlements.PACKAGE}.OperationMetadata"
    return Response.of(operations.done(call.control, parent, kind, shown, metadata_type=metadata, metadata={}))


async def forget(entitlement: Resource, call: Call) -> None:
    """What was granted by an entitlement goes with it."""
    for grant in call.store.select(KEY, entitlement.name):
        with call.store.transaction():
            if grant.document["state"] == "ACTIVE":
                _take_away(grant, call)
            call.store.delete(KEY, grant.name)


for _collection in entitlements.ENTITLEMENTS:
    _collection.deleted(forget)

_VERBS = {"approve": _approve, "deny": _deny, "revoke": _revoke, "withdraw": _withdraw}
ROUTES = []
for _place in PLACES:
    _all = f"v1/{_place}/locations/{{location}}/entitlements/{{entitlement}}/grants"
    ROUTES += [Route("POST", _all, _create), Route("GET", _all, _list), Route("GET", f"{_all}/{{grant}}", _get)]
    ROUTES += [Route("POST", f"{_all}/{{grant}}", handler, verb) for verb, handler in _VERBS.items()]
