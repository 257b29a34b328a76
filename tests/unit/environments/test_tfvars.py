"""The contract with `infra/`: names, defaults and shapes of the variables."""

from __future__ import annotations

import json
from typing import Any

import pytest
from envctl.environments.models import Subproject

from tests.unit.environments.environment_files import EnvironmentFiles

ALPHA = """
    description: First.
    service_accounts: {runner-1: {project_roles: [roles/workflows.invoker]}}
    secrets: {token: {grants: {r: {role: roles/secretmanager.secretAccessor, members: [beta/caller-1]}}}}
    repositories: {images: {}}
    buckets: {data: {}, named: {name: my-own-name, location: EU}}
    datasets:
      d:
        tables: {ticks: {schema: ticks.json}}
        views: {v: {query: "SELECT * FROM `${project_id}.d.ticks`", deletion_protection: true}}
    schemas: {tick: {definition: tick.avsc}}
    topics: {ticks: {schema: {id: tick}}}
    workflows: {flow: {source: flow.txt, service_account: runner-1, env: {P: "${project_id}/${environment}"}}}
    """
BETA = """
    service_accounts: {caller-1: {}}
    topics: {dead: {}}
    subscriptions:
      feed: {topic: alpha/ticks, dead_letter: {topic: dead}}
      hook: {topic: alpha/ticks, push: {service: engine, path: /in, service_account: caller-1}}
      hook-out: {topic: alpha/ticks, push: {endpoint: "https://example.com/in", service_account: caller-1, audience: x}}
    services:
      engine:
        image: ${region}/x:1
        service_account: caller-1
        secrets: {TOKEN: {secret: alpha/token}}
        grants: {call: {role: roles/run.invoker, members: [caller-1]}}
    jobs: {batch: {image: x, service_account: alpha/runner-1}}
    schedules:
      flow: {cron: "0 1 * * *", http: {workflow: alpha/flow, service_account: alpha/runner-1, body: {a: 1}}}
      call:
        cron: "0 1 * * *"
        time_zone: UTC
        http: {service: engine, path: /go, service_account: caller-1, body: {a: [1]}}
      api: {cron: "0 1 * * *", http: {uri: "https://run.googleapis.com/v2/x", method: GET, service_account: caller-1}}
      web: {cron: "0 1 * * *", http: {uri: "https://run.googleapis.com.example.com/", service_account: caller-1}}
      say: {cron: "0 1 * * *", pubsub: {topic: dead, data: hello}}
    """
AVRO = '{"type": "record", "name": "Tick", "fields": []}'
CALLER = "caller-1@atm-dev-1.iam.gserviceaccount.com"
RUNNER = "runner-1@atm-dev-1.iam.gserviceaccount.com"


@pytest.fixture
def variables(envs: EnvironmentFiles) -> dict[str, Any]:
    envs.file("ticks.json", '[ {"name": "day",  "type": "DATE"} ]').file("tick.avsc", AVRO)
    envs.file("flow.txt", "- a:\n    return: 1\n").subprojects(alpha=ALPHA, beta=BETA)
    envs.dev(
        "project_id: atm-dev-1\nproject_number: '123456789012'\nlabels: {team: quants}\ndeletion_protection: false\n"
    )
    return envs.load().tfvars


@pytest.fixture
def alpha(variables: dict[str, Any]) -> Any:
    return variables["subprojects"]["alpha"]


@pytest.fixture
def beta(variables: dict[str, Any]) -> Any:
    return variables["subprojects"]["beta"]


def test_the_top(variables: dict[str, Any]) -> None:
    assert set(variables) == {
        "environment",
        "project_id",
        "project_number",
        "region",
        "labels",
        "apis",
        "state",
        "github",
        "network",
        "notification_channels",
        "log_sinks",
        "log_buckets",
        "audit_logs",
        "budget",
        "deny_policies",
        "subprojects",
    }
    assert variables["project_number"] == "123456789012"
    assert variables["environment"] == "dev"
    assert variables["region"] == "asia-south1"
    assert variables["labels"] == {"team": "quants", "environment": "dev", "managed-by": "terraform"}


def test_every_subproject_has_every_kind(alpha: Any, beta: Any) -> None:
    kinds = {*Subproject.model_fields, "push_subscriptions", "export_subscriptions", "bucket_notifications"}
    assert set(alpha) == set(beta) == kinds
    assert alpha["description"] == "First."


def test_names_follow_their_kind(alpha: Any, beta: Any) -> None:
    assert alpha["workflows"]["flow"]["service_account"] == RUNNER
    assert beta["jobs"]["batch"]["service_account"] == RUNNER
    assert alpha["topics"]["ticks"]["schema"] == {
        "id": "projects/atm-dev-1/schemas/tick",
        "encoding": "JSON",
        "first_revision": None,
        "last_revision": None,
    }
    assert beta["subscriptions"]["feed"]["topic"] == "projects/atm-dev-1/topics/ticks"
    assert beta["subscriptions"]["feed"]["dead_letter"]["topic"] == "projects/atm-dev-1/topics/dead"
    assert beta["services"]["engine"]["secrets"]["TOKEN"] == {"secret": "token", "version": "latest"}
    assert alpha["secrets"]["token"]["grants"]["r"]["members"] == [f"serviceAccount:{CALLER}"]


def test_defaults_of_the_environment_are_filled_in(alpha: Any, beta: Any) -> None:
    assert alpha["buckets"]["data"]["name"] == "atm-dev-1-data"
    assert alpha["buckets"]["named"]["name"] == "my-own-name"
    assert alpha["buckets"]["named"]["location"] == "EU"
    assert {
        alpha[kind][key]["location"]
        for kind, key in [("buckets", "data"), ("datasets", "d"), ("repositories", "images")]
    } == {"asia-south1"}
    assert alpha["datasets"]["d"]["tables"]["ticks"]["deletion_protection"] is False
    assert alpha["datasets"]["d"]["views"]["v"]["deletion_protection"] is True
    assert beta["services"]["engine"]["deletion_protection"] is False
    assert beta["schedules"]["flow"]["time_zone"] == "Asia/Kolkata"
    assert beta["schedules"]["call"]["time_zone"] == "UTC"


def test_files_and_templates_become_text(alpha: Any, beta: Any) -> None:
    table = alpha["datasets"]["d"]["tables"]["ticks"]
    assert table["schema"] == '[{"name":"day","type":"DATE"}]'
    assert "schema_file" not in table
    assert alpha["schemas"]["tick"]["definition"] == AVRO
    assert alpha["workflows"]["flow"]["source"] == "- a:\n    return: 1\n"
    assert alpha["workflows"]["flow"]["env"] == {"P": "atm-dev-1/dev"}
    assert alpha["datasets"]["d"]["views"]["v"]["query"] == "SELECT * FROM `atm-dev-1.d.ticks`"
    assert beta["services"]["engine"]["image"] == "asia-south1/x:1"


def test_subscriptions_that_push_are_apart(beta: Any) -> None:
    assert set(beta["subscriptions"]) == {"feed"}
    assert "push" not in beta["subscriptions"]["feed"]
    push = beta["push_subscriptions"]
    assert push["hook"]["push"] == {
        "service": "beta/engine",
        "path": "/in",
        "endpoint": None,
        "service_account": CALLER,
        "audience": None,
        "no_wrapper": None,
    }
    assert push["hook-out"]["push"]["endpoint"] == "https://example.com/in"
    assert push["hook-out"]["push"]["service"] is None
    assert push["hook"]["retry"] is None and push["hook"]["retention"] == "604800s"


def test_a_schedule_of_a_workflow_starts_an_execution(beta: Any) -> None:
    http = beta["schedules"]["flow"]["http"]
    workflow = "projects/atm-dev-1/locations/asia-south1/workflows/flow"
    assert http["uri"] == f"https://workflowexecutions.googleapis.com/v1/{workflow}/executions"
    assert json.loads(json.loads(http["body"])["argument"]) == {"a": 1}
    assert http["oauth"] == {"service_account": RUNNER, "scope": "https://www.googleapis.com/auth/cloud-platform"}
    assert http["oidc"] is None and http["service"] is None
    assert beta["schedules"]["flow"]["pubsub"] is None


def test_a_schedule_of_a_service_carries_an_id_token(beta: Any) -> None:
    assert beta["schedules"]["call"]["http"] == {
        "uri": None,
        "service": "beta/engine",
        "path": "/go",
        "method": "POST",
        "body": '{"a":[1]}',
        "headers": {"Content-Type": "application/json"},
        "oauth": None,
        "oidc": {"service_account": CALLER, "audience": None},
    }


def test_a_schedule_of_an_address_uses_oauth_for_google_only(beta: Any) -> None:
    api, web = beta["schedules"]["api"]["http"], beta["schedules"]["web"]["http"]
    assert api["oauth"]["service_account"] == CALLER and api["oidc"] is None
    assert api["body"] is None and api["headers"] == {}
    assert web["oidc"] == {"service_account": CALLER, "audience": None} and web["oauth"] is None


def test_a_schedule_of_a_topic_publishes(beta: Any) -> None:
    assert beta["schedules"]["say"]["pubsub"] == {
        "topic": "projects/atm-dev-1/topics/dead",
        "data": "hello",
        "attributes": {},
    }
    assert beta["schedules"]["say"]["http"] is None


def test_partitions_expire_as_the_dataset_says_unless_the_table_says_otherwise(envs: EnvironmentFiles) -> None:
    envs.file("t.json", '[{"name": "at", "type": "TIMESTAMP"}]').dev("project_id: atm-dev-1\n")
    envs.subprojects(
        alpha="""
        datasets:
          d:
            default_partition_expiration_days: 400
            tables:
              default: {schema: t.json, time_partitioning: {field: at}}
              own: {schema: t.json, time_partitioning: {field: at, expiration_days: 7}}
              whole: {schema: t.json}
        """
    )
    tables = envs.load().tfvars["subprojects"]["alpha"]["datasets"]["d"]["tables"]
    assert tables["default"]["time_partitioning"]["expiration_days"] == 400
    assert tables["own"]["time_partitioning"]["expiration_days"] == 7
    assert tables["whole"]["time_partitioning"] is None


def test_what_may_be_deleted_paused_and_held_is_the_environments_unless_said(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        buckets: {raw: {}, kept: {force_destroy: false}}
        datasets: {prices: {}, orders: {delete_contents_on_destroy: false}}
        secrets: {first-key: {}, second-key: {placeholder: false}}
        topics: {wake-up: {}}
        schedules:
          first: {cron: "0 9 * * *", pubsub: {topic: wake-up, data: x}}
          second: {cron: "0 9 * * *", paused: false, pubsub: {topic: wake-up, data: x}}
        """
    )
    envs.dev("project_id: atm-dev-1\ndelete_contents: true\nsecret_placeholders: true\npause_schedules: true\n")

    alpha = envs.load().tfvars["subprojects"]["alpha"]

    assert {key: bucket["force_destroy"] for key, bucket in alpha["buckets"].items()} == {"raw": True, "kept": False}
    found = {key: dataset["delete_contents_on_destroy"] for key, dataset in alpha["datasets"].items()}
    assert found == {"prices": True, "orders": False}
    assert {key: s["placeholder"] for key, s in alpha["secrets"].items()} == {"first-key": True, "second-key": False}
    assert {key: s["paused"] for key, s in alpha["schedules"].items()} == {"first": True, "second": False}
