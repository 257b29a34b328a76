"""Bringing an environment up in a sandbox: everything `make up` does, one step after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .bootstrap import ensure_state_bucket
from .console import step
from .errors import UserError
from .operations import ApplyResult, apply_environment
from .project import find_project
from .sandboxes import Sandbox, start
from .services import ServiceAnswer, ask_services
from .target import ProviderName, Target, open_target
from .validating import validate_target
from .validation import Report


@dataclass(frozen=True, slots=True)
class UpResult:
    """An environment that is up: what was applied, how it validated, and where everything is."""

    target: Target
    sandbox: Sandbox
    applied: ApplyResult
    report: Report
    services: list[ServiceAnswer] = field(default_factory=list)
    seconds: float = 0.0


def bring_up(
    name: str, *, port: int | None = None, provider: ProviderName | None = None, sandbox: bool = False
) -> UpResult:
    """Start the sandbox, apply the environment, validate it.

    Args:
        name: the environment.
        port: the sandbox's; by default a free one.
        provider: where terraform takes the provider from.
        sandbox: rehearse an environment of Google Cloud.

    Raises:
        UserError: the environment is invalid or is not of a sandbox, or a step failed.
    """
    from .environments import load

    began = time.monotonic()
    project = find_project()
    declared = load(name, project.root).declared
    if declared.cloud != "sandbox" and not sandbox:
        raise UserError(
            f"{name} is an environment of Google Cloud, not of this machine",
            todo=f"rehearse it here: `envctl up {name} --sandbox`; or plan and apply it: `envctl plan {name}`, "
            f"`envctl apply {name} --plan …`",
        )
    with step(f"sandbox {name}") as stage:
        found, started = start(project.sandbox(name), port=port, projects=declared.project_numbers)
        stage.result = f"{'started' if started else 'runs'} at {found.url}"
    target = open_target(name, provider, sandbox=sandbox)
    with step("state bucket") as stage:
        bucket = ensure_state_bucket(target)
        stage.result = f"{bucket.name} {'created' if bucket.made else 'exists'}"
    applied = apply_environment(target)
    report = validate_target(target)
    services = ask_services(target, applied.outputs.get("service_uris", {}))
    return UpResult(target, found, applied, report, services, time.monotonic() - began)
