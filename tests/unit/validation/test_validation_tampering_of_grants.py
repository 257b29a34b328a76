"""Grants that are gone, that nobody declared or that stand under another condition are found."""

# ruff: noqa: E501 - a line a case is easier to read

from __future__ import annotations

from typing import Any

import pytest
from envctl.output import Result

from tests.unit.validation.fake_google import FakeGoogle
from tests.unit.validation.findings import Validated, failed
from tests.unit.validation.tamperings.places import BQ, EVE, JOBS, MASKED, ORDERS, RUN, TAGS, P

ENGINE = "serviceAccount:engine@full-project.iam.gserviceaccount.com"
POLICIES = [
    (f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com:getIamPolicy", "engine/service_accounts/engine"),
    (f"secretmanager/v1/{P}/secrets/api-key:getIamPolicy", "engine/secrets/api-key"),
    (f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images:getIamPolicy", "engine/repositories/images"),
    ("storage/v1/b/full-project-quotes/iam", "engine/buckets/quotes"),
    (f"{BQ}/tables/bars:getIamPolicy", "engine/tables/market_data.bars"),
    (f"pubsub/v1/{P}/topics/signals:getIamPolicy", "engine/topics/signals"),
    (f"pubsub/v1/{P}/subscriptions/signals-pull:getIamPolicy", "engine/subscriptions/signals-pull"),
    (f"{RUN}/services/strategy:getIamPolicy", "engine/services/strategy"),
    (f"{RUN}/jobs/backtest:getIamPolicy", "engine/jobs/backtest"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "thing"), POLICIES, ids=[thing for _, thing in POLICIES])
def test_a_grant_that_nobody_declared_is_the_one_finding(
    cloud: FakeGoogle, validated: Validated, policy: str, thing: str
) -> None:
    cloud.documents[policy]["bindings"].append({"role": "roles/viewer", "members": ["allUsers"]})
    assert failed(validated()) == [f"{thing}#grants roles/viewer for allUsers"]


@pytest.mark.parametrize(("policy", "thing"), POLICIES, ids=[thing for _, thing in POLICIES])
def test_a_grant_that_is_gone_is_the_one_finding(
    cloud: FakeGoogle, validated: Validated, policy: str, thing: str
) -> None:
    # The declared one comes after Google's own, and before the Pub/Sub agent's.
    binding = next(b for b in cloud.documents[policy]["bindings"] if "legacy" not in b["role"])
    del binding["members"][0]
    (found,) = failed(validated())
    assert found.startswith(f"{thing}#grant ")


def test_a_grant_under_another_condition_is_one_finding_not_two(cloud: FakeGoogle, validated: Validated) -> None:
    bindings = cloud.documents["storage/v1/b/full-project-quotes/iam"]["bindings"]
    (binding,) = (binding for binding in bindings if "condition" in binding)
    del binding["condition"]
    binding["members"] = [ENGINE]
    report = validated()
    assert failed(report) == ["engine/buckets/quotes#grant read/" + ENGINE, "engine/buckets/quotes#grant read/serviceAccount:caller@full-project.iam.gserviceaccount.com"]  # fmt: skip
    first = next(check for check in report.checks if check.result is Result.FAIL)
    assert "has another condition" in first.message


@pytest.mark.parametrize(
    ("entry", "grant"),
    [
        ({"role": "READER", "userByEmail": "eve@example.com"}, "roles/bigquery.dataViewer for user:eve@example.com"),
        ({"role": "READER", "specialGroup": "allAuthenticatedUsers"}, "roles/bigquery.dataViewer for allAuthenticatedUsers"),
        ({"role": "WRITER", "domain": "example.com"}, "roles/bigquery.dataEditor for domain:example.com"),
        ({"role": "roles/bigquery.admin", "iamMember": "allUsers"}, "roles/bigquery.admin for allUsers"),
        ({"strange": "x"}, "unknown for {'strange': 'x'}"),
    ],
)  # fmt: skip
def test_an_access_entry_of_a_dataset_that_nobody_declared(
    cloud: FakeGoogle, validated: Validated, entry: dict[str, Any], grant: str
) -> None:
    cloud.documents[BQ]["access"].append(entry)
    assert failed(validated()) == [f"engine/datasets/market_data#grants {grant}"]


def test_what_reads_a_dataset_without_a_role_and_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    view = {"projectId": "full-project", "datasetId": "market_data", "tableId": "last_bars"}
    cloud.documents[BQ]["access"].append({"view": view})
    assert failed(validated()) == ["engine/datasets/market_data#authorized.views"]


def test_a_missing_access_entry_of_a_dataset(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[BQ]["access"].pop()
    assert failed(validated()) == [f"engine/datasets/market_data#grant write/{ENGINE}"]


def test_the_creator_of_a_dataset_and_the_owners_of_its_project_are_google_s_doing(
    cloud: FakeGoogle, validated: Validated
) -> None:
    for dataset in (BQ, ORDERS):
        cloud.documents[dataset]["access"].append({"role": "OWNER", "userByEmail": "terraform@example.com"})
    assert failed(validated()) == []


def test_two_owners_of_a_dataset_that_nobody_declared_are_findings(cloud: FakeGoogle, validated: Validated) -> None:
    for who in ("terraform", "eve"):
        cloud.documents[BQ]["access"].append({"role": "OWNER", "userByEmail": f"{who}@example.com"})
    assert len(failed(validated())) == 2


def test_a_role_on_the_project_beyond_those_declared(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"].append({"role": "roles/editor", "members": [ENGINE]})
    report = validated()
    assert failed(report) == [f"engine/service_accounts/engine#project roles roles/editor for {ENGINE}"]


def test_a_role_on_the_project_that_is_gone(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"] = [b for b in policy["bindings"] if b["role"] != "roles/bigquery.jobUser"]
    assert failed(validated()) == ["engine/service_accounts/engine#project role roles/bigquery.jobUser"]


def test_a_trigger_of_a_bucket_whose_storage_may_not_publish(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    policy["bindings"] = [b for b in policy["bindings"] if b["role"] != "roles/pubsub.publisher"]
    assert failed(validated()) == ["engine/triggers/quotes-arrived#storage_agent"]


def test_a_dead_letter_topic_without_the_grant_of_pubsub_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/dead-signals:getIamPolicy"]["bindings"] = []
    assert failed(validated()) == ["engine/topics/dead-signals#agent roles/pubsub.publisher"]


def test_a_table_and_a_bucket_without_the_grants_of_pubsub_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    policies = [
        cloud.documents[path] for path in (f"{BQ}/tables/bars:getIamPolicy", "storage/v1/b/full-project-quotes/iam")
    ]
    for policy in policies:
        policy["bindings"] = [binding for binding in policy["bindings"] if agent not in binding["members"]]
    assert sorted(failed(validated())) == [
        "engine/buckets/quotes#agent roles/storage.legacyBucketReader",
        "engine/buckets/quotes#agent roles/storage.objectCreator",
        "engine/tables/market_data.bars#agent roles/bigquery.dataEditor",
        "engine/tables/market_data.bars#agent roles/bigquery.metadataViewer",
    ]


def test_connections_whose_accounts_lost_their_roles(cloud: FakeGoogle, validated: Validated) -> None:
    reader = cloud.documents["storage/v1/b/full-project-quotes/iam"]
    reader["bindings"] = [one for one in reader["bindings"] if "bqcx" not in one["members"][0]]
    project = cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]
    project["bindings"] = [one for one in project["bindings"] if "gcp-sa-bigqueryconnection" not in one["members"][0]]
    called = cloud.documents[f"run/v2/{P}/locations/asia-south1/services/risk:getIamPolicy"]
    called["bindings"] = [one for one in called["bindings"] if "bqcx" not in one["members"][0]]
    assert sorted(failed(validated())) == [
        "engine/bigquery_connections/ledger#cloud_sql role",
        "engine/buckets/quotes#agent connection roles/storage.objectViewer",
        "engine/services/risk#agent connection roles/run.invoker",
    ]


def test_readers_of_a_column_are_these_and_no_others(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"{TAGS}/sensitivity-pii-account:getIamPolicy"]["bindings"].append(EVE)
    cloud.documents[f"{MASKED}:getIamPolicy"]["bindings"] = []
    member = "serviceAccount:engine@full-project.iam.gserviceaccount.com"
    assert sorted(failed(validated())) == [
        f"engine/data_policies/sensitivity/pii/account/last_four#grant readers/{member}",
        "engine/policy_tags/sensitivity/pii/account#grants roles/viewer for user:eve@example.com",
    ]


def test_an_owner_that_google_leaves_out_is_unknown_not_another(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"bigquerydatatransfer/v1/{P}/locations/asia-south1/transferConfigs/of-totals"]["ownerInfo"]
    odd = {check.id: check.result for check in validated().checks if check.result is not Result.PASS}
    assert odd == {"engine/scheduled_queries/totals#service_account": Result.UNKNOWN}


def test_what_hangs_on_a_missing_tag_is_skipped(cloud: FakeGoogle, validated: Validated) -> None:
    tags = cloud.documents[TAGS]["policyTags"]
    cloud.documents[TAGS]["policyTags"] = [one for one in tags if one["displayName"] != "account"]
    report = validated()
    assert failed(report) == ["engine/policy_tags/sensitivity/pii/account#exists"]
    skipped = {check.id for check in report.checks if check.result is Result.SKIPPED}
    assert "engine/tables/orders_data.clients#schema" in skipped
    assert "engine/data_policies/sensitivity/pii/account/last_four#policy_tag" in skipped


def test_pubsub_s_agent_on_a_topic_without_dead_letters_is_a_finding(cloud: FakeGoogle, validated: Validated) -> None:
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    policy = cloud.documents[f"pubsub/v1/{P}/topics/alerts:getIamPolicy"]
    policy["bindings"].append({"role": "roles/pubsub.publisher", "members": [agent]})
    assert failed(validated()) == [f"engine/topics/alerts#grants roles/pubsub.publisher for {agent}"]


def test_a_notification_that_says_other_things_is_another_one(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents["storage/v1/b/full-project-everywhere/notificationConfigs"]["items"][0]["object_name_prefix"] = "x"
    assert failed(validated()) == ["engine/notifications/everywhere/changes#exists"]


def test_a_topic_of_notifications_without_the_grant_of_storage_s_agent(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/alerts:getIamPolicy"]["bindings"] = []
    assert failed(validated()) == ["engine/topics/alerts#agent storage roles/pubsub.publisher"]


def test_a_grant_on_a_managed_folder_that_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    policy = cloud.documents["storage/v1/b/full-project-everywhere/managedFolders/reports%2F/iam"]
    policy["bindings"].append({"role": "roles/storage.objectAdmin", "members": ["user:eve@example.com"]})
    found = "engine/managed_folders/everywhere/reports/#grants roles/storage.objectAdmin for user:eve@example.com"
    assert failed(validated()) == [found]


def test_a_variable_that_somebody_put_into_a_service_is_named_but_never_shown(
    cloud: FakeGoogle, validated: Validated
) -> None:
    from envctl.output import render_json, render_junit, render_text

    canary = "canary-4f9a"
    container = cloud.documents[f"{RUN}/services/strategy"]["template"]["containers"][0]
    container["env"].append({"name": "TOKEN", "value": canary})
    cloud.documents[f"{JOBS}/ping"]["httpTarget"]["headers"]["Authorization"] = canary
    cloud.documents[f"workflows/v1/{P}/locations/asia-south1/workflows/daily"]["userEnvVars"] = {"KEY": canary}
    report = validated()
    assert failed(report) == [
        "engine/services/strategy#env TOKEN",
        "engine/workflows/daily#env",
        "engine/schedules/ping#http.headers",
    ]
    for render in (render_text, render_json, render_junit):
        assert canary not in render(report)
