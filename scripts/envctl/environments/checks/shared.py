"""What the environment's logging, budget and GitHub's identities need: APIs, channels, names that are free."""

from __future__ import annotations

from collections.abc import Iterator

from shared_services.yaml.nodes import locate

from ..problems import Problem, did_you_mean
from .context import Context

_APIS = {
    "log_sinks": "logging.googleapis.com",
    "log_buckets": "logging.googleapis.com",
    "budget": "billingbudgets.googleapis.com",
}
# Exchanging GitHub's token for one of an account takes all three.
_FEDERATION_APIS = ("iam.googleapis.com", "iamcredentials.googleapis.com", "sts.googleapis.com")


def check_shared(context: Context) -> Iterator[Problem]:
    """APIs that aren't enabled, and channels of the budget that aren't declared or are off."""
    environment = context.environment
    for field, api in _APIS.items():
        if getattr(environment, field) and api not in environment.apis:
            message = f"needs the API {api}, which apis doesn't list"
            yield context.problem((field,), message, f"add {api} to apis", key=True)
    yield from _check_github(context)
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


def _check_github(context: Context) -> Iterator[Problem]:
    """The APIs that exchange tokens, the number that names the pool, and accounts that nobody else declares."""
    environment, github = context.environment, context.environment.github
    if github is None:
        return
    for api in _FEDERATION_APIS:
        if api not in environment.apis:
            message = f"needs the API {api}, which apis doesn't list"
            yield context.problem(("github",), message, f"add {api} to apis", key=True)
    if environment.project_number is None:
        message = "principals of GitHub's workflows are named by the project's number"
        yield context.problem(("github",), message, "declare project_number", key=True)
    for role, identity in (("plan", github.plan), ("apply", github.apply)):
        for above, _, subproject in context.subprojects():
            if identity.service_account in subproject.service_accounts:
                first = locate(context.tree, (*above, "service_accounts", identity.service_account), key=True)
                message = f'the project already has a service account "{identity.service_account}": {first}'
                hint = f"rename one of the two: github.{role}.service_account"
                yield context.problem(("github", role, "service_account"), message, hint)
