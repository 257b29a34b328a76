"""A revision as the runtime needs it, read from the document of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.runtime.instances import Limits
from sandbox.runtime.probes import Probe


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A version of a secret, by its full name."""

    name: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What an instance runs and under which limits. `variables` are values or secrets to look up at each start."""

    name: str
    service: str
    project: str
    image: str
    command: Sequence[str]
    arguments: Sequence[str]
    variables: Mapping[str, str | SecretRef]
    limits: Limits
    timeout: float
    probe: Probe

    @classmethod
    def of(cls, name: str, document: Mapping[str, Any]) -> Revision:
        """From a revision's resource name and its document."""
        parts = name.split("/")
        container = main_container(document)
        scaling = document.get("scaling") or {}
        return cls(
            name=parts[-1],
            service=parts[5],
            project=parts[1],
            image=str(container["image"]),
            command=tuple(container.get("command") or ()),
            arguments=tuple(container.get("args") or ()),
            variables=variables(parts[1], container),
            limits=Limits(
                concurrency=int(document.get("maxInstanceRequestConcurrency") or 80),
                least=int(scaling.get("minInstanceCount") or 0),
                most=int(scaling.get("maxInstanceCount") or 100),
            ),
            timeout=seconds(document.get("timeout") or "300s"),
            probe=Probe.of(container),
        )


def main_container(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """The container that takes the requests: the one with ports, or the first."""
    containers: list[Mapping[str, Any]] = template["containers"]
    return next((container for container in containers if container.get("ports")), containers[0])


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


def seconds(duration: str) -> float:
    """A protobuf duration as JSON writes it. Raises ValueError.

    >>> seconds("3.5s")
    3.5
    """
    if not duration.endswith("s"):
        raise ValueError(f"{duration!r} is no duration in seconds, such as 300s")
    return float(duration[:-1])
