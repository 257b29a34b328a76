"""The same rules, with the same ids, hold against what the cloud says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment
from envctl.output import Report, Result
from envctl.policy.check import check_live

from tests.unit.validation.fake_google import FakeGoogle, disabled, error

P = "projects/full-project"
RUN = f"run/v2/{P}/locations/asia-south1/services/strategy"
QUOTES = "storage/v1/b/full-project-quotes"
EVE = {"role": "roles/storage.admin", "members": ["user:eve@example.com"]}


def judge(environment: LoadedEnvironment, cloud: FakeGoogle) -> Report:
    return check_live(environment, Endpoints(cloud.url), SandboxToken(), today=date(2026, 11, 26))


def ids(report: Report) -> set[str]:
    return {check.id for check in report.checks if check.result is Result.FAIL}


@pytest.mark.parametrize(
    ("document", "path", "value", "finding"),
    [
        (QUOTES, "iamConfiguration.uniformBucketLevelAccess.enabled", False, "engine/buckets/quotes#ATM-GCS-001"),
        (QUOTES, "iamConfiguration.publicAccessPrevention", "inherited", "engine/buckets/quotes#ATM-GCS-002"),
        (QUOTES, "location", "US", "engine/buckets/quotes#ATM-LOC-001"),
        (QUOTES, "labels", {}, "engine/buckets/quotes#ATM-LAB-001"),
        (RUN, "invokerIamDisabled", True, "engine/services/strategy#ATM-RUN-001"),
        (
            RUN,
            "template.containers",
            [{"image": "i", "env": [{"name": "API_KEY", "value": "canary-9"}]}],
            "engine/services/strategy#ATM-SEC-002",
        ),
        (
            f"sqladmin/v1/{P}/instances/orders",
            "settings.ipConfiguration.ipv4Enabled",
            True,
            "engine/sql_instances/orders#ATM-SQL-001",
        ),
    ],
)
def test_what_is_changed_by_hand_is_found(
    environment: LoadedEnvironment, cloud: FakeGoogle, document: str, path: str, value: Any, finding: str
) -> None:
    before = ids(judge(environment, cloud))
    *above, last = path.split(".")
    holder = cloud.documents[document]
    for name in above:
        holder = holder[name]
    holder[last] = value
    after = judge(environment, cloud)
    assert ids(after) - before == {finding}
    assert "canary" not in repr(after)


def test_a_role_given_on_the_project_by_hand_is_found(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    before = ids(judge(environment, cloud))
    cloud.documents[f"cloudresourcemanager/v1/{P}:getIamPolicy"]["bindings"].append(EVE)
    public = {"role": "roles/storage.objectViewer", "members": ["allUsers"]}
    cloud.documents[f"{QUOTES}/iam"]["bindings"].append(public)
    assert ids(judge(environment, cloud)) - before == {
        "project#roles/storage.admin:user:eve@example.com#ATM-IAM-003",
        "engine/buckets/quotes#roles/storage.objectViewer:allUsers#ATM-IAM-001",
    }


def test_an_api_that_is_off_is_unknown_and_never_absent(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    cloud.faults["sqladmin/"] = disabled("sqladmin.googleapis.com")
    report = judge(environment, cloud)
    unknown = [check for check in report.checks if check.result is Result.UNKNOWN]
    assert {check.kind for check in unknown} == {"sql_instances"}
    assert all(check.cause is not None and "sqladmin.googleapis.com" in check.cause.todo for check in unknown)
    assert report.exit_code in (1, 2)


def test_what_cannot_be_read_is_unknown(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    cloud.faults[QUOTES] = error(403, "PERMISSION_DENIED", "no")
    report = judge(environment, cloud)
    unknown = [check for check in report.checks if check.result is Result.UNKNOWN]
    assert {check.permission for check in unknown} >= {"storage.buckets.get", "storage.buckets.getIamPolicy"}
    assert not {check.id for check in report.checks if "#ATM-POL-002" in check.id}
