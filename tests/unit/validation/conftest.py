"""An environment with one of everything, and a cloud in which it is deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment, load
from envctl.output import Report
from envctl.validation import validate_now

from tests.unit.validation.fake_google import FakeGoogle

ENVS = Path(__file__).parent / "envs"


@pytest.fixture(scope="session")
def environment() -> LoadedEnvironment:
    """`envs/full.yaml` beside this file."""
    return load("full", ENVS.parent)


@pytest.fixture
def cloud(environment: LoadedEnvironment) -> Iterator[FakeGoogle]:
    """A cloud in which everything is as declared; break it as you like before validating."""
    fake = FakeGoogle.of(environment.tfvars).start()
    yield fake
    fake.stop()


@pytest.fixture
def validated(environment: LoadedEnvironment, cloud: FakeGoogle) -> Callable[[], Report]:
    """Validate the environment against the cloud, without the services' health."""

    def run() -> Report:
        return validate_now(environment, Endpoints(cloud.url), SandboxToken(), services=False)

    return run
