"""What is in the cloud and not in the state comes back by the import blocks that drift writes: nothing is made anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from envctl.drift.addresses import IMPORTS, key_of

from tests.support.checkout import Checkout

pytestmark = [pytest.mark.whole, pytest.mark.slow, pytest.mark.terraform, pytest.mark.timeout(900)]

APIS = (
    "artifactregistry bigquery cloudkms cloudscheduler cloudtasks compute eventarc iam pubsub redis run secretmanager "
    "servicenetworking sqladmin storage workflows workflowexecutions"
)
BASE = f"""
apis: [{", ".join(f"{name}.googleapis.com" for name in APIS.split())}]
network:
  name: platform
  subnets: {{inner: {{range: 10.10.0.0/24}}}}
  private_services: {{name: google, prefix_length: 20}}
  addresses: {{way-out: {{}}}}
  firewall: {{inner: {{traffic: [{{protocol: tcp, ports: ["443"]}}], ranges: [10.10.0.0/24]}}}}
subprojects:
  data:
    service_accounts: {{writer: {{project_roles: [roles/workflows.invoker]}}}}
    kms_keys: {{data: {{}}, far: {{location: europe}}}}
    secrets: {{salt: {{}}}}
    repositories: {{images: {{}}}}
    buckets: {{raw: {{}}}}
    datasets:
      facts:
        tables: {{bars: {{schema: bars.json}}}}
        views: {{newest: {{query: "SELECT 1 AS one"}}}}
        routines: {{twice: {{body: "2 * x", arguments: [{{name: x, type: INT64}}]}}}}
    sql_instances:
      orders:
        tier: db-custom-1-3840
        network: projects/${{project_id}}/global/networks/platform
    redis_instances:
      cache: {{network: "projects/${{project_id}}/global/networks/platform"}}
    schemas: {{tick: {{definition: tick.avsc}}}}
    topics: {{ticks: {{}}}}
    subscriptions:
      kept: {{topic: ticks}}
      pushed: {{topic: ticks, push: {{service: api, path: /ticks, service_account: writer}}}}
    services:
      api:
        image: example.com/api
        service_account: writer
        grants: {{call: {{role: roles/run.invoker, members: [writer]}}}}
    jobs: {{nightly: {{image: example.com/nightly, service_account: writer}}}}
    worker_pools: {{consumer: {{image: example.com/consumer, service_account: writer}}}}
    workflows: {{daily: {{source: workflows/daily.yaml, service_account: writer}}}}
    schedules: {{evening: {{cron: "0 18 * * 1-5", http: {{workflow: daily, service_account: writer}}}}}}
    queues: {{orders: {{name: orders-2}}}}
    triggers:
      ticked:
        criteria: {{type: google.cloud.pubsub.topic.v1.messagePublished}}
        topic: ticks
        workflow: daily
        service_account: writer
"""
TINY = """
project_id: atm-platform-tiny
project_number: "301872649100"
cloud: sandbox
deletion_protection: false
"""


def terraform(checkout: Checkout, *arguments: str) -> str:
    variables = checkout.must("env", "tiny", "--format", "json").json
    environment = {**checkout.environment, **variables, "TF_INPUT": "0", "PATH": os.environ["PATH"]}
    command = ["terraform", "-chdir=infra", *arguments]
    done = subprocess.run(command, cwd=checkout.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_kind_that_can_be_adopted_is_by_its_block(fresh: Checkout) -> None:
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs/workflows").mkdir(parents=True)
    (fresh.root / "envs/workflows/daily.yaml").write_text("main: {steps: [{end: {return: done}}]}\n")
    schema = {"type": "record", "name": "Tick", "fields": [{"name": "price", "type": "double"}]}
    (fresh.root / "envs/bars.json").write_text('[{"name": "symbol", "type": "STRING", "mode": "NULLABLE"}]')
    (fresh.root / "envs/tick.avsc").write_text(json.dumps(schema))
    (fresh.root / "envs/tiny.yaml").write_text(TINY)
    (fresh.root / "envs/base.yaml").write_text(BASE)
    fresh.must("up", "tiny", timeout=600)

    addresses = terraform(fresh, "state", "list").split()
    kinds = {address: key.kind for address in addresses if (key := key_of(address)) and not key.grant}
    ours = [address for address, kind in kinds.items() if kind in IMPORTS]
    assert {kinds[address] for address in ours} == set(IMPORTS)
    terraform(fresh, "state", "rm", *ours)

    found = fresh.must("drift", "tiny", "--imports", "infra/imports.tf", "--format", "json", code=2, timeout=600).json
    blocks = (fresh.root / "infra/imports.tf").read_text()
    assert [address for address in ours if f"to = {address}\n" not in blocks] == []
    assert not found["summary"]["unknown"], found
    assert [each for each in found["drifts"] if each["verdict"] != "not_in_state"] == []

    planned = fresh.must("plan", "tiny", "--format", "json", code=2).json["changes"]
    assert [change for change in planned if change["action"] not in ("noop", "update", "import")] == []
    fresh.must("apply", "tiny")
    (fresh.root / "infra/imports.tf").unlink()
    fresh.must("plan", "tiny")
    fresh.must("drift", "tiny")
