"""Every rule is broken by something, and holds for what is well made."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

# ruff: noqa: E501 - a line a case is easier to read
from envctl.environments.models.policy import PolicyException
from envctl.output.model import Check, Location, Result
from envctl.plans.read import read_plan
from envctl.policy.evaluate import evaluate
from envctl.policy.exceptions import Exceptions
from envctl.policy.model import Ground
from envctl.policy.rules import BY_ID, EXPIRED, RULES, UNUSED
from envctl.policy.subjects import planned, yaml_path

from tests.support.plans import at, bucket, change, plan

TODAY = date(2026, 11, 26)
PROD = Ground("prod", production=True, project="p", cmek=frozenset({"sql_instances"}), budget=20_000)
LABELS = {"environment": "prod", "managed-by": "terraform"}
SQL = {
    "region": "asia-south1",
    "encryption_key_name": "k",
    "deletion_protection": True,
    "settings": [
        {
            "user_labels": LABELS,
            "backup_configuration": [{"enabled": True}],
            "ip_configuration": [{"ipv4_enabled": False, "ssl_mode": "ENCRYPTED_ONLY"}],
        }
    ],
}
REDIS = {
    "region": "asia-south1",
    "labels": LABELS,
    "deletion_protection": True,
    "auth_enabled": True,
    "transit_encryption_mode": "SERVER_AUTHENTICATION",
}
SERVICE = {
    "location": "asia-south1",
    "labels": LABELS,
    "deletion_protection": True,
    "template": [{"containers": [{"image": "r/i@sha256:00", "env": [{"name": "LEVEL", "value": "info"}]}]}],
}
TOPIC = {"labels": LABELS, "message_retention_duration": "600s"}
TABLE = {"labels": LABELS, "deletion_protection": True}
FIREWALL = {"direction": "INGRESS", "allow": [{"protocol": "tcp"}], "source_ranges": ["10.0.0.0/8"]}
MEMBER = {"role": "roles/run.invoker", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("google_storage_bucket", bucket(labels=LABELS)),
    ("google_sql_database_instance", SQL),
    ("google_redis_instance", REDIS),
    ("google_cloud_run_v2_service", SERVICE),
    ("google_pubsub_topic", TOPIC),
    ("google_bigquery_table", TABLE),
    ("google_compute_firewall", FIREWALL),
    ("google_project_iam_member", MEMBER),
    ("google_logging_project_bucket_config", {"retention_days": 30}),
    ("google_secret_manager_secret_version", {"secret_data": "unset"}),
    # Google's own agent, which Google gives this role.
    (
        "google_project_iam_member",
        {"role": "roles/editor", "member": "serviceAccount:1@cloudservices.gserviceaccount.com"},
    ),
]


def with_sql(**settings: Any) -> dict[str, Any]:
    return {**SQL, "settings": [{**SQL["settings"][0], **settings}]}  # type: ignore[index]


def with_env(name: str, value: str, image: str = "r/i@sha256:00") -> dict[str, Any]:
    return {**SERVICE, "template": [{"containers": [{"image": image, "env": [{"name": name, "value": value}]}]}]}


def member(role: str, who: str) -> dict[str, Any]:
    return {"role": role, "member": who}


def policy(role: str, *members: str) -> dict[str, Any]:
    return {"policy_data": json.dumps({"bindings": [{"role": role, "members": members}]})}


EVE = "user:eve@example.com"
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("ATM-IAM-001", "google_storage_bucket_iam_member", member("roles/storage.objectViewer", "allUsers")),
    ("ATM-IAM-001", "google_pubsub_topic_iam_binding", {"role": "r", "members": [EVE, "allAuthenticatedUsers"]}),
    ("ATM-IAM-001", "google_storage_bucket_iam_policy", policy("roles/storage.objectViewer", EVE, "allUsers")),
    ("ATM-IAM-002", "google_project_iam_member", member("roles/editor", EVE)),
    ("ATM-IAM-002", "google_project_iam_policy", policy("roles/owner", EVE)),
    ("ATM-IAM-003", "google_project_iam_member", member("roles/storage.admin", EVE)),
    ("ATM-IAM-003", "google_project_iam_member", member("roles/iam.serviceAccountTokenCreator", EVE)),
    ("ATM-IAM-004", "google_service_account_key", {"service_account_id": "x"}),
    (
        "ATM-IAM-005",
        "google_service_account_iam_member",
        member("roles/iam.serviceAccountTokenCreator", "serviceAccount:x@other.iam.gserviceaccount.com"),
    ),
    ("ATM-GCS-001", "google_storage_bucket", bucket(labels=LABELS, uniform_bucket_level_access=False)),
    ("ATM-GCS-002", "google_storage_bucket", bucket(labels=LABELS, public_access_prevention="inherited")),
    ("ATM-KEY-001", "google_sql_database_instance", {**SQL, "encryption_key_name": None}),
    ("ATM-LAB-001", "google_pubsub_topic", {**TOPIC, "labels": {"environment": "prod"}}),
    ("ATM-LOC-001", "google_storage_bucket", bucket(labels=LABELS, location="US")),
    ("ATM-SEC-001", "google_secret_manager_secret_version", {"secret_data": "canary-1"}),
    ("ATM-SEC-001", "google_sql_user", {"password": "canary-1"}),
    ("ATM-SEC-002", "google_cloud_run_v2_service", with_env("API_KEY", "canary-1")),
    ("ATM-NET-001", "google_compute_firewall", {**FIREWALL, "source_ranges": ["0.0.0.0/0"]}),
    ("ATM-NET-001", "google_compute_firewall", {**FIREWALL, "source_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}),
    ("ATM-IAM-001", "google_bigquery_dataset_access", {"role": "READER", "special_group": "allAuthenticatedUsers"}),
    ("ATM-IAM-001", "google_storage_bucket_acl", {"role_entity": ["READER:allUsers"]}),
    ("ATM-IAM-001", "google_storage_bucket_object", {"predefined_acl": "publicRead"}),
    ("ATM-IAM-001", "google_storage_default_object_access_control", {"role": "READER", "entity": "allUsers"}),
    ("ATM-RUN-001", "google_cloud_run_v2_service", {**SERVICE, "invoker_iam_disabled": True}),
    ("ATM-SQL-001", "google_sql_database_instance", with_sql(ip_configuration=[{"ipv4_enabled": True, "ssl_mode": "ENCRYPTED_ONLY"}])),
    ("ATM-SQL-002", "google_sql_database_instance", with_sql(ip_configuration=[{"ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}])),
    ("ATM-RED-001", "google_redis_instance", {**REDIS, "auth_enabled": False}),
    ("ATM-PRO-001", "google_bigquery_table", {**TABLE, "deletion_protection": False}),
    ("ATM-PRO-002", "google_storage_bucket", bucket(labels=LABELS, force_destroy=True)),
    ("ATM-PRO-003", "google_sql_database_instance", with_sql(backup_configuration=[])),
    ("ATM-PRO-004", "google_storage_bucket", bucket(labels=LABELS, versioning=[])),
    ("ATM-RET-001", "google_logging_project_bucket_config", {"retention_days": 7}),
    ("ATM-RET-002", "google_pubsub_topic", {**TOPIC, "message_retention_duration": ""}),
    ("ATM-IMG-001", "google_cloud_run_v2_service", with_env("LEVEL", "x", "r/i:latest")),
]  # fmt: skip


def judged(
    *resources: tuple[str, dict[str, Any]],
    ground: Ground = PROD,
    exceptions: dict[str, PolicyException] | None = None,
    file: str = "envs/prod.yaml",
    **more: Any,
) -> list[Check]:
    changes = [change(at(type, f"k{n}"), None, values, type=type, **more) for n, (type, values) in enumerate(resources)]
    subjects = planned(read_plan(plan(*changes)).resources)
    return evaluate(subjects, ground, Exceptions(exceptions or {}, TODAY), lambda path: Location(file, 1, 1)).checks


def findings(checks: list[Check]) -> list[str]:
    return [check.kind for check in checks if check.result is Result.FAIL]


def test_what_is_well_made_breaks_no_rule() -> None:
    assert findings(judged(*GOOD)) == []


@pytest.mark.parametrize(("rule", "type", "values"), BROKEN, ids=[f"{rule}-{n}" for n, (rule, *_) in enumerate(BROKEN)])
def test_each_rule_is_broken_by_what_it_forbids_and_tells_no_secret(
    rule: str, type: str, values: dict[str, Any]
) -> None:
    checks = judged((type, values))
    assert findings(checks) == [rule]
    (check,) = [check for check in checks if check.result is Result.FAIL]
    assert check.severity == BY_ID[rule].severity
    assert check.cause is not None
    assert check.cause.todo == BY_ID[rule].remediation
    assert "canary" not in repr(check)


def test_what_a_plan_only_reads_or_lets_go_breaks_no_rule() -> None:
    public = bucket(public_access_prevention="inherited")
    for action in ("read", "delete", "forget"):
        read = change("data.google_storage_bucket.theirs", public, public, action)
        assert list(planned(read_plan(plan(read)).resources)) == []


def test_money_is_judged_by_the_environment() -> None:
    assert findings(judged(ground=Ground("prod", production=True, budget=None))) == ["ATM-BUD-001"]
    assert findings(judged(ground=Ground("prod", production=True, budget=20_000, cost=20_001))) == ["ATM-BUD-002"]
    assert findings(judged(ground=Ground("dev", budget=None, cost=5))) == []


def test_every_rule_has_a_case() -> None:
    tested = {rule for rule, *_ in BROKEN} | {"ATM-BUD-001", "ATM-BUD-002", EXPIRED, UNUSED}
    assert tested == set(BY_ID)
    assert len(BY_ID) == len(RULES)


def test_rules_of_production_hold_there_alone() -> None:
    dev = Ground("dev", project="p", cmek=PROD.cmek)
    of_production = {rule.id for rule in RULES if rule.production}
    for rule, type, values in BROKEN:
        assert (findings(judged((type, values), ground=dev)) == []) is (rule in of_production), rule


def exception(rule: str, resource: str, expires: str = "2026-11-26") -> dict[str, PolicyException]:
    reason = "Until the migration is over."
    return {"one": PolicyException(rule=rule, resource=resource, owner="platform", reason=reason, expires=expires)}


PUBLIC = ("google_storage_bucket", bucket(labels=LABELS, public_access_prevention="inherited"))


@pytest.mark.parametrize("pattern", ["alpha/buckets/k0", "alpha/buckets/*", "*", at("google_storage_bucket", "k0")])
def test_an_exception_holds_through_its_last_day(pattern: str) -> None:
    checks = judged(PUBLIC, exceptions=exception("ATM-GCS-002", pattern))
    assert findings(checks) == []
    (skipped,) = [check for check in checks if check.result is Result.SKIPPED]
    assert "excepted until 2026-11-26 by platform: Until the migration is over." in skipped.message


def test_an_expired_exception_excepts_nothing_and_is_a_finding() -> None:
    checks = judged(PUBLIC, exceptions=exception("ATM-GCS-002", "*", "2026-11-25"))
    assert findings(checks) == ["ATM-GCS-002", EXPIRED]
    message = next(check.message for check in checks if check.kind == "ATM-GCS-002")
    assert "the exception of platform expired on 2026-11-25" in message


def test_an_exception_of_nothing_is_a_finding() -> None:
    assert findings(judged(exceptions=exception("ATM-GCS-002", "alpha/buckets/other"))) == [UNUSED]


def test_an_exception_of_every_environment_may_be_unused_in_one() -> None:
    unused = exception("ATM-GCS-002", "alpha/buckets/other")
    assert findings(judged(exceptions=unused, file="envs/base.yaml")) == []


def test_what_terraform_does_not_know_yet_is_unknown_and_never_passes() -> None:
    values = {**SQL, "encryption_key_name": None}
    checks = judged(("google_sql_database_instance", values), after_unknown={"encryption_key_name": True})
    assert [check.kind for check in checks if check.result is Result.UNKNOWN] == ["ATM-KEY-001"]


def test_what_goes_is_not_judged() -> None:
    gone = change(at("google_storage_bucket"), PUBLIC[1], None)
    assert list(planned(read_plan(plan(gone)).resources)) == []


def test_things_are_named_as_the_validation_names_them() -> None:
    changes = [
        change(at("google_bigquery_table", "d/t", module="bigquery"), None, TABLE),
        change('module.export_subscriptions.google_pubsub_subscription.this["rows"]', None, {"labels": {"subproject": "beta"}}),
        change('module.network["platform"].google_compute_firewall.this["deny"]', None, FIREWALL),
        change(
            'module.gcs["alpha"].google_storage_bucket_iam_member.this["raw/read/user:a@x.com"]',
            None,
            member("roles/storage.objectViewer", "user:a@x.com"),
        ),
    ]  # fmt: skip
    found = [subject.id for subject in planned(read_plan(plan(*changes)).resources)]
    assert found == [
        "alpha/tables/d.t",
        "beta/subscriptions/rows",
        "environment/firewall/deny",
        "alpha/buckets/raw#roles/storage.objectViewer:user:a@x.com",
    ]
    assert yaml_path("environment/firewall/deny") == ("network", "firewall", "deny")
