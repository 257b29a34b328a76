"""Projects, service accounts, enabled services and IAM policies, as Terraform's provider asks for them."""

from __future__ import annotations

from typing import Any

from tests.integration.sandbox_process import Sandbox


def _account(sandbox: Sandbox, project: str, account: str) -> Any:
    body = {"accountId": account, "serviceAccount": {"displayName": account}}
    answer = sandbox.request("POST", f"/iam/v1/projects/{project}/serviceAccounts", body)
    assert answer.status == 200, answer.body
    return answer.json()


def _bind(sandbox: Sandbox, project: str, member: str, role: str = "roles/viewer", **extra: Any) -> Any:
    path = f"/cloudresourcemanager/v1/projects/{project}"
    policy = sandbox.request("POST", path + ":getIamPolicy", {"options": {"requestedPolicyVersion": 3}}).json()
    policy["bindings"] = [*policy.get("bindings", []), {"role": role, "members": [member], **extra}]
    policy["version"] = 3
    return sandbox.request("POST", path + ":setIamPolicy", {"policy": policy, "updateMask": "bindings,etag"})


def test_a_project_has_one_number_everywhere(sandbox: Sandbox) -> None:
    first = sandbox.get("/cloudresourcemanager/v1/projects/number-one")
    number = first["projectNumber"]
    assert (first["lifecycleState"], len(number)) == ("ACTIVE", 12)
    assert sandbox.get(f"/v3/projects/{number}")["projectId"] == "number-one"
    assert sandbox.get(f"/compute/v1/projects/{number}")["name"] == "number-one"


def test_invalid_project_id_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.request("GET", "/v1/projects/Bad_Project").status == 400


def test_service_account_life(sandbox: Sandbox) -> None:
    made = _account(sandbox, "account-life", "strategy-engine")
    path = f"/iam/v1/{made['name']}"
    assert made["email"] == "strategy-engine@account-life.iam.gserviceaccount.com"
    assert (len(made["uniqueId"]), made["oauth2ClientId"]) == (21, made["uniqueId"])
    assert sandbox.get(f"/iam/v1/projects/-/serviceAccounts/{made['uniqueId']}")["email"] == made["email"]
    change = {"serviceAccount": {"description": "d"}, "updateMask": "description"}
    changed = sandbox.request("PATCH", path, change).json()
    assert (changed["description"], changed["displayName"]) == ("d", "strategy-engine")
    sandbox.request("POST", path + ":disable", {})
    assert sandbox.get(path)["disabled"] is True
    assert sandbox.request("DELETE", path).status == 200
    assert sandbox.request("GET", path).status == 404
    assert (
        sandbox.request("POST", f"/iam/v1/projects/account-life/serviceAccounts/{made['uniqueId']}:undelete").status
        == 200
    )
    assert sandbox.get(path)["uniqueId"] == made["uniqueId"]


def test_account_id_rules(sandbox: Sandbox) -> None:
    for account in ("short", "Upper-case", "1number", "ends-", "x" * 31):
        body = {"accountId": account}
        assert sandbox.request("POST", "/v1/projects/account-rules/serviceAccounts", body).status == 400, account


def test_grant_to_an_account_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    email = "nobody@no-account.iam.gserviceaccount.com"
    answer = _bind(sandbox, "no-account", f"serviceAccount:{email}")
    assert answer.status == 400
    assert answer.json()["error"]["message"] == f"Service account {email} does not exist."


def test_deleted_account_stays_in_policies_as_deleted(sandbox: Sandbox) -> None:
    made = _account(sandbox, "deleted-member", "goes-away")
    assert _bind(sandbox, "deleted-member", f"serviceAccount:{made['email']}").status == 200
    sandbox.request("DELETE", f"/iam/v1/{made['name']}")
    policy = sandbox.request("POST", "/v1/projects/deleted-member:getIamPolicy", {}).json()
    assert policy["bindings"][0]["members"] == [f"deleted:serviceAccount:{made['email']}?uid={made['uniqueId']}"]


def test_stale_etag_of_a_policy_is_refused(sandbox: Sandbox) -> None:
    path = "/v1/projects/stale-policy"
    old = sandbox.request("POST", path + ":getIamPolicy", {}).json()
    assert _bind(sandbox, "stale-policy", "user:a@example.com").status == 200
    answer = sandbox.request("POST", path + ":setIamPolicy", {"policy": {**old, "bindings": []}})
    assert (answer.status, answer.json()["error"]["status"]) == (409, "ABORTED")


def test_conditions_need_version_three(sandbox: Sandbox) -> None:
    condition = {"title": "t", "expression": "request.time < timestamp('2030-01-01T00:00:00Z')"}
    path = "/v1/projects/with-condition"
    policy = {"bindings": [{"role": "roles/viewer", "members": ["user:a@example.com"], "condition": condition}]}
    assert sandbox.request("POST", path + ":setIamPolicy", {"policy": policy}).status == 400
    assert _bind(sandbox, "with-condition", "user:a@example.com", condition=condition).status == 200
    plain = sandbox.request("POST", path + ":getIamPolicy", {}).json()
    assert "_withcond_" in plain["bindings"][0]["role"]
    full = sandbox.request("POST", path + ":getIamPolicy", {"options": {"requestedPolicyVersion": 3}}).json()
    assert (full["version"], full["bindings"][0]["condition"]) == (3, condition)


def test_invalid_members_and_roles_are_refused(sandbox: Sandbox) -> None:
    assert _bind(sandbox, "bad-members", "someone").status == 400
    assert _bind(sandbox, "bad-members", "user:a@example.com", role="viewer").status == 400


def test_services_enable_list_disable(sandbox: Sandbox) -> None:
    path = "/serviceusage/v1/projects/services-one/services"
    operation = sandbox.request(
        "POST", path + ":batchEnable", {"serviceIds": ["pubsub.googleapis.com", "run.googleapis.com"]}
    )
    assert operation.json()["done"] is True
    assert sandbox.get(f"/serviceusage/v1/{operation.json()['name']}")["done"] is True
    enabled = sandbox.get(path + "?filter=state:ENABLED&pageSize=200")["services"]
    names = [service["config"]["name"] for service in enabled]
    assert names == ["artifactregistry.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com"]
    needed = sandbox.request("POST", path + "/artifactregistry.googleapis.com:disable", {})
    assert needed.status == 400
    assert sandbox.request("POST", path + "/pubsub.googleapis.com:disable", {}).status == 200
    assert sandbox.get(path + "/pubsub.googleapis.com")["state"] == "DISABLED"


def test_unsupported_filter_is_refused_not_ignored(sandbox: Sandbox) -> None:
    answer = sandbox.request("GET", "/v1/projects/filter-one/services?filter=state:OTHER")
    assert answer.status == 501


def test_unknown_path_names_itself(sandbox: Sandbox) -> None:
    answer = sandbox.request("GET", "/v1/projects/some-project/gadgets")
    error = answer.json()["error"]
    assert (answer.status, error["status"]) == (501, "UNIMPLEMENTED")
    assert "GET /v1/projects/some-project/gadgets" in error["message"]
