"""Where in the YAML something stands that has another name, or another place, in the tfvars."""

from __future__ import annotations

from shared_services.yaml.nodes import Mapping, locate

from . import dead_letters, triggers
from .paths import Path

# Subscriptions that Terraform makes in calls of their own.
SUBSCRIPTIONS = ("push_subscriptions", "export_subscriptions")


def written(path: Path) -> Path:
    """The path as the YAML has it, where a map is split for Terraform.

    >>> written(("subprojects", "a", "push_subscriptions", "b"))
    ('subprojects', 'a', 'subscriptions', 'b')
    """
    if len(path) > 2 and path[2] in SUBSCRIPTIONS:
        return (*path[:2], "subscriptions", *path[3:])
    if len(path) > 3 and path[2] == "bucket_notifications":
        bucket, _, notification = str(path[3]).partition("/")
        return (*path[:2], "buckets", bucket, "notifications", notification, *path[4:])
    return path


def is_made(tree: Mapping, path: Path) -> bool:
    """Whether a path leads to something of a subproject that stands nowhere by that name."""
    return len(path) > 3 and path[0] == "subprojects" and locate(tree, path[:4]) == locate(tree, path[:3])


def origin(tree: Mapping, path: Path) -> Path:
    """The path of the lines that something comes from: its own, or those of the thing that makes it."""
    path = written(path)
    if not is_made(tree, path):
        return path
    return dead_letters.declared_at(tree, triggers.declared_at(path))
