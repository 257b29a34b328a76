"""Starting a workflow of an environment, and waiting for how it ends."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .clouds.failures import Failure
from .clouds.session import Session
from .console import step
from .environments.problems import did_you_mean
from .errors import UserError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .clouds import Credentials, Endpoints
    from .environments import LoadedEnvironment
    from .target import Target

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 15.0


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a workflow.

    Attributes:
        workflow: its path in the YAML, such as "strategy-engine/post-market".
        name: the execution's full name.
        state: ACTIVE, SUCCEEDED, FAILED or CANCELLED.
        result: what it returned, as JSON; or why it failed.
        seconds: how long it was waited for.
    """

    workflow: str
    name: str
    state: str
    result: str = ""
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        return 0 if self.state in ("SUCCEEDED", "ACTIVE") else 1


def start_workflow(target: Target, path: str, *, argument: Any = None, wait: float = 3600.0) -> Execution:
    """Start a workflow; wait for its end, or for as long as is said.

    Args:
        target: the environment.
        path: "subproject/workflow".
        argument: what it gets, as JSON.
        wait: seconds; 0 doesn't wait.

    Raises:
        UserError: there is no such workflow, or the API refuses.
    """
    name = workflow_name(target.loaded, path)
    with step(f"workflow {path}") as stage:
        done = asyncio.run(execute(target.endpoints, target.credentials, path, name, argument=argument, wait=wait))
        stage.result = done.state.lower()
    return done


def workflow_name(loaded: LoadedEnvironment, path: str) -> str:
    """The full name of a workflow, by its path.

    Raises:
        UserError: there is none.
    """
    values = loaded.tfvars
    known = [f"{name}/{key}" for name, one in values["subprojects"].items() for key in one["workflows"]]
    if path not in known:
        raise UserError(
            f"{loaded.name} has no workflow {path}",
            todo=did_you_mean(path, known, otherwise=f"name one of {', '.join(known) or 'none'}"),
        )
    return f"projects/{values['project_id']}/locations/{values['region']}/workflows/{path.partition('/')[2]}"


async def execute(
    endpoints: Endpoints,
    credentials: Credentials,
    path: str,
    name: str,
    *,
    argument: Any = None,
    wait: float = 3600.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Execution:
    """Start a workflow by its full name, and ask until it has ended."""
    body = {} if argument is None else {"argument": json.dumps(argument)}
    began, pause = clock(), _FIRST_WAIT
    async with Session(endpoints, credentials) as session:
        answer = await session.read(
            "workflowexecutions",
            f"v1/{name}/executions",
            method="POST",
            body=body,
            permission="workflows.executions.create",
        )
        while True:
            if isinstance(answer, Failure):
                raise UserError(f"the workflow {path} can't be started or asked", why=answer.message, todo=answer.todo)
            state = str(answer.get("state", "ACTIVE"))
            if state != "ACTIVE" or clock() - began + pause > wait:
                said = answer.get("result") or (answer.get("error") or {}).get("payload") or ""
                return Execution(path, str(answer.get("name", "")), state, str(said), round(clock() - began, 1))
            await sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
            answer = await session.read(
                "workflowexecutions", f"v1/{answer['name']}", permission="workflows.executions.get"
            )
