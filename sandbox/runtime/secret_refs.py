"""Variables of containers, and the versions of secrets that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A version of a secret, by its full name."""

    name: str


def variables(project: str, container: Mapping[str, Any]) -> dict[str, str | SecretRef]:
    """The environment variables of a container."""
    found: dict[str, str | SecretRef] = {}
    for entry in container.get("env") or ():
        reference = (entry.get("valueSource") or {}).get("secretKeyRef")
        if reference:
            found[entry["name"]] = SecretRef(secret_version(project, reference))
        else:
            found[entry["name"]] = str(entry.get("value") or "")
    return found


def secret_version(project: str, reference: Mapping[str, Any]) -> str:
    """The full name of the version a `secretKeyRef` means.

    >>> secret_version("p", {"secret": "key", "version": "3"})
    'projects/p/secrets/key/versions/3'
    """
    secret = str(reference.get("secret", ""))
    name = secret if "/" in secret else f"projects/{project}/secrets/{secret}"
    return f"{name}/versions/{reference.get('version') or 'latest'}"
