"""Grants without which a thing could not work: Google accepts it, and it fails when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..models.events import PUBSUB_EVENT, Trigger
from ..models.iam import Grant, ServiceAccount
from ..models.run import Container
from ..paths import Path, format_path
from ..problems import Problem
from ..references import Target, is_principal
from ..triggers import triggers
from .context import Context

_READS_SECRETS = {"roles/secretmanager.secretAccessor", "roles/secretmanager.admin"}
_WRITES_BUCKETS = {"roles/storage.objectUser", "roles/storage.objectAdmin", "roles/storage.admin"}
_READS_BUCKETS = _WRITES_BUCKETS | {"roles/storage.objectViewer"}
_CALLS_SERVICES = {"roles/run.invoker", "roles/run.servicesInvoker", "roles/run.admin", "roles/run.developer"}
_STARTS_WORKFLOWS = {"roles/workflows.invoker", "roles/workflows.editor", "roles/workflows.admin"}
_WRITES_OBJECTS = {"roles/storage.objectCreator", "roles/storage.objectUser", "roles/storage.objectAdmin"}
_LOGGING_GROUP = "group:cloud-storage-analytics@google.com"
_RECEIVES_EVENTS = {"roles/eventarc.eventReceiver", "roles/eventarc.admin"}
_EVERYTHING = {"roles/owner", "roles/editor"}


def check_access(context: Context) -> Iterator[Problem]:
    """Secrets that their reader may not read; services and workflows that their caller may not call."""
    for above, key, subproject in context.subprojects():
        for kind in ("services", "jobs", "worker_pools"):
            containers: dict[str, Container] = getattr(subproject, kind)
            for name, container in containers.items():
                yield from _secrets(context, (*above, kind, name), key, container)
                yield from _buckets(context, (*above, kind, name), key, container)
        for trigger in triggers(subproject):
            if trigger.kind == "workflows":
                path = (*above, trigger.kind, trigger.thing, "schedule")
                yield from _starts(context, path, key, trigger.service_account, trigger.thing)
        for name, bucket in subproject.buckets.items():
            if bucket.logging is not None:
                yield from _logs(context, (*above, "buckets", name, "logging", "bucket"), key, bucket.logging.bucket)
        for name, subscription in subproject.subscriptions.items():
            push = subscription.push
            if push is not None and push.service is not None:
                path = (*above, "subscriptions", name, "push", "service_account")
                yield from _calls(context, path, key, push.service_account, push.service)
        for name, queue in subproject.queues.items():
            if queue.target is not None and queue.target.service is not None:
                path = (*above, "queues", name, "target", "service_account")
                yield from _calls(context, path, key, queue.target.service_account, queue.target.service)
        for name, event in subproject.triggers.items():
            yield from _events(context, (*above, "triggers", name, "service_account"), key, event)
        for name, schedule in subproject.schedules.items():
            http = schedule.http
            if http is not None:
                path = (*above, "schedules", name, "http", "service_account")
                if http.service is not None:
                    yield from _calls(context, path, key, http.service_account, http.service)
                if http.workflow is not None:
                    yield from _starts(context, path, key, http.service_account, http.workflow)


def _secrets(context: Context, path: Path, subproject: str, declared: Container) -> Iterator[Problem]:
    """Secrets as variables of any container, and as files."""
    uses = [
        ((*path, *inner, "secrets", variable), use.secret)
        for inner, container in declared.containers()
        for variable, use in container.secrets.items()
    ]
    uses += [
        ((*path, "volumes", name, "secret", "secret"), volume.secret.secret)
        for name, volume in declared.volumes.items()
        if volume.secret is not None
    ]
    account = context.index.find("service_accounts", declared.service_account, subproject)
    for where, secret in uses:
        target = context.index.find("secrets", secret, subproject)
        owner = context.subproject_of(target)
        if account is None or target is None or owner is None or target.id not in owner.secrets:
            continue
        grants = owner.secrets[target.id].grants.values()
        if not _may(context, account, grants, target.subproject, _READS_SECRETS):
            yield context.problem(
                where,
                f"{account.path} may not read the secret {target.path}, so Cloud Run would refuse to start",
                f"grant it roles/secretmanager.secretAccessor in {_grants_of('secrets', target)}",
                key=True,
            )


def _buckets(context: Context, path: Path, subproject: str, declared: Container) -> Iterator[Problem]:
    """Buckets that are mounted, and may not be read or written."""
    account = context.index.find("service_accounts", declared.service_account, subproject)
    for name, volume in declared.volumes.items():
        mounted = volume.bucket
        target = None if mounted is None else context.index.find("buckets", mounted.bucket, subproject)
        owner = context.subproject_of(target)
        if mounted is None or account is None or target is None or owner is None or target.id not in owner.buckets:
            continue
        roles = _WRITES_BUCKETS if not mounted.read_only else _READS_BUCKETS
        if not _may(context, account, owner.buckets[target.id].grants.values(), target.subproject, roles):
            does, role = ("read", "objectViewer") if mounted.read_only else ("write to", "objectUser")
            yield context.problem(
                (*path, "volumes", name, "bucket", "bucket"),
                f"{account.path} may not {does} the bucket {target.path}",
                f"grant it roles/storage.{role} in {_grants_of('buckets', target)}",
            )


def _logs(context: Context, path: Path, subproject: str, bucket_path: str) -> Iterator[Problem]:
    target = context.index.find("buckets", bucket_path, subproject)
    owner = context.subproject_of(target)
    if target is None or owner is None or target.id not in owner.buckets:
        return
    grants = owner.buckets[target.id].grants.values()
    if not any(grant.role in _WRITES_OBJECTS and _LOGGING_GROUP in grant.members for grant in grants):
        yield context.problem(
            path,
            f"Cloud Storage may not write logs into the bucket {target.path}, so there would be none",
            f"grant roles/storage.objectCreator to {_LOGGING_GROUP} in {_grants_of('buckets', target)}",
        )


def _calls(context: Context, path: Path, subproject: str, account_path: str, service_path: str) -> Iterator[Problem]:
    account = context.index.find("service_accounts", account_path, subproject)
    target = context.index.find("services", service_path, subproject)
    owner = context.subproject_of(target)
    if account is None or target is None or owner is None or target.id not in owner.services:
        return
    grants = owner.services[target.id].grants.values()
    if not _may(context, account, grants, target.subproject, _CALLS_SERVICES):
        yield context.problem(
            path,
            f"{account.path} may not call the service {target.path}",
            f"grant it roles/run.invoker in {_grants_of('services', target)}",
        )


def _starts(context: Context, path: Path, subproject: str, account_path: str, workflow_path: str) -> Iterator[Problem]:
    account = context.index.find("service_accounts", account_path, subproject)
    target = context.index.find("workflows", workflow_path, subproject)
    # Workflows have no grants of their own, so this role can only be the project's.
    if account is not None and target is not None and not _may(context, account, (), "", _STARTS_WORKFLOWS):
        yield context.problem(
            path,
            f"{account.path} may not start the workflow {target.path}",
            f"add roles/workflows.invoker to {_path('service_accounts', account, 'project_roles')}",
        )


def _events(context: Context, path: Path, subproject: str, trigger: Trigger) -> Iterator[Problem]:
    """A trigger's account receives the events, but for messages, and calls what they lead to."""
    account = context.index.find("service_accounts", trigger.service_account, subproject)
    # Triggers have no grants of their own, so this role can only be the project's.
    receives = trigger.criteria.get("type") == PUBSUB_EVENT or account is None
    if account is not None and not receives and not _may(context, account, (), "", _RECEIVES_EVENTS):
        yield context.problem(
            path,
            f"{account.path} may not receive events",
            f"add roles/eventarc.eventReceiver to {_path('service_accounts', account, 'project_roles')}",
        )
    if trigger.service is not None:
        yield from _calls(context, path, subproject, trigger.service_account, trigger.service)
    if trigger.workflow is not None:
        yield from _starts(context, path, subproject, trigger.service_account, trigger.workflow)


def _may(context: Context, account: Target, grants: Iterable[Grant], holder: str, roles: set[str]) -> bool:
    """Whether an account holds one of the roles, on the thing or on the project. Custom roles are taken to suffice."""
    declared = _declared(context, account)
    if declared is None or any(_is_one_of(role, roles) for role in declared.project_roles):
        return True
    principal = context.member(account)
    for grant in grants:
        if not _is_one_of(grant.role, roles):
            continue
        for member in grant.members:
            if member in {principal, "allUsers", "allAuthenticatedUsers"}:
                return True
            if not is_principal(member) and context.index.find("service_accounts", member, holder) == account:
                return True
    return False


def _grants_of(kind: str, target: Target) -> str:
    return _path(kind, target, "grants")


def _path(kind: str, target: Target, field: str) -> str:
    return format_path(("subprojects", target.subproject, kind, target.id, field))


def _is_one_of(role: str, roles: set[str]) -> bool:
    return role in roles or role in _EVERYTHING or not role.startswith("roles/")


def _declared(context: Context, account: Target) -> ServiceAccount | None:
    owner = context.subproject_of(account)
    return None if owner is None else owner.service_accounts.get(account.id)
