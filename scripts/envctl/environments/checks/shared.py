"""What the environment's logging and budget need: their APIs, and channels that are there."""

from __future__ import annotations

from collections.abc import Iterator

from ..problems import Problem, did_you_mean
from .context import Context

_APIS = {
    "log_sinks": "logging.googleapis.com",
    "log_buckets": "logging.googleapis.com",
    "budget": "billingbudgets.googleapis.com",
}


def check_shared(context: Context) -> Iterator[Problem]:
    """APIs that aren't enabled, and channels of the budget that aren't declared or are off."""
    environment = context.environment
    for field, api in _APIS.items():
        if getattr(environment, field) and api not in environment.apis:
            message = f"needs the API {api}, which apis doesn't list"
            yield context.problem((field,), message, f"add {api} to apis", key=True)
    if environment.budget is None:
        return
    if environment.project_number is None:
        message = "a budget is of one project, which Google knows by its number"
        yield context.problem(("budget",), message, "declare project_number", key=True)
    for at, name in enumerate(environment.budget.channels):
        known = environment.notification_channels
        if name not in known:
            hint = did_you_mean(name, known, otherwise="declare it below notification_channels, and switch it on")
            message = f'"{name}" names no notification channel that is on'
            yield context.problem(("budget", "channels", at), message, hint)
    for bucket, declared in environment.log_buckets.items():
        if bucket == "_Default" and declared.location not in (None, "global"):
            yield context.problem(("log_buckets", bucket, "location"), "_Default is in global", "leave location out")
