"""A service answers on /health with 200 and its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment
from envctl.output import Check, Result
from envctl.validation import validate_now

from tests.unit.validation.fake_google import FakeGoogle, error

STRATEGY = "run/v2/projects/full-project/locations/asia-south1/services/strategy"


@pytest.fixture
def health(environment: LoadedEnvironment) -> Iterator[tuple[FakeGoogle, Callable[[], Check]]]:
    """A cloud whose service answers at the cloud's own address, and its health check."""
    fake = FakeGoogle.of(environment.tfvars).start()
    fake.documents[STRATEGY]["uri"] = f"{fake.url}/strategy"
    fake.documents["strategy/health"] = {"service": "strategy", "status": "ok"}

    def check() -> Check:
        report = validate_now(environment, Endpoints(fake.url), SandboxToken())
        return next(check for check in report.checks if check.what == "health")

    yield fake, check
    fake.stop()


Health = tuple[FakeGoogle, Callable[[], Check]]


def test_a_service_that_answers_with_its_name_is_healthy(health: Health) -> None:
    assert health[1]().result is Result.PASS


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((503, {"status": "starting"}), "answers 503, not 200"),
        ((200, {"service": "other"}), "names other, not strategy"),
        ((200, {"status": "ok"}), "names nobody, not strategy"),
        ((200, b"<html>"), "names nobody, not strategy"),
        (error(404, "NOT_FOUND", "no route"), "answers 404, not 200"),
    ],
)
def test_a_service_that_answers_otherwise_is_a_finding(health: Health, answer: Any, says: str) -> None:
    fake, check = health
    fake.faults["strategy/health"] = answer
    found = check()
    assert found.result is Result.FAIL
    assert says in found.message


def test_a_service_that_refuses_the_caller_is_unknown_with_the_permission(health: Health) -> None:
    fake, check = health
    fake.faults["strategy/health"] = (403, b"Forbidden")
    found = check()
    assert (found.result, found.permission) == (Result.UNKNOWN, "run.routes.invoke")


def test_a_service_that_nobody_answers_for_is_a_finding_in_a_sandbox(health: Health) -> None:
    fake, check = health
    fake.documents[STRATEGY]["uri"] = "http://127.0.0.1:9"
    assert check().result is Result.FAIL


def test_services_are_left_alone_if_asked_to(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    report = validate_now(environment, Endpoints(cloud.url), SandboxToken(), services=False)
    assert not [check for check in report.checks if check.what == "health"]


async def test_a_service_with_internal_ingress_is_skipped_on_google() -> None:
    from envctl.clouds.reader import ReaderHere
    from envctl.validation.health import ask
    from envctl.validation.kinds.run import SERVICES
    from envctl.validation.model import Place, Thing

    thing = Thing(SERVICES, Place("p", "r", "engine", "strategy"), "strategy", {}, ())
    described = {"uri": "https://x.a.run.app", "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}
    async with ReaderHere(Endpoints(), SandboxToken(), "p") as reader:
        found = await ask(reader, thing, described)
    assert found.result is Result.SKIPPED
    assert "internal" in found.message
