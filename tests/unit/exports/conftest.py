"""A platform in which there is one of each thing that runs, loaded as any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from envctl.environments import LoadedEnvironment, load

ROOT = Path(__file__).resolve().parents[3]
IMAGE = "${region}-docker.pkg.dev/${project_id}/services"
APIS = [
    "bigquery",
    "cloudscheduler",
    "iam",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "storage",
    "workflowexecutions",
]
BASE = f"""\
apis: [{", ".join(f"{api}.googleapis.com" for api in APIS)}]
labels: {{platform: small}}
subprojects:
  trading:
    service_accounts: {{router-account: {{}}, batch-account: {{}}}}
    secrets:
      kite_api_key: {{grants: {{read: {{role: roles/secretmanager.secretAccessor, members: [router-account]}}}}}}
      certificate: {{grants: {{read: {{role: roles/secretmanager.secretAccessor, members: [router-account]}}}}}}
    buckets:
      journal: {{grants: {{write: {{role: roles/storage.objectUser, members: [router-account]}}}}}}
    services:
      router:
        image: {IMAGE}/router:latest
        service_account: router-account
        cpu_idle: false
        args: [--price, "$5", --home, $(HOME)]
        env: {{TEXT: "it costs $5 and $(HOME)"}}
        secrets: {{KITE_API_KEY: {{secret: kite_api_key}}}}
        volumes:
          certificate: {{secret: {{secret: certificate, items: {{ca.pem: {{mode: "0440"}}}}}}}}
          scratch: {{memory: {{size_limit: 64Mi}}}}
          journal: {{bucket: {{bucket: journal, read_only: false}}}}
          shared: {{nfs: {{server: 10.0.0.2, path: /share, read_only: true}}}}
          sockets: {{cloud_sql: ["p:r:i"]}}
        mounts:
          /certificate: {{volume: certificate}}
          /scratch: {{volume: scratch}}
          /journal: {{volume: journal}}
          /shared: {{volume: shared, sub_path: a}}
          /cloudsql: {{volume: sockets}}
        sidecars:
          proxy:
            image: docker.io/envoyproxy/envoy:v1.34.1
            startup_probe: {{tcp: true, port: 9901}}
            mounts: {{/shared: {{volume: scratch}}}}
        depends_on: [proxy]
        startup_probe: {{grpc: "", period_seconds: 5}}
        grants:
          call: {{role: roles/run.invoker, members: [desk/desk-account, batch-account]}}
    worker_pools:
      consumers: {{image: "{IMAGE}/consumers:1.2.3", service_account: batch-account, instances: 2}}
    jobs:
      reconcile:
        image: {IMAGE}/router:latest
        service_account: batch-account
        args: [reconcile]
        tasks: 4
        parallelism: 2
        schedule: {{cron: "15 16 * * 1-5"}}
      replay: {{image: "{IMAGE}/router", service_account: batch-account}}
    slo_services:
      router:
        slos:
          availability: {{goal: 0.999, rolling_days: 28, availability: router, burn_alerts: {{channels: []}}}}
          latency: {{goal: 0.95, rolling_days: 28, latency: {{service: router, milliseconds: 200}}}}
          slower: {{goal: 0.95, rolling_days: 28, latency: {{service: router, milliseconds: 60000}}}}
  desk:
    service_accounts: {{desk-account: {{}}}}
    services:
      desk:
        image: {IMAGE}/desk:latest
        service_account: desk-account
        ingress: all
        max_instances: 3
        min_instances: 2
        http2: true
        liveness_probe: {{path: /health/live, headers: {{x-probe: "1"}}}}
        grants:
          call: {{role: roles/run.invoker, members: [trading/router-account]}}
"""
DEV = 'project_id: atm-small-dev\nproject_number: "742915038826"\n'
SETTINGS = {
    "router": "SERVICE_PORT: 8007\nGRPC_PORT: 50054\nDEPENDENCIES: [desk]\n",
    "desk": "DEPENDENCIES: [router]\n",
}


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    for folder in ("envs", "config/services", "services/router"):
        (root / folder).mkdir(parents=True)
    (root / "envs/base.yaml").write_text(BASE)
    (root / "envs/dev.yaml").write_text(DEV)
    (root / "services/router/__main__.py").write_text("")
    for name, text in SETTINGS.items():
        (root / f"config/services/{name}.yaml").write_text(text)
    return root


@pytest.fixture(scope="session")
def small(root: Path) -> LoadedEnvironment:
    return load("dev", root)
