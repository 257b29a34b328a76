"""Databases and caches: who logs in to them, and the network on which they have their addresses.

Cloud SQL takes a user's token only from who may connect, and that is a project's role.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..paths import format_path
from ..problems import Problem
from .context import Context

_NEEDED = {
    "roles/cloudsql.client": {"roles/cloudsql.client", "roles/cloudsql.editor", "roles/cloudsql.admin"},
    "roles/cloudsql.instanceUser": {"roles/cloudsql.instanceUser", "roles/cloudsql.admin"},
}
_EVERYTHING = {"roles/owner", "roles/editor"}


def check_databases(context: Context) -> Iterator[Problem]:
    """Users that couldn't log in (custom roles are taken to suffice), and networks without private services."""
    yield from _networks(context)
    for above, key, subproject in context.subprojects():
        for name, instance in subproject.sql_instances.items():
            for index, user in enumerate(instance.users):
                account = context.index.find("service_accounts", user, key)
                owner = context.subproject_of(account)
                declared = None if account is None or owner is None else owner.service_accounts.get(account.id)
                if account is None or declared is None:
                    continue
                roles = declared.project_roles
                if any(role in _EVERYTHING or not role.startswith("roles/") for role in roles):
                    continue
                where = format_path(
                    ("subprojects", account.subproject, "service_accounts", account.id, "project_roles")
                )
                for role, enough in _NEEDED.items():
                    if not enough & set(roles):
                        path = (*above, "sql_instances", name, "users", index)
                        message = f"{account.path} couldn't log in: it lacks {role}"
                        yield context.problem(path, message, f"add {role} to {where}")


def _networks(context: Context) -> Iterator[Problem]:
    """An instance on the environment's own network, which isn't peered with Google's services."""
    network, project = context.environment.network, context.environment.project_id
    if network is None or network.private_services is not None:
        return
    own = {f"projects/{each}/global/networks/{network.name}" for each in ("${project_id}", project)}
    for above, _, subproject in context.subprojects():
        named = [("sql_instances", key, each.network) for key, each in subproject.sql_instances.items()]
        named += [("redis_instances", key, each.network) for key, each in subproject.redis_instances.items()]
        for kind, key, name in named:
            if name in own:
                message = f"the network {network.name} has no private services, so nothing has an address on it"
                yield context.problem((*above, kind, key, "network"), message, "add private_services: {} to network")
