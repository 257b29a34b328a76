"""Cloud Run, workflows and their schedules: what the models and checks refuse, and what rendering makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

ACCOUNT = "service_accounts: {runner-1: {project_roles: [roles/workflows.invoker]}}\n"
_APIS = ", ".join(f"{api}.googleapis.com" for api in ("compute", "iam", "run", "secretmanager", "storage"))
NETWORK = f"project_id: atm-dev-1\napis: [{_APIS}]\nnetwork: {{subnets: {{run: {{range: 10.0.0.0/24}}}}}}\n"
RUNNER = "runner-1@atm-dev-1.iam.gserviceaccount.com"


def service(envs: EnvironmentFiles, text: str, *, more: str = "", kind: str = "services") -> EnvironmentFiles:
    body = f"{ACCOUNT}{more}{kind}:\n  engine:\n    image: x\n    service_account: runner-1\n"
    return envs.subprojects(alpha=body + "".join(f"    {line}\n" for line in text.splitlines()))


def rendered(envs: EnvironmentFiles) -> dict[str, Any]:
    found: dict[str, Any] = envs.load().tfvars["subprojects"]["alpha"]
    return found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mounts: {/keys: {volume: keys}}", 'there is no volume "keys"'),
        ("mounts: {keys: {volume: keys}}", '"keys" is not a full path'),
        ("volumes: {keys: {}}", "a volume is of one kind"),
        ("volumes: {scratch: {memory: {size_limit: 1G}}}", '"1G" is not memory'),
        ("volumes: {sql: {cloud_sql: [orders]}}", "is not a connection name"),
        ("volumes: {keys: {secret: {secret: nothing}}}", '"nothing" names no secret'),
        ("volumes: {bars: {bucket: {bucket: nothing}}}", '"nothing" names no bucket'),
        ("depends_on: [proxy]", 'there is no container "proxy"'),
        ("sidecars: {app: {image: y}}", '"app" is the main container'),
        ("sidecars: {proxy: {image: y, depends_on: [app]}}\ndepends_on: [proxy]", "the containers wait for each other"),
        ("sidecars: {proxy: {image: y, startup_probe: {path: /h}}}", "say which port is asked"),
        ("startup_probe: {path: /h, grpc: x}", "a probe asks in one way"),
        ("readiness_probe: {timeout_seconds: 1}", "a readiness probe asks in one way"),
        ("vpc_access: {egress: all-traffic}", "through a subnet or through a connector"),
        ("vpc_access: {subnet: runn}", 'the network has no subnet "runn" (did you mean "run"?)'),
        ("vpc_access: {connector: atm}", 'the network has no connector "atm"'),
        ("traffic: {latest: {percent: 90}}", "add up to 100"),
        ("traffic: {latest: {percent: 100, tag: a}, v1: {tag: a}}", "a tag is given to one revision"),
        ("ingress: all\ninvoker_check: false", "would open it to the world"),
        ("gpu: {}\ncpu_idle: false", "a GPU needs at least 4 vCPUs and 16Gi"),
        ("gpu: {}\ncpu: '4'\nmemory: 16Gi", "a GPU needs cpu_idle: false"),
        ("service_scaling: {manual_instances: 1, min_instances: 1}", "leaves no min_instances"),
        ("annotations: {run.googleapis.com/ingress: all}", "are fields of Cloud Run"),
        ("tags: {tier: gold}", "is not the key of a resource tag"),
    ],
)
def test_parts_of_a_service_that_do_not_fit_are_refused(envs: EnvironmentFiles, text: str, message: str) -> None:
    problems = service(envs.dev(NETWORK), text).problems()
    assert any(message in problem for problem in problems), problems


def test_files_of_a_secret_need_the_same_grant_as_variables(envs: EnvironmentFiles) -> None:
    text = "volumes: {keys: {secret: {secret: token}}}\nmounts: {/keys: {volume: keys}}"
    problem = service(envs, text, more="secrets: {token: {}}\n").problem()
    assert "alpha/runner-1 may not read the secret alpha/token" in problem


def test_a_bucket_that_is_mounted_needs_a_grant(envs: EnvironmentFiles) -> None:
    buckets = "buckets: {bars: {grants: {r: {role: roles/storage.objectViewer, members: [runner-1]}}}}\n"
    service(envs, "volumes: {bars: {bucket: {bucket: bars}}}", more=buckets).load()
    problem = service(envs, "volumes: {bars: {bucket: {bucket: bars, read_only: false}}}", more=buckets).problem()
    assert "may not write to the bucket alpha/bars" in problem and "roles/storage.objectUser" in problem


def test_subnets_and_buckets_are_rendered_by_their_full_names(envs: EnvironmentFiles) -> None:
    buckets = "buckets: {bars: {grants: {r: {role: roles/storage.objectViewer, members: [runner-1]}}}}\n"
    text = "vpc_access: {subnet: run, tags: [run]}\nvolumes: {bars: {bucket: {bucket: bars}}}"
    found = rendered(service(envs.dev(NETWORK), text, more=buckets))["services"]["engine"]
    assert found["vpc_access"]["subnet"] == "projects/atm-dev-1/regions/asia-south1/subnetworks/run"
    assert found["volumes"]["bars"]["bucket"]["bucket"] == "atm-dev-1-bars"


def test_a_job_s_schedule_runs_that_job_and_may_do_nothing_else(envs: EnvironmentFiles) -> None:
    found = rendered(service(envs, 'schedule: {cron: "0 18 * * *", retry: {count: 2}}', kind="jobs"))
    schedule = found["schedules"]["job-engine"]
    uri = "https://run.googleapis.com/v2/projects/atm-dev-1/locations/asia-south1/jobs/engine:run"
    assert (schedule["http"]["uri"], schedule["http"]["method"], schedule["retry"]["count"]) == (uri, "POST", 2)
    assert schedule["http"]["oauth"]["service_account"] == RUNNER
    assert schedule["time_zone"] == "Asia/Kolkata"
    grant = {"role": "roles/run.invoker", "members": [f"serviceAccount:{RUNNER}"], "condition": None}
    assert found["jobs"]["engine"]["grants"] == {"schedule": grant}
    assert "schedule" not in found["jobs"]["engine"]


FLOW = """
workflows:
  flow:
    source: flow.yaml
    service_account: runner-1
    schedule: {cron: "0 18 * * *", argument: {a: 1}}
"""


def test_a_workflow_s_schedule_starts_it_with_its_argument(envs: EnvironmentFiles) -> None:
    envs.file("flow.yaml", "- a:\n    return: 1\n").subprojects(alpha=ACCOUNT + FLOW)
    schedule = rendered(envs)["schedules"]["workflow-flow"]
    assert schedule["http"]["uri"].endswith("/workflows/flow/executions")
    assert schedule["http"]["body"] == '{"argument":"{\\"a\\":1}"}'


def test_a_workflow_s_schedule_needs_an_account_that_may_start_it(envs: EnvironmentFiles) -> None:
    envs.file("flow.yaml", "- a:\n    return: 1\n").subprojects(alpha="service_accounts: {runner-1: {}}\n" + FLOW)
    assert "may not start the workflow alpha/flow" in envs.problem()


def test_a_schedule_may_not_take_the_name_of_a_job_s(envs: EnvironmentFiles) -> None:
    more = "topics: {t-1: {}}\nschedules: {job-engine: {cron: '0 1 * * *', pubsub: {topic: t-1, data: x}}}\n"
    problem = service(envs, 'schedule: {cron: "0 18 * * *"}', kind="jobs", more=more).problem()
    assert 'its schedule is named "job-engine", as another of the project is' in problem


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            "scaling: {min_instances: 3, max_instances: 2}",
            "scaling.min_instances: min_instances is at most max_instances",
        ),
        ("scaling: {max_instances: 2}\ninstances: 1", "instances: scaling says how many run"),
    ],
)
def test_a_worker_pool_is_scaled_in_one_way(envs: EnvironmentFiles, fields: str, message: str) -> None:
    assert message in service(envs, fields, kind="worker_pools").problem()


def test_a_worker_pool_says_what_it_is_made_of(envs: EnvironmentFiles) -> None:
    found = rendered(service(envs, "instances: 3\nsplits: {latest: 100}", kind="worker_pools"))["worker_pools"][
        "engine"
    ]
    assert (found["instances"], found["splits"], found["deletion_protection"]) == (3, {"latest": 100}, True)
