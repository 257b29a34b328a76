"""Plans as Terraform would print them, made for a test."""

from __future__ import annotations

import re
from typing import Any


def change(
    address: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    *actions: str,
    type: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One resource change; the actions follow from what is there before and after, where they aren't given."""
    if not actions:
        created, gone = before is None, after is None
        actions = ("create",) if created else ("delete",) if gone else ("no-op",) if before == after else ("update",)
    top = {key: more.pop(key) for key in ("previous_address",) if key in more}
    named = re.search(r"google_\w+", address)
    kind = type or (named[0] if named else "")
    body = {"actions": list(actions), "before": before, "after": after, "after_unknown": {}, **more}
    return {"address": address, "type": kind, "mode": "managed", **top, "change": body}


def plan(*changes: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """A plan's document."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {name: {"value": value} for name, value in variables.items()},
        "planned_values": {"root_module": {"child_modules": [{}]}},
        "resource_changes": list(changes),
    }


def bucket(key: str = "a", **other: Any) -> dict[str, Any]:
    """A bucket's values as the provider has them."""
    return {
        "name": f"p-{key}",
        "location": "ASIA-SOUTH1",
        "storage_class": "STANDARD",
        "uniform_bucket_level_access": True,
        "public_access_prevention": "enforced",
        "force_destroy": False,
        "versioning": [{"enabled": True}],
        "labels": {"platform": "ai-trading-machine", "environment": "prod", "subproject": "alpha"},
        **other,
    }


def at(resource: str, key: str = "a", subproject: str = "alpha", module: str = "gcs") -> str:
    """An address of a subproject's module.

    >>> at("google_storage_bucket")
    'module.gcs["alpha"].google_storage_bucket.this["a"]'
    """
    return f'module.{module}["{subproject}"].{resource}.this["{key}"]'
