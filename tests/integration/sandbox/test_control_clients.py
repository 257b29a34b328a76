"""The generated clients of Secret Manager, Workflows, Scheduler and Artifact Registry, unchanged, over REST."""

from __future__ import annotations

from typing import Any

import google_crc32c
import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import artifactregistry_v1, scheduler_v1, secretmanager_v1, workflows_v1
from google.protobuf import field_mask_pb2

from tests.integration.sandbox_process import Sandbox

PLACE = "projects/control-clients/locations/asia-south1"
SOURCE = "main:\n  steps:\n    - done:\n        return: 1\n"


def _client(kind: Any, sandbox: Sandbox) -> Any:
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="module")
def secrets(sandbox: Sandbox) -> Any:
    return _client(secretmanager_v1.SecretManagerServiceClient, sandbox)


@pytest.fixture(scope="module")
def workflows(sandbox: Sandbox) -> Any:
    return _client(workflows_v1.WorkflowsClient, sandbox)


@pytest.fixture(scope="module")
def scheduler(sandbox: Sandbox) -> Any:
    return _client(scheduler_v1.CloudSchedulerClient, sandbox)


@pytest.fixture(scope="module")
def registry(sandbox: Sandbox) -> Any:
    return _client(artifactregistry_v1.ArtifactRegistryClient, sandbox)


def _secret(secrets: Any, name: str) -> Any:
    return secrets.create_secret(
        parent="projects/secret-client", secret_id=name, secret={"replication": {"automatic": {}}, "labels": {"a": "b"}}
    )


def test_secret_versions_hold_their_payload(secrets: Any) -> None:
    secret = _secret(secrets, "kite_api_key")
    for data in (b"one", b"two"):
        payload = {"data": data, "data_crc32c": google_crc32c.value(data)}
        secrets.add_secret_version(parent=secret.name, payload=payload)
    latest = secrets.access_secret_version(name=f"{secret.name}/versions/latest")
    assert latest.payload.data == b"two"
    assert latest.payload.data_crc32c == google_crc32c.value(b"two")
    assert latest.name == f"{secret.name}/versions/2"
    assert (
        secrets.access_secret_version(name="projects/secret-client/secrets/kite_api_key/versions/1").payload.data
        == b"one"
    )
    versions = [version.name.rpartition("/")[2] for version in secrets.list_secret_versions(parent=secret.name)]
    assert versions == ["2", "1"]


def test_secret_version_states(secrets: Any) -> None:
    secret = _secret(secrets, "states")
    version = secrets.add_secret_version(parent=secret.name, payload={"data": b"x"}).name
    secrets.disable_secret_version(name=version)
    with pytest.raises(exceptions.BadRequest, match="DISABLED"):
        secrets.access_secret_version(name=version)
    secrets.enable_secret_version(name=version)
    assert secrets.access_secret_version(name=version).payload.data == b"x"
    destroyed = secrets.destroy_secret_version(name=version)
    assert (destroyed.state.name, bool(destroyed.destroy_time)) == ("DESTROYED", True)
    with pytest.raises(exceptions.BadRequest):
        secrets.enable_secret_version(name=version)


def test_secret_refuses_wrong_checksums_large_payloads_and_missing_replication(secrets: Any) -> None:
    secret = _secret(secrets, "checked")
    with pytest.raises(exceptions.BadRequest, match="checksum"):
        secrets.add_secret_version(parent=secret.name, payload={"data": b"x", "data_crc32c": 1})
    with pytest.raises(exceptions.BadRequest, match="65536"):
        secrets.add_secret_version(parent=secret.name, payload={"data": b"x" * 65_537})
    with pytest.raises(exceptions.BadRequest, match="replication"):
        secrets.create_secret(parent="projects/secret-client", secret_id="none", secret={})
    with pytest.raises(exceptions.Conflict):
        _secret(secrets, "checked")


def test_secret_update_and_delete(secrets: Any) -> None:
    secret = _secret(secrets, "goes")
    secrets.add_secret_version(parent=secret.name, payload={"data": b"x"})
    change = {"name": secret.name, "labels": {"c": "d"}, "version_aliases": {"stable": 1}}
    mask = field_mask_pb2.FieldMask(paths=["labels", "version_aliases"])
    updated = secrets.update_secret(secret=change, update_mask=mask)
    assert (dict(updated.labels), updated.etag != secret.etag) == ({"c": "d"}, True)
    assert secrets.access_secret_version(name=f"{secret.name}/versions/stable").payload.data == b"x"
    with pytest.raises(exceptions.Conflict):
        secrets.delete_secret(request={"name": secret.name, "etag": secret.etag})
    secrets.delete_secret(name=secret.name)
    with pytest.raises(exceptions.NotFound):
        secrets.access_secret_version(name=f"{secret.name}/versions/1")
    again = _secret(secrets, "goes")
    assert secrets.add_secret_version(parent=again.name, payload={"data": b"y"}).name.endswith("/versions/1")


def test_workflow_makes_a_revision_when_its_source_changes(workflows: Any) -> None:
    made = workflows.create_workflow(
        parent=PLACE, workflow={"source_contents": SOURCE, "call_log_level": 1}, workflow_id="daily"
    ).result()
    assert (made.name, made.state.name) == (f"{PLACE}/workflows/daily", "ACTIVE")
    assert made.revision_id.startswith("000001-")
    assert made.call_log_level.name == "LOG_ALL_CALLS"
    mask = field_mask_pb2.FieldMask(paths=["description"])
    described = workflows.update_workflow(workflow={"name": made.name, "description": "d"}, update_mask=mask).result()
    assert described.revision_id == made.revision_id
    mask = field_mask_pb2.FieldMask(paths=["source_contents"])
    change = {"name": made.name, "source_contents": SOURCE.replace("1", "2")}
    changed = workflows.update_workflow(workflow=change, update_mask=mask).result()
    assert changed.revision_id.startswith("000002-")
    assert [each.name for each in workflows.list_workflows(parent=PLACE)] == [made.name]
    workflows.delete_workflow(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        workflows.get_workflow(name=made.name)


@pytest.mark.parametrize(
    "source",
    ["", "main: [", "other: {steps: [{a: {return: 1}}]}", "main: {steps: []}", "main: {steps: [{a: 1, b: 2}]}"],
)
def test_workflow_source_that_is_none_is_refused(workflows: Any, source: str) -> None:
    with pytest.raises(exceptions.BadRequest):
        workflows.create_workflow(parent=PLACE, workflow={"source_contents": source}, workflow_id="bad")


def test_scheduler_job_round_trip(scheduler: Any) -> None:
    name = f"{PLACE}/jobs/eighteen"
    target = {"uri": "https://example.com/x", "http_method": 1, "body": b"{}"}
    job = {"name": name, "schedule": "0 18 * * 1-5", "time_zone": "Asia/Kolkata", "http_target": target}
    job["retry_config"] = {"retry_count": 3}
    made = scheduler.create_job(parent=PLACE, job=job)
    assert (made.state.name, made.http_target.http_method.name) == ("ENABLED", "POST")
    assert (made.retry_config.retry_count, made.retry_config.max_doublings) == (3, 5)
    assert made.attempt_deadline.total_seconds() == 180
    assert scheduler.pause_job(name=name).state.name == "PAUSED"
    assert scheduler.resume_job(name=name).state.name == "ENABLED"
    mask = field_mask_pb2.FieldMask(paths=["schedule"])
    assert scheduler.update_job(job={"name": name, "schedule": "0 20 * * *"}, update_mask=mask).schedule == "0 20 * * *"
    scheduler.delete_job(name=name)


@pytest.mark.parametrize(
    ("schedule", "zone"), [("61 * * * *", "UTC"), ("* * * *", "UTC"), ("0 18 * * *", "Asia/Nowhere"), ("", "UTC")]
)
def test_schedules_google_refuses_are_refused(scheduler: Any, schedule: str, zone: str) -> None:
    job = {"name": f"{PLACE}/jobs/x", "schedule": schedule, "time_zone": zone, "http_target": {"uri": "https://e.com"}}
    with pytest.raises(exceptions.BadRequest):
        scheduler.create_job(parent=PLACE, job=job)


def test_repository_round_trip_with_policy(registry: Any) -> None:
    repository = {"format_": "DOCKER", "description": "images"}
    made = registry.create_repository(parent=PLACE, repository=repository, repository_id="images").result()
    assert (made.name, made.mode.name) == (f"{PLACE}/repositories/images", "STANDARD_REPOSITORY")
    policy = registry.get_iam_policy(request={"resource": made.name})
    policy.bindings.add(role="roles/artifactregistry.reader", members=["allUsers"])
    registry.set_iam_policy(request={"resource": made.name, "policy": policy})
    assert registry.get_iam_policy(request={"resource": made.name}).bindings[0].members == ["allUsers"]
    with pytest.raises(exceptions.Conflict):
        registry.set_iam_policy(request={"resource": made.name, "policy": policy})
    registry.delete_repository(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        registry.get_repository(name=made.name)


def test_unknown_location_is_refused(registry: Any) -> None:
    with pytest.raises(exceptions.Forbidden, match="asia-nowhere1"):
        registry.create_repository(
            parent="projects/control-clients/locations/asia-nowhere1",
            repository={"format_": "DOCKER"},
            repository_id="r",
        )
