"""Privileged Access Manager: what may be asked for, and grants that stand in a policy while they are active."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.privilegedaccessmanager.api import API
from sandbox.apis.resourcemanager.api import API as PROJECTS
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/privilegedaccessmanager/v1/projects/prices/locations/global/entitlements"
Json = dict[str, Any]
ACCESS = {
    "resource": "//cloudresourcemanager.googleapis.com/projects/prices",
    "resourceType": "cloudresourcemanager.googleapis.com/Project",
    "roleBindings": [{"role": "roles/storage.admin", "conditionExpression": "resource.name != 'x'"}],
}
ENTITLEMENT = {
    "maxRequestDuration": "7200s",
    "eligibleUsers": [{"principals": ["group:ops@example.com", "user:ana@example.com"]}],
    "privilegedAccess": {"gcpIamAccess": ACCESS},
    "requesterJustificationConfig": {"unstructured": {}, "notMandatory": None},
}
STEPS = [{"approvalsNeeded": 2, "approvers": [{"principals": ["user:bo@example.com"]}]}]
WORKFLOW = {"manualApprovals": {"requireApproverJustification": True, "steps": STEPS}}
ASKED = {"requestedDuration": "3600s", "justification": {"unstructuredJustification": "a fire"}}


@pytest.fixture
def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API, PROJECTS) as made:
        yield made


async def make(router: Router, status: int = 200, **change: Any) -> Json:
    answer: Json = await ask(router, "POST", f"{HERE}?entitlementId=read-prices", {**ENTITLEMENT, **change}, status)
    return answer


async def granted(router: Router) -> list[Json]:
    place = "/cloudresourcemanager/v1/projects/prices:getIamPolicy"
    policy = await ask(router, "POST", place, {"options": {"requestedPolicyVersion": 3}})
    found: list[Json] = policy.get("bindings", [])
    return found


async def test_an_entitlement_is_there_at_once_and_changes_by_its_etag(router: Router) -> None:
    made = (await make(router))["response"]
    assert (made["state"], made["requesterJustificationConfig"]) == ("AVAILABLE", {"unstructured": {}})
    place = f"{HERE}/read-prices?updateMask=maxRequestDuration"
    changed = await ask(router, "PATCH", place, {"maxRequestDuration": "3600s", "etag": made["etag"]})
    assert changed["response"]["maxRequestDuration"] == "3600s"
    await ask(router, "PATCH", place, {"maxRequestDuration": "1800s", "etag": made["etag"]}, 409)
    await ask(router, "PATCH", place, {}, 400)


@pytest.mark.parametrize(
    "change",
    [
        {"maxRequestDuration": "60s"},
        {"maxRequestDuration": "604801s"},
        {"eligibleUsers": []},
        {"eligibleUsers": "ana"},
        {"privilegedAccess": {"gcpIamAccess": {**ACCESS, "roleBindings": ["roles/storage.admin"]}}},
        {"eligibleUsers": [{"principals": ["allUsers"]}]},
        {"privilegedAccess": {"gcpIamAccess": {**ACCESS, "roleBindings": [{"role": "roles/owner"}]}}},
        {"privilegedAccess": {"gcpIamAccess": {**ACCESS, "resource": "//elsewhere"}}},
        {"requesterJustificationConfig": {"unstructured": {}, "notMandatory": {}}},
        {"approvalWorkflow": {"manualApprovals": {"steps": []}}},
        {"approvalWorkflow": {"manualApprovals": {"steps": [{**STEPS[0], "approvalsNeeded": 6}]}}},
    ],
)
async def test_entitlements_that_are_refused(router: Router, change: Json) -> None:
    await make(router, 400, **change)


async def test_a_grant_stands_in_the_policy_until_it_is_revoked(router: Router) -> None:
    await make(router)
    await ask(router, "POST", f"{HERE}/read-prices/grants", {"requestedDuration": "3600s"}, 400)
    await ask(router, "POST", f"{HERE}/read-prices/grants", {**ASKED, "requestedDuration": "9999s"}, 400)
    grant = await ask(router, "POST", f"{HERE}/read-prices/grants", ASKED)
    assert (grant["state"], grant["requester"]) == ("ACTIVE", "ana@example.com")
    (binding,) = await granted(router)
    assert (binding["role"], binding["members"]) == ("roles/storage.admin", ["user:ana@example.com"])
    assert binding["condition"]["expression"].startswith("(resource.name != 'x') && request.time < timestamp(")
    place = f"/privilegedaccessmanager/v1/{grant['name']}"
    revoked = await ask(router, "POST", f"{place}:revoke", {"reason": "done"})
    assert revoked["response"]["state"] == "REVOKED"
    assert await granted(router) == []
    await ask(router, "POST", f"{place}:revoke", {}, 400)


async def test_a_grant_ends_by_itself(router: Router) -> None:
    await make(router)
    grant = await ask(router, "POST", f"{HERE}/read-prices/grants", ASKED)
    real = router.control.clock
    router.control.clock = lambda: real() + 3601
    assert (await ask(router, "GET", f"/privilegedaccessmanager/v1/{grant['name']}"))["state"] == "ENDED"
    assert await granted(router) == []


async def test_a_grant_waits_for_as_many_approvals_as_are_needed(router: Router) -> None:
    await make(router, approvalWorkflow=WORKFLOW)
    grant = await ask(router, "POST", f"{HERE}/read-prices/grants", ASKED)
    assert grant["state"] == "APPROVAL_AWAITED"
    place = f"/privilegedaccessmanager/v1/{grant['name']}"
    await ask(router, "POST", f"{place}:approve", {}, 400)
    assert (await ask(router, "POST", f"{place}:approve", {"reason": "yes"}))["state"] == "APPROVAL_AWAITED"
    assert (await ask(router, "POST", f"{place}:approve", {"reason": "yes"}))["state"] == "ACTIVE"
    await ask(router, "POST", f"{place}:deny", {"reason": "no"}, 400)
    await ask(router, "DELETE", f"{HERE}/read-prices", status=400)
    await ask(router, "DELETE", f"{HERE}/read-prices?force=true")
    assert await granted(router) == []


async def test_one_that_waits_is_denied_or_withdrawn(router: Router) -> None:
    await make(router, approvalWorkflow=WORKFLOW)
    names = [(await ask(router, "POST", f"{HERE}/read-prices/grants", ASKED))["name"] for _ in range(2)]
    one, other = (f"/privilegedaccessmanager/v1/{name}" for name in names)
    assert (await ask(router, "POST", f"{one}:deny", {"reason": "no"}))["state"] == "DENIED"
    assert (await ask(router, "POST", f"{other}:withdraw", {}))["response"]["state"] == "WITHDRAWN"
    listed = (await ask(router, "GET", f"{HERE}/read-prices/grants"))["grants"]
    assert sorted(grant["state"] for grant in listed) == ["DENIED", "WITHDRAWN"]
