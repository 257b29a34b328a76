"""The variables of the Terraform root: an environment with every reference, file, template and default resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..callers import let_agents_call
from ..files import Files
from ..models import Environment
from ..pinned import Build, pin
from ..references import Index
from .names import all_labels, bucket_name, certificate_name, state_bucket
from .resolver import Resolver

__all__ = ["all_labels", "bucket_name", "certificate_name", "state_bucket", "to_tfvars"]


def to_tfvars(
    name: str, environment: Environment, index: Index, files: Files, builds: Mapping[str, Build]
) -> dict[str, Any]:
    """The variables that `infra/variables.tf` declares. Every field is there, null where nothing is set."""
    resolver = Resolver(name, environment, index, files)
    subprojects = {key: resolver.subproject(key, sub) for key, sub in environment.subprojects.items()}
    for subproject in subprojects.values():
        pin(subproject, builds)
    let_agents_call(environment, subprojects)
    return {
        "environment": name,
        "project_id": environment.project_id,
        "project_number": environment.project_number,
        "region": environment.region,
        "labels": all_labels(name, environment),
        "apis": list(environment.apis),
        "state": {"bucket": state_bucket(environment), "prefix": environment.state.prefix},
        "github": resolver.github(environment.github),
        "network": resolver.network(environment.network),
        "notification_channels": {
            key: resolver.shared(channel, "notification_channels", key)
            for key, channel in environment.notification_channels.items()
        },
        "log_sinks": {key: resolver.shared(sink, "log_sinks", key) for key, sink in environment.log_sinks.items()},
        "log_buckets": {key: resolver.log_bucket(key, one) for key, one in environment.log_buckets.items()},
        "audit_logs": {key: resolver.audit_log(key, log) for key, log in environment.audit_logs.items()},
        "deny_policies": {
            key: resolver.shared(policy, "deny_policies", key) for key, policy in environment.deny_policies.items()
        },
        "budget": resolver.shared(environment.budget, "budget"),
        "subprojects": subprojects,
    }
