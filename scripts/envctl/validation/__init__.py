"""Proof that an environment is what its YAML declares.

The cloud itself is asked: never Terraform's state, never a sandbox's insides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from envctl.clouds import Credentials, Endpoints
from envctl.clouds.reader import Reader, ReaderHere
from envctl.output.model import Check, Location, Report, Result

from .documented import documented
from .evaluate import evaluate
from .kinds import all_things
from .model import Environment
from .observe import observe

__all__ = ["Check", "Location", "Report", "Result", "documented", "validate", "validate_now"]


async def validate(
    environment: Environment,
    endpoints: Endpoints,
    credentials: Credentials,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    services: bool = True,
    reader: Reader | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Report:
    """Check everything that an environment declares.

    Args:
        environment: a loaded environment.
        endpoints: where the APIs answer.
        credentials: who asks.
        on_progress: told how many things are done, and of how many.
        services: whether each service is asked for its `/health`.
        reader: what asks the cloud, and is closed at the end; by default this process itself.
        clock: seconds, for the report's duration.

    Returns:
        A report; its `exit_code` is 0 where all passed (or was skipped by design), 2 where something is not as
        declared, 1 where nothing is known to be wrong but something could not be checked.
    """
    began = clock()
    things = list(all_things(environment))
    async with reader or ReaderHere(endpoints, credentials, environment.tfvars["project_id"]) as asking:
        observed = await observe(things, asking, services=services, on_progress=on_progress)
    checks = tuple(evaluate(environment, things, observed))
    return Report(f"environment {environment.name}", checks, clock() - began)


def validate_now(
    environment: Environment,
    endpoints: Endpoints,
    credentials: Credentials,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    services: bool = True,
    reader: Reader | None = None,
) -> Report:
    """`validate`, for code that is not async."""
    return asyncio.run(
        validate(environment, endpoints, credentials, on_progress=on_progress, services=services, reader=reader)
    )
