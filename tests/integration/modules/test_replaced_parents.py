"""What hangs on a thing that is replaced is made again in the same apply.

Google drops it with the old thing, and the name stays, so that nothing else would tell Terraform.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from envctl.environments.load import load
from envctl.environments.render import write

from sandbox.control.projects import number
from tests.integration.modules.terraform import ROOT
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.whole, pytest.mark.terraform]
PROJECT = "atm-replaced"
BASE = """\
apis:
  - artifactregistry.googleapis.com
  - bigquery.googleapis.com
  - cloudtasks.googleapis.com
  - iam.googleapis.com
  - logging.googleapis.com
  - monitoring.googleapis.com
  - pubsub.googleapis.com
  - run.googleapis.com
  - secretmanager.googleapis.com
  - storage.googleapis.com
notification_channels:
  queue: {topic: engine/alerts}
log_sinks:
  table: {dataset: engine/logs, filter: severity>=INFO}
  live: {topic: engine/alerts, filter: severity>=ERROR}
  kept: {bucket: engine/raw, filter: severity>=INFO}
subprojects:
  engine:
    service_accounts: {engine: {}}
    repositories: {images: {grants: {pull: {role: roles/artifactregistry.reader, members: [engine]}}}}
    secrets: {key: {grants: {read: {role: roles/secretmanager.secretAccessor, members: [engine]}}}}
    buckets:
      raw:
        force_destroy: true
        grants: {read: {role: roles/storage.objectViewer, members: [engine]}}
        managed_folders: {reports/: {grants: {read: {role: roles/storage.objectViewer, members: [engine]}}}}
        notifications: {made: {topic: changes}}
    datasets:
      logs:
        delete_contents_on_destroy: true
        grants: {read: {role: roles/bigquery.dataViewer, members: [engine]}}
        tables:
          fills:
            schema: schemas/fills.json
            deletion_protection: false
            grants: {read: {role: roles/bigquery.dataViewer, members: [engine]}}
            row_access_policies: {all: {filter: "TRUE", grantees: [engine]}}
        views:
          symbols:
            query: SELECT symbol FROM `${project_id}.logs.fills`
            deletion_protection: false
            grants: {read: {role: roles/bigquery.dataViewer, members: [engine]}}
        routines:
          twice:
            body: x * 2
            arguments: [{name: x, type: INT64}]
            grants: {call: {role: roles/bigquery.routineDataViewer, members: [engine]}}
          symbols_of: {type: TABLE_VALUED_FUNCTION, body: "SELECT symbol FROM `${project_id}.logs.fills`"}
      other:
        authorized: {views: [logs.symbols], datasets: [logs], routines: [logs.symbols_of]}
    topics:
      filled: {ingestion: {cloud_storage: {bucket: raw}}}
      alerts: {grants: {publish: {role: roles/pubsub.publisher, members: [engine]}}}
      changes: {}
      fills: {}
    subscriptions:
      fills:
        topic: fills
        bigquery: {dataset: logs, table: fills, drop_unknown_fields: true, use_table_schema: true}
      alerts: {topic: alerts, grants: {read: {role: roles/pubsub.subscriber, members: [engine]}}}
    jobs:
      backtest:
        image: example.com/backtest:1
        service_account: engine
        deletion_protection: false
        grants: {run: {role: roles/run.invoker, members: [engine]}}
    queues:
      orders: {grants: {add: {role: roles/cloudtasks.enqueuer, members: [engine]}}}
"""
REPLACED = [
    'module.artifact_registry["engine"].google_artifact_registry_repository.this["images"]',
    'module.secrets["engine"].google_secret_manager_secret.this["key"]',
    'module.gcs["engine"].google_storage_bucket.this["raw"]',
    'module.bigquery["engine"].google_bigquery_dataset.this["logs"]',
    'module.topics["engine"].google_pubsub_topic.this["alerts"]',
    'module.topics["engine"].google_pubsub_topic.this["changes"]',
    'module.subscriptions["engine"].google_pubsub_subscription.this["alerts"]',
    'module.cloud_run["engine"].google_cloud_run_v2_job.this["backtest"]',
]


# How many of each type follow.
FOLLOWING = {
    "google_artifact_registry_repository_iam_member": 1,
    "google_bigquery_dataset_iam_member": 2,  # the log sink's writer is one
    "google_bigquery_dataset_access": 3,
    "google_bigquery_routine": 2,
    "google_bigquery_routine_iam_member": 1,
    "google_bigquery_row_access_policy": 1,
    "google_bigquery_table": 2,
    "google_bigquery_table_iam_member": 4,  # Pub/Sub's agent has two of them
    "google_cloud_run_v2_job_iam_member": 1,
    "google_pubsub_subscription_iam_member": 1,
    "google_pubsub_topic_iam_member": 4,  # a channel's, a sink's, a notification's, and the one declared
    "google_secret_manager_secret_iam_member": 1,
    "google_storage_bucket_iam_member": 4,  # two are of Pub/Sub's agent, which fills a topic
    "google_storage_managed_folder": 1,
    "google_storage_managed_folder_iam_member": 1,
    "google_storage_notification": 1,
}


@pytest.fixture
def root(sandbox: Sandbox, tmp_path: Path) -> Root:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    for name in ("modules", "infra"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    (tmp_path / "envs" / "schemas").mkdir(parents=True)
    fields = [{"name": "symbol", "type": "STRING"}]
    (tmp_path / "envs" / "schemas" / "fills.json").write_text(json.dumps(fields))
    (tmp_path / "envs" / "base.yaml").write_text(BASE)
    (tmp_path / "envs" / "dev.yaml").write_text(f'project_id: {PROJECT}\nproject_number: "{number(PROJECT)}"\n')
    rendered = write(load("dev", tmp_path), tmp_path / "build").tfvars
    shutil.copy(rendered, tmp_path / "infra" / "dev.auto.tfvars.json")
    made = Root(tmp_path / "infra", sandbox.reattach, PROJECT)
    made.run("init", "-input=false", "-no-color")
    return made


def test_what_hangs_on_a_replaced_thing_comes_back_in_the_same_apply(root: Root) -> None:
    root.run("apply", "-auto-approve", "-input=false", "-no-color")
    assert root.actions() == {}

    replace = [f"-replace={address}" for address in REPLACED]
    root.run("plan", "-input=false", "-no-color", "-out=replacing", *replace)
    shown = json.loads(root.run("show", "-json", "replacing").stdout)
    changes = {change["address"]: change["change"]["actions"] for change in shown["resource_changes"]}
    # The old thing goes first: its name is taken until then.
    replaced = {address for address, actions in changes.items() if actions == ["delete", "create"]}
    assert {at: does for at, does in changes.items() if at not in replaced and does != ["no-op"]} == {}
    types = Counter(re.findall(r"google_\w+", address)[0] for address in replaced - {*REPLACED})
    assert types == FOLLOWING
    root.run("apply", "-input=false", "-no-color", "replacing")

    assert root.actions() == {}, "nothing was lost with the old things"
