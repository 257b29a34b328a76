"""The HTTP session and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from envctl.clouds import (
    ApplicationDefault,
    Endpoints,
    Failure,
    Reason,
    SandboxToken,
    cloud_sdk_files,
    cloud_sdk_variables,
    environment_variables,
)
from envctl.clouds.failures import classify
from envctl.clouds.session import Patience, Session

from tests.unit.validation.fake_google import FakeGoogle, disabled, error


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    fake = FakeGoogle({"run/v2/x": {"name": "x"}}).start()
    yield fake
    fake.stop()


class Clock:
    """A clock that moves by sleeping only."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def session_at(fake: FakeGoogle, clock: Clock, **patience: float) -> Session:
    return Session(
        Endpoints(fake.url),
        SandboxToken(),
        patience=Patience(**patience),  # type: ignore[arg-type]
        clock=clock,
        sleep=clock.sleep,
    )


async def test_a_document_is_read(google: FakeGoogle) -> None:
    async with session_at(google, Clock()) as session:
        assert await session.read("run", "v2/x") == {"name": "x"}


async def test_quota_is_waited_for_until_the_deadline_and_then_reported(google: FakeGoogle) -> None:
    google.faults["run/"] = error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for requests per minute")
    clock = Clock()
    async with session_at(google, clock, deadline=30) as session:
        answer = await session.read("run", "v2/x")
    assert isinstance(answer, Failure)
    assert answer.reason is Reason.QUOTA
    assert 20 < clock.now <= 30
    assert len(google.requests) > 5


async def test_a_read_that_takes_too_long_is_unreachable_and_says_so(google: FakeGoogle) -> None:
    google.delays["run/v2/x"] = 1
    async with session_at(google, Clock(), timeout=0.05, connections=1) as session:
        answer = await session.read("run", "v2/x")
    assert isinstance(answer, Failure)
    assert answer.reason is Reason.UNREACHABLE
    assert "took too long" in answer.message


async def test_one_slow_read_does_not_give_up_on_the_others(google: FakeGoogle) -> None:
    google.delays["run/v2/slow"] = 1
    async with session_at(google, Clock(), timeout=0.2, connections=1) as session:
        await session.read("run", "v2/slow")
        assert await session.read("run", "v2/x") == {"name": "x"}


async def test_an_address_that_refuses_is_tried_a_few_times_then_given_up_for_all(google: FakeGoogle) -> None:
    google.stop()
    clock = Clock()
    async with session_at(google, clock) as session:
        first = await session.read("run", "v2/x")
        waited = clock.now
        second = await session.read("run", "v2/y")
    assert isinstance(first, Failure)
    assert first == second
    assert clock.now == waited > 0
    google.start()


@pytest.mark.parametrize(
    ("message", "permission"),
    [
        (
            "Permission 'secretmanager.secrets.get' denied on resource (or it may not exist).",
            "secretmanager.secrets.get",
        ),
        ("Access Denied: Dataset p:d: Permission bigquery.datasets.get denied on dataset p:d", "bigquery.datasets.get"),
        ("a@b.c does not have storage.buckets.get access to the Google Cloud Storage bucket.", "storage.buckets.get"),
        ("The caller does not have permission", "the.needed.one"),
    ],
)
def test_the_missing_permission_is_read_from_the_message(message: str, permission: str) -> None:
    code, body = error(403, "PERMISSION_DENIED", message)
    failure = classify(code, body, permission="the.needed.one", service="x")
    assert (failure.reason, failure.permission) == (Reason.FORBIDDEN, permission)


def test_the_missing_permission_is_read_from_the_error_s_details() -> None:
    details = [{"reason": "IAM_PERMISSION_DENIED", "metadata": {"permission": "run.jobs.get"}}]
    code, body = error(403, "PERMISSION_DENIED", "no", details)
    assert classify(code, body).permission == "run.jobs.get"


def test_a_disabled_api_is_told_from_a_refusal_in_both_forms_of_error() -> None:
    old = {"error": {"code": 403, "message": "no", "errors": [{"reason": "accessNotConfigured"}]}}
    assert classify(403, old, service="storage").service == "storage.googleapis.com"
    code, body = disabled("run.googleapis.com")
    assert classify(code, body, service="run").reason is Reason.API_DISABLED


def test_a_quota_that_is_refused_as_forbidden_is_a_quota() -> None:
    body = {"error": {"code": 403, "message": "Exceeded rate limits", "errors": [{"reason": "rateLimitExceeded"}]}}
    assert classify(403, body, service="bigquery").reason is Reason.QUOTA


def test_a_sandbox_s_token_is_not_in_what_is_printed() -> None:
    assert "hush" not in repr(SandboxToken("hush"))


async def test_missing_google_credentials_are_a_failure_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, google: FakeGoogle, tmp_path: object
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", f"{tmp_path}/none.json")
    async with Session(Endpoints(google.url), ApplicationDefault()) as session:
        answer = await session.read("run", "v2/x")
    assert isinstance(answer, Failure)
    assert answer.reason is Reason.UNAUTHENTICATED
    assert "gcloud auth application-default login" in answer.todo
    assert not google.requests


def test_variables_lead_other_tools_to_the_sandbox() -> None:
    variables = environment_variables("http://127.0.0.1:1234/", "my-project", reattach={"hashicorp/google": {"Pid": 1}})
    assert variables["GOOGLE_PUBSUB_CUSTOM_ENDPOINT"] == "http://127.0.0.1:1234/pubsub/v1/"
    assert variables["GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT"] == "http://127.0.0.1:1234/storage/v1/"
    assert variables["TF_REATTACH_PROVIDERS"] == '{"hashicorp/google":{"Pid":1}}'
    assert variables["GOOGLE_CLOUD_PROJECT"] == "my-project"
    assert "PUBSUB_EMULATOR_HOST" not in variables
    assert "TF_REATTACH_PROVIDERS" not in environment_variables("http://127.0.0.1:1234", "my-project")
    assert "PUBSUB_EMULATOR_HOST" not in variables  # it would break the clients that are asked for REST
    over_grpc = environment_variables("http://127.0.0.1:1", "p", grpc="127.0.0.1:2", authority="/state/ca.pem")
    assert over_grpc["SANDBOX_AUTHORITY"] == "/state/ca.pem"
    assert over_grpc["SANDBOX_GRPC"] == over_grpc["BIGQUERY_STORAGE_EMULATOR_HOST"] == "127.0.0.1:2"


def test_variables_lead_googles_tools_to_the_sandbox_and_nowhere_else(tmp_path: Path) -> None:
    variables = cloud_sdk_variables("http://127.0.0.1:1234", "my-project", "asia-south1", authority="/state/ca.pem")
    overrides = [value for name, value in variables.items() if "_API_ENDPOINT_OVERRIDES_" in name]
    assert all(value.startswith(("http://127.0.0.1:1234/", "http://run.localhost:1234/")) for value in overrides)
    assert all(value.endswith("/") for value in overrides)
    assert variables["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"] == "/state/ca.pem"  # gRPC by the proxy is over TLS
    # What has no address of its own goes to the sandbox as a proxy, which refuses it.
    proxy = ("CLOUDSDK_PROXY_TYPE", "CLOUDSDK_PROXY_ADDRESS", "CLOUDSDK_PROXY_PORT")
    assert [variables[name] for name in proxy] == ["http", "127.0.0.1", "1234"]
    files = cloud_sdk_files("http://127.0.0.1:1234", "my-project", tmp_path)
    assert "api = http://127.0.0.1:1234/\n" in Path(files["BIGQUERYRC"]).read_text()
    assert Path(files["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"]).stat().st_mode & 0o077 == 0


def test_an_unknown_api_has_no_address() -> None:
    with pytest.raises(KeyError, match="no address is known for the API nonsense"):
        Endpoints().base("nonsense")
