"""Grants that Terraform or Google would refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..models.iam import Condition, Grants
from ..paths import Path, format_path
from ..problems import Problem, did_you_mean
from ..references import is_principal
from .context import Context

_OWN = "projects/${project_id}/roles/"
_DECLARE = "declare it below custom_roles"
_PUBLIC = {"allUsers", "allAuthenticatedUsers"}


def check_grants(context: Context) -> Iterator[Problem]:
    """A role given twice to one member on one thing, and buckets opened to the world."""
    own = {key for _, _, subproject in context.subprojects() for key in subproject.custom_roles}
    for path, subproject, grants in _all(context):
        for key, grant in grants.items():
            yield from _own_role(context, (*path, key, "role"), grant.role, own)
        yield from _twice(context, path, subproject, grants)
        bucket = context.environment.subprojects[subproject].buckets.get(str(path[3])) if path[2] == "buckets" else None
        if bucket is not None and not bucket.public_access:
            for key, grant in grants.items():
                for index, member in enumerate(grant.members):
                    if member in _PUBLIC:
                        message = f"{member} can't be given a role: public access to the bucket is prevented"
                        hint = "name who needs it, or set public_access: true"
                        yield context.problem((*path, key, "members", index), message, hint)
    for above, _, subproject_model in context.subprojects():
        for name, account in subproject_model.service_accounts.items():
            for index, role in enumerate(account.project_roles):
                here = (*above, "service_accounts", name, "project_roles", index)
                yield from _own_role(context, here, role, own)
                if role in account.project_roles[:index]:
                    yield context.problem(here, f"{role} stands twice", "remove one of the two")


def _own_role(context: Context, path: Path, role: str, known: set[str]) -> Iterator[Problem]:
    """A role of this project that nobody declares."""
    name = role.removeprefix(_OWN)
    if name != role and name not in known:
        yield context.problem(path, f'"{name}" is no custom role', did_you_mean(name, known, otherwise=_DECLARE))


def _twice(context: Context, path: Path, subproject: str, grants: Grants) -> Iterator[Problem]:
    seen: dict[tuple[str, str, Condition | None], Path] = {}
    for key, grant in grants.items():
        for index, member in enumerate(grant.members):
            target = None if is_principal(member) else context.index.find("service_accounts", member, subproject)
            email = (
                f"serviceAccount:{target.id}@{context.environment.project_id}.iam.gserviceaccount.com" if target else ""
            )
            who = (grant.role, email or member, grant.condition)
            here = (*path, key, "members", index)
            if who in seen:
                message = f"{member} has {grant.role} already, by {format_path(seen[who][len(path) :])}"
                yield context.problem(here, message, "remove one of the two")
            else:
                seen[who] = here


def _all(context: Context) -> Iterator[tuple[Path, str, Grants]]:
    """Everything with grants: the path of the grants, the subproject they are written in, and the grants."""
    for above, key, sub in context.subprojects():
        kinds: dict[str, Mapping[str, Any]] = {
            "service_accounts": sub.service_accounts,
            "kms_keys": sub.kms_keys,
            "secrets": sub.secrets,
            "repositories": sub.repositories,
            "buckets": sub.buckets,
            "bigquery_connections": sub.bigquery_connections,
            "datasets": sub.datasets,
            "schemas": sub.schemas,
            "topics": sub.topics,
            "subscriptions": sub.subscriptions,
            "services": sub.services,
            "jobs": sub.jobs,
            "worker_pools": sub.worker_pools,
            "queues": sub.queues,
        }
        for kind, things in kinds.items():
            for name, thing in things.items():
                yield (*above, kind, name, "grants"), key, thing.grants
        for bucket_name, bucket in sub.buckets.items():
            for name, folder in bucket.managed_folders.items():
                yield (*above, "buckets", bucket_name, "managed_folders", name, "grants"), key, folder.grants
        for dataset_name, dataset in sub.datasets.items():
            inner: dict[str, Mapping[str, Any]] = {
                "tables": dataset.tables,
                "external_tables": dataset.external_tables,
                "views": dataset.views,
                "materialized_views": dataset.materialized_views,
                "routines": dataset.routines,
            }
            for kind, tables in inner.items():
                for name, table in tables.items():
                    yield (*above, "datasets", dataset_name, kind, name, "grants"), key, table.grants
    for path, key, proxy in context.proxied():
        yield (*path, "grants"), key, proxy.grants
