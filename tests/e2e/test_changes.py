"""A change of each kind of thing in YAML is an update or a replacement, as with Google; then nothing is left to do."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.support.checkout import Checkout

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("platform"),
    pytest.mark.timeout(900),
]

DATA, ENGINE, RISK = "trading-data-pipeline", "strategy-engine", "risk-compliance"
EXECUTION, MONITORING, SHARED = "trading-execution-engine", "monitoring-dashboard", "shared-services"

# What local.yaml adds for each subproject, and the address that changes in place by it.
UPDATES: list[tuple[str, dict[str, Any], str]] = [
    (
        RISK,
        {"service_accounts": {"risk-manager": {"display_name": "Changed"}}},
        'module.service_account.google_service_account.this["risk-manager"]',
    ),
    (
        EXECUTION,
        {"secrets": {"kite_api_key": {"labels": {"team": "x"}}}},
        'module.secrets["{0}"].google_secret_manager_secret.this["kite_api_key"]',
    ),
    (
        SHARED,
        {"repositories": {"services": {"description": "Changed"}}},
        'module.artifact_registry["{0}"].google_artifact_registry_repository.this["services"]',
    ),
    (
        DATA,
        {"buckets": {"market-data-raw": {"soft_delete_seconds": 864000}}},
        'module.gcs["{0}"].google_storage_bucket.this["market-data-raw"]',
    ),
    (
        MONITORING,
        {"datasets": {"monitoring_data": {"description": "Changed"}}},
        'module.bigquery["{0}"].google_bigquery_dataset.this["monitoring_data"]',
    ),
    (
        EXECUTION,
        {"datasets": {"execution_data": {"tables": {"orders": {"description": "Changed"}}}}},
        'module.bigquery["{0}"].google_bigquery_table.table["execution_data/orders"]',
    ),
    (
        ENGINE,
        {"datasets": {"strategy_data": {"views": {"daily_performance": {"query": "SELECT 1 AS one"}}}}},
        'module.bigquery_views["{0}"].google_bigquery_table.view["strategy_data/daily_performance"]',
    ),
    (
        ENGINE,
        {"topics": {"signals": {"retention": "700s"}}},
        'module.topics["{0}"].google_pubsub_topic.this["signals"]',
    ),
    (
        ENGINE,
        {"subscriptions": {"signals-audit": {"ack_deadline_seconds": 77}}},
        'module.subscriptions["{0}"].google_pubsub_subscription.this["signals-audit"]',
    ),
    (
        RISK,
        {"subscriptions": {"signals-risk": {"push": {"path": "/changed"}}}},
        'module.push_subscriptions["{0}"].google_pubsub_subscription.this["signals-risk"]',
    ),
    (
        MONITORING,
        {"services": {"dashboard": {"timeout": "77s"}}},
        'module.cloud_run["{0}"].google_cloud_run_v2_service.this["dashboard"]',
    ),
    (
        ENGINE,
        {"jobs": {"backtest": {"max_retries": 5}}},
        'module.cloud_run["{0}"].google_cloud_run_v2_job.this["backtest"]',
    ),
    (
        DATA,
        {"workflows": {"market-data-validation": {"call_log_level": "LOG_ALL_CALLS"}}},
        'module.workflows["{0}"].google_workflows_workflow.this["market-data-validation"]',
    ),
    (
        MONITORING,
        {"schedules": {"report-2000": {"cron": "5 20 * * 1-5"}}},
        'module.scheduler["{0}"].google_cloud_scheduler_job.this["report-2000"]',
    ),
]
REPLACEMENTS: list[tuple[str, dict[str, Any], str]] = [
    (
        EXECUTION,
        {"subscriptions": {"execution-dead-review": {"filter": 'attributes.kind = "fill"'}}},
        'module.subscriptions["{0}"].google_pubsub_subscription.this["execution-dead-review"]',
    ),
    (
        ENGINE,
        {"subscriptions": {"signals-dead-review": {"enable_message_ordering": True}}},
        'module.subscriptions["{0}"].google_pubsub_subscription.this["signals-dead-review"]',
    ),
]


def test_changes_in_place(platform: Checkout) -> None:
    assert planned_and_applied(platform, UPDATES) == {
        address.format(subproject): "update" for subproject, _, address in UPDATES
    }


def test_replacements(platform: Checkout) -> None:
    assert planned_and_applied(platform, REPLACEMENTS) == {
        address.format(subproject): "replace" for subproject, _, address in REPLACEMENTS
    }


def planned_and_applied(platform: Checkout, changes: list[tuple[str, dict[str, Any], str]]) -> dict[str, str]:
    """What is planned for changes of local.yaml, by address. They are applied, proven, and taken back."""
    file = platform.root / "envs/local.yaml"
    before = file.read_text()
    document = yaml.safe_load(before)
    for subproject, change, _ in changes:
        merge(document.setdefault("subprojects", {}).setdefault(subproject, {}), change)
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    try:
        planned = platform.must("plan", "local", "--format", "json", code=2).json
        platform.must("apply", "local", "--plan", "build/local/plan.tfplan")
        platform.must("plan", "local")
        platform.must("validate-env", "local")
    finally:
        file.write_text(before)
        platform.must("apply", "local")
    return {change["address"]: change["action"] for change in planned["changes"]}


def merge(into: dict[str, Any], what: dict[str, Any]) -> None:
    for key, value in what.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value
