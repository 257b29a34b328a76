"""Workload identity pools and providers: what is refused, and what a deletion leaves for 30 days."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.control.projects import number
from tests.integration.sandbox_process import Sandbox

GITHUB = "https://token.actions.githubusercontent.com"
MAPPING = {"google.subject": "assertion.sub"}
GOOD = {
    "oidc": {"issuerUri": GITHUB},
    "attributeMapping": MAPPING,
    "attributeCondition": "assertion.repository_id == '1'",
}


def _pools(project: str) -> str:
    return f"/iam/v1/projects/{project}/locations/global/workloadIdentityPools"


def _make(sandbox: Sandbox, project: str, pool: str = "github") -> str:
    answer = sandbox.request("POST", f"{_pools(project)}?workloadIdentityPoolId={pool}", {"displayName": "GitHub"})
    assert answer.status == 200, answer.body
    assert answer.json()["done"] is True
    return f"{_pools(project)}/{pool}"


def _add(sandbox: Sandbox, pool: str, document: dict[str, Any], id_: str = "actions") -> Any:
    return sandbox.request("POST", f"{pool}/providers?workloadIdentityPoolProviderId={id_}", document)


def test_names_carry_the_project_s_number(sandbox: Sandbox) -> None:
    pool = _make(sandbox, "pool-names")
    shown = sandbox.get(pool)
    assert shown["name"] == f"projects/{number('pool-names')}/locations/global/workloadIdentityPools/github"
    assert shown["state"] == "ACTIVE"
    made = _add(sandbox, pool, GOOD).json()
    assert made["response"]["name"] == f"{shown['name']}/providers/actions"


def test_what_is_deleted_keeps_its_id_and_can_be_restored(sandbox: Sandbox) -> None:
    pool = _make(sandbox, "pool-deleted")
    assert _add(sandbox, pool, GOOD).status == 200
    assert sandbox.request("DELETE", pool).status == 200
    gone = sandbox.get(pool)
    assert (gone["state"], gone["expireTime"][:2]) == ("DELETED", "20")
    assert sandbox.get(_pools("pool-deleted")).get("workloadIdentityPools", []) == []
    assert len(sandbox.get(f"{_pools('pool-deleted')}?showDeleted=true")["workloadIdentityPools"]) == 1

    again = sandbox.request("POST", f"{_pools('pool-deleted')}?workloadIdentityPoolId=github", {})
    assert (again.status, again.json()["error"]["status"]) == (409, "ALREADY_EXISTS")
    assert sandbox.request("DELETE", pool).status == 404
    changed = sandbox.request("PATCH", f"{pool}?updateMask=displayName", {"displayName": "x"})
    assert changed.json()["error"]["status"] == "FAILED_PRECONDITION"
    assert _add(sandbox, pool, GOOD, "other").json()["error"]["status"] == "FAILED_PRECONDITION"

    assert sandbox.request("POST", f"{pool}:undelete", {}).status == 200
    assert "expireTime" not in sandbox.get(pool)
    assert sandbox.get(f"{pool}/providers/actions")["state"] == "ACTIVE"
    assert sandbox.request("POST", f"{pool}:undelete", {}).json()["error"]["status"] == "FAILED_PRECONDITION"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"attributeCondition": None}, "The attribute condition must reference one of the provider's claims."),
        ({"attributeCondition": "true"}, "The attribute condition must reference one of the provider's claims."),
        ({"attributeMapping": {"attribute.ref": "assertion.ref"}}, "google.subject must be mapped."),
        ({"attributeMapping": {**MAPPING, "attribute.Ref": "assertion.ref"}}, "Invalid mapped attribute key"),
        ({"oidc": {"issuerUri": "http://example.com"}}, "is not an https address"),
        ({"aws": {"accountId": "123456789012"}}, "Exactly one of aws, oidc, saml and x509 must be set."),
        ({"displayName": "x" * 33}, "displayName must not exceed 32 characters."),
    ],
)
def test_providers_that_google_refuses_are_refused(sandbox: Sandbox, change: dict[str, Any], message: str) -> None:
    pool = f"{_pools('pool-refused')}/github"
    if sandbox.request("GET", pool).status == 404:
        _make(sandbox, "pool-refused")
    document = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    answer = _add(sandbox, pool, document)
    assert answer.status == 400
    assert message in answer.json()["error"]["message"]


def test_what_is_not_served_is_refused_loudly(sandbox: Sandbox) -> None:
    path = f"{_pools('pool-unserved')}?workloadIdentityPoolId=trusted"
    assert sandbox.request("POST", path, {"mode": "TRUST_DOMAIN"}).status == 501
    pool = _make(sandbox, "pool-unserved")
    saml = {"saml": {"idpMetadataXml": "<x/>"}, "attributeMapping": MAPPING}
    assert _add(sandbox, pool, saml).status == 501
    assert sandbox.request("POST", f"{_pools('pool-unserved')}?workloadIdentityPoolId=gcp-pool", {}).status == 400
