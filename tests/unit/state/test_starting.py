"""A workflow is started by its path, and its end is waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment
from envctl.errors import UserError
from envctl.starting import Execution, execute, workflow_name

from tests.unit.validation.conftest import cloud, environment
from tests.unit.validation.fake_google import FakeGoogle, error

__all__ = ["cloud", "environment"]


def run(environment: LoadedEnvironment, cloud: FakeGoogle, path: str, states: list[dict[str, Any]]) -> Execution:
    name = workflow_name(environment, path)
    one = f"{name}/executions/1"
    cloud.documents[f"workflowexecutions/v1/{name}/executions"] = {"name": one, **states[0]}
    cloud.documents[f"workflowexecutions/v1/{one}"] = {"name": one, **states[-1]}

    async def at_once(_seconds: float) -> None:
        pass

    return asyncio.run(
        execute(Endpoints(cloud.url), SandboxToken(), path, name, argument={"trigger": "test"}, sleep=at_once)
    )


def workflow(environment: LoadedEnvironment) -> str:
    return next(f"{name}/{key}" for name, one in environment.tfvars["subprojects"].items() for key in one["workflows"])


def test_its_end_is_waited_for(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    done = run(environment, cloud, workflow(environment), [{"state": "ACTIVE"}, {"state": "SUCCEEDED", "result": "4"}])
    assert (done.state, done.result, done.exit_code) == ("SUCCEEDED", "4", 0)


def test_a_failure_says_why(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    failed = {"state": "FAILED", "error": {"payload": "no closes yet"}}
    done = run(environment, cloud, workflow(environment), [failed])
    assert (done.state, done.result, done.exit_code) == ("FAILED", "no closes yet", 1)


def test_a_refusal_names_the_permission(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    cloud.faults["workflowexecutions/"] = error(403, "PERMISSION_DENIED", "no")
    with pytest.raises(UserError, match=r"get the permission workflows\.executions\.create"):
        run(environment, cloud, workflow(environment), [{"state": "ACTIVE"}])


def test_a_workflow_that_is_not_there_is_refused(environment: LoadedEnvironment) -> None:
    with pytest.raises(UserError, match="has no workflow"):
        workflow_name(environment, f"{workflow(environment)}x")
