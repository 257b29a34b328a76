"""What is known of some kinds of things. A kind that isn't named here is drawn all the same, as `other`."""

from __future__ import annotations

import re

from .model import Flow

_FLOWS = {
    Flow.events: ("topics", "subscriptions", "schemas"),
    Flow.data: ("buckets", "datasets", "tables", "views", "materialized_views", "sql_instances", "redis_instances"),
    Flow.calls: ("schedules", "workflows", "services", "jobs", "worker_pools", "routines"),
    Flow.secrets: ("secrets", "kms_keys"),
}
_FLOW_OF = {kind: flow for flow, kinds in _FLOWS.items() for kind in kinds}

# What is used by whoever refers to it: the arrow leads away from it. So does the one from a topic to its subscription.
USED = ("schemas", "secrets", "kms_keys")
_READS = ("viewer", "subscriber", "reader", "accessor")


def flow_of(kind: str) -> Flow:
    """What a kind of thing stands for."""
    return _FLOW_OF.get(kind, Flow.other)


def reads(role: str) -> bool:
    """Whether a role takes out of what it is given on.

    >>> reads("roles/bigquery.dataViewer"), reads("roles/pubsub.publisher")
    (True, False)
    """
    return role.lower().endswith(_READS)


def singular(kind: str) -> str:
    """A kind, of one thing.

    >>> singular("alert_policies"), singular("worker_pools"), singular("github")
    ('alert policy', 'worker pool', 'GitHub repository')
    """
    if kind == "github":
        return "GitHub repository"
    word = re.sub(r"^(slo|sql|kms|dns) ", lambda match: match[0].upper(), kind.replace("_", " "))
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
