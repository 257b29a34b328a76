"""A first deployment: bootstrap, then apply; and bootstrap again, which changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.checkout import Checkout

pytestmark = [pytest.mark.whole, pytest.mark.slow, pytest.mark.terraform, pytest.mark.timeout(600)]
BUCKET = "/storage/v1/b/atm-local-tfstate"


def things(checkout: Checkout, code: int = 0) -> dict[str, dict[str, Any]]:
    result = checkout.must("bootstrap", "local", "--format", "json", code=code)
    return {thing["name"]: thing for thing in result.json["things"]}


def test_bootstrap_makes_what_is_missing_and_apply_finds_it(fresh: Checkout) -> None:
    fresh.must("sandbox", "up", "local")
    first = things(fresh)
    registries = [name for name in first if "google_artifact_registry_repository.this" in name]
    assert registries
    assert "atm-local-tfstate" in first
    assert all(thing["made"] for thing in first.values())
    assert fresh.call("GET", BUCKET)["softDeletePolicy"]["retentionDurationSeconds"] == "604800"

    second = things(fresh)
    assert set(registries) <= set(second)
    assert not any(thing["made"] or thing["differences"] for thing in second.values())

    fresh.call("PATCH", BUCKET, {"versioning": {"enabled": False}})
    assert things(fresh, code=2)["atm-local-tfstate"]["differences"] == ["it keeps no versions"]
    assert fresh.call("GET", BUCKET)["versioning"] == {"enabled": False}, "what exists is never changed"

    plan = fresh.must("plan", "local", "--format", "json", code=2).json
    assert not [change for change in plan["changes"] if "google_artifact_registry_repository.this" in change["address"]]
    fresh.must("apply", "local")
    assert "nothing to change" in fresh.must("plan", "local").out


def test_bootstrap_makes_whom_github_plans_and_applies_as(fresh: Checkout) -> None:
    fresh.must("sandbox", "up", "dev")

    def run() -> dict[str, dict[str, Any]]:
        result = fresh.must("bootstrap", "dev", "--sandbox", "--format", "json")
        return {thing["name"]: thing for thing in result.json["things"]}

    first, github = run(), "module.github_oidc."
    assert {
        f'{github}google_iam_workload_identity_pool_provider.this["github"]',
        f'{github}google_service_account_iam_member.this["apply"]',
        f'{github}google_storage_bucket_iam_member.lock["plan"]',
    } <= set(first)
    assert not any(thing["made"] or thing["differences"] for thing in run().values())
    fresh.must("sandbox", "down", "dev")
