"""The repository's own environments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from envctl.environments import load, names

ROOT = Path(__file__).resolve().parents[3]


def test_the_four_environments_are_there() -> None:
    assert {"local", "dev", "staging", "prod"} <= set(names(ROOT))


@pytest.mark.parametrize("name", names(ROOT))
def test_an_environment_is_valid_and_renders(name: str) -> None:
    loaded = load(name, ROOT)
    assert json.loads(json.dumps(loaded.tfvars))["environment"] == name
    assert {"shared-services", "strategy-engine"} <= set(loaded.tfvars["subprojects"])


def test_only_local_runs_in_the_sandbox() -> None:
    assert {name: load(name, ROOT).declared.cloud for name in names(ROOT)}["local"] == "sandbox"
    assert all(load(name, ROOT).declared.cloud == "google" for name in names(ROOT) if name != "local")


def test_production_is_protected_and_holds_no_placeholder() -> None:
    prod = load("prod", ROOT)
    assert prod.declared.deletion_protection
    for subproject in prod.declared.subprojects.values():
        assert not any(secret.placeholder for secret in subproject.secrets.values())
        assert not any(bucket.force_destroy for bucket in subproject.buckets.values())
        assert not any(dataset.delete_contents_on_destroy for dataset in subproject.datasets.values())


def test_the_strategy_engine_is_sized_as_specified() -> None:
    engine = load("prod", ROOT).declared.subprojects["strategy-engine"].services["strategy-engine"]
    assert (engine.cpu, engine.memory, engine.min_instances, engine.max_instances) == ("2", "4Gi", 0, 10)
    assert (engine.concurrency, engine.timeout) == (1, "3600s")


def test_nobody_holds_a_primitive_or_an_administrator_role() -> None:
    for subproject in load("prod", ROOT).declared.subprojects.values():
        for account in subproject.service_accounts.values():
            for role in account.project_roles:
                assert role not in {"roles/owner", "roles/editor", "roles/viewer"}
                assert "admin" not in role.lower()
