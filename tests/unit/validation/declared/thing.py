"""A thing that is deployed, as its API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FILE_READER = "bqcx-1-ab12@gcp-sa-bigquery-condel.iam.gserviceaccount.com"


@dataclass
class Deployed:
    """One thing: where it is created and read, its document, and its grants.

    Attributes:
        collection: "service/version/parent/collection" that it is created in.
        id: its id there.
        document: what is sent to create it.
        shown: what the API adds when it shows it.
        policy: where its IAM policy is read; empty where it has none.
        bindings: its grants.
        path: where it is read, if not at collection/id.
        content: the bytes of an object.
    """

    collection: str
    id: str
    document: dict[str, Any]
    shown: dict[str, Any] = field(default_factory=dict)
    policy: str = ""
    bindings: list[dict[str, Any]] = field(default_factory=list)
    path: str = ""
    content: bytes = b""

    @property
    def read_at(self) -> str:
        return self.path or f"{self.collection}/{self.id}"


def bindings(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for grant in fields["grants"].values():
        binding = {"role": grant["role"], "members": list(grant["members"])}
        if grant["condition"]:
            binding["condition"] = {key: value for key, value in grant["condition"].items() if value is not None}
        found.append(binding)
    return found


def service_uri(name: str) -> str:
    return f"https://{name}-abc123.a.run.app"


PUBSUB = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"


def written(fields: Mapping[str, Any], here: bool, *roles: str) -> dict[str, Any]:
    """A thing with the grants of Pub/Sub's agent, where it writes to it."""
    grants = {role: {"role": role, "members": [PUBSUB], "condition": None} for role in roles if here}
    return {**fields, "grants": {**fields["grants"], **grants}}
