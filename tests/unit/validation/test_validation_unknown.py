"""What can't be read is unknown: it never passes, and it is never taken for absence."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment
from envctl.output import Report, Result
from envctl.validation import validate_now

from tests.unit.validation.fake_google import Answer, FakeGoogle, disabled, error

P = "projects/full-project"
Validated = Callable[[], Report]


def test_a_forbidden_read_is_unknown_and_names_the_permission(cloud: FakeGoogle, validated: Validated) -> None:
    message = "Permission 'run.services.get' denied on resource (or resource may not exist)."
    cloud.faults[f"run/v2/{P}/locations/asia-south1/services/strategy"] = error(403, "PERMISSION_DENIED", message)
    report = validated()
    assert report.exit_code == 1
    assert not report.counts[Result.FAIL]
    (group,) = report.groups()
    assert group.cause.title == "the permission run.services.get is missing (project full-project)"
    assert {check.permission for check in group.checks} == {"run.services.get"}
    # A push subscription, a schedule and a queue need the service's address.
    assert {check.kind for check in group.checks} == {"services", "subscriptions", "schedules", "queues"}


def test_pubsub_names_no_permission_so_the_one_that_the_read_needs_is_named(
    cloud: FakeGoogle, validated: Validated
) -> None:
    refused = error(403, "PERMISSION_DENIED", "User not authorized to perform this action.")
    cloud.faults[f"pubsub/v1/{P}/topics/"] = refused
    permissions = {group.checks[0].permission for group in validated().groups()}
    assert permissions == {"pubsub.topics.get", "pubsub.topics.getIamPolicy"}


def test_a_forbidden_policy_leaves_settings_proven(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.faults["storage/v1/b/full-project-quotes/iam"] = error(403, "PERMISSION_DENIED", "no")
    report = validated()
    unknown = [check.what for check in report.checks if check.result is Result.UNKNOWN]
    assert unknown[-1] == "grants"
    assert all(what.startswith("grant") for what in unknown)


def test_a_disabled_api_is_one_group_and_the_rest_is_still_checked(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.faults["pubsub/"] = disabled("pubsub.googleapis.com")
    report = validated()
    (group,) = report.groups()
    assert group.cause.id == "disabled:pubsub.googleapis.com"
    assert "gcloud services enable pubsub.googleapis.com" in group.cause.todo
    assert {check.kind for check in group.checks} == {"schemas", "topics", "subscriptions"}
    assert report.counts[Result.PASS] > 150


def test_a_disabled_api_that_is_declared_is_the_finding_under_which_the_rest_is_grouped(
    cloud: FakeGoogle, validated: Validated
) -> None:
    cloud.faults["pubsub/"] = disabled("pubsub.googleapis.com")
    services = cloud.documents[f"serviceusage/v1/{P}/services"]["services"]
    services[:] = [service for service in services if "pubsub" not in service["name"]]
    report = validated()
    assert report.exit_code == 2
    (group,) = report.groups()
    assert [check.id for check in group.checks if check.result is Result.FAIL] == [
        "project/apis/pubsub.googleapis.com#exists"
    ]


@pytest.mark.parametrize(
    "answer",
    [
        (404, b"<html>not found</html>"),
        error(404, "NOT_FOUND", "Requested project not found or user does not have access to it (project=x)."),
        error(501, "UNIMPLEMENTED", "not implemented"),
        error(401, "UNAUTHENTICATED", "token expired"),
        error(400, "INVALID_ARGUMENT", "no"),
        (200, b"<html>log in to the hotel's network</html>"),
    ],
    ids=["page", "project", "unimplemented", "unauthenticated", "invalid", "captive portal"],
)
@pytest.mark.parametrize("path", [f"secretmanager/v1/{P}/secrets/plain-secret", f"pubsub/v1/{P}/topics/alerts"])
def test_an_answer_that_is_not_the_api_s_not_found_is_unknown(
    cloud: FakeGoogle, validated: Validated, path: str, answer: Answer
) -> None:
    cloud.faults[path] = answer
    report = validated()
    assert report.exit_code == 1
    assert report.counts[Result.UNKNOWN]
    assert not report.counts[Result.FAIL]


@pytest.mark.parametrize("path", [f"secretmanager/v1/{P}/secrets/plain-secret", f"pubsub/v1/{P}/topics/alerts"])
@pytest.mark.parametrize("code", [429, 503])
def test_a_passing_trouble_is_tried_again(cloud: FakeGoogle, validated: Validated, path: str, code: int) -> None:
    troubles = itertools.chain([error(code, "UNAVAILABLE", "try again")] * 2, itertools.repeat(None))
    cloud.faults[path] = lambda: next(troubles)
    assert validated().exit_code == 0


def test_half_a_list_of_apis_is_read_to_its_end(cloud: FakeGoogle, validated: Validated) -> None:
    path = f"serviceusage/v1/{P}/services"
    services = cloud.documents[path]["services"]
    pages = iter([{"services": services[:5], "nextPageToken": "2"}, {"services": services[5:]}])
    cloud.faults[path] = lambda: (200, next(pages))
    assert validated().exit_code == 0


def test_nothing_that_answers_is_one_cause(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    gone = cloud.url
    cloud.stop()
    report = validate_now(environment, Endpoints(gone), SandboxToken())
    assert report.exit_code == 1
    assert report.counts[Result.UNKNOWN] == len(report.checks)
    (group,) = report.groups()
    assert gone in group.cause.title
    cloud.start()
