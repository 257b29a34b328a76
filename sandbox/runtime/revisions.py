"""A revision as the runtime needs it, read from the document of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.runtime.instances import Limits
from sandbox.runtime.parts import Parts
from sandbox.runtime.probes import Probe
from sandbox.runtime.secret_refs import SecretRef, secret_version, variables


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
    parts: Parts

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
            parts=Parts.of(parts[1], document),
        )


def main_container(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """The container that takes the requests: the one with ports, or the first."""
    containers: list[Mapping[str, Any]] = template["containers"]
    return next((container for container in containers if container.get("ports")), containers[0])


def seconds(duration: str) -> float:
    """A protobuf duration as JSON writes it. Raises ValueError.

    >>> seconds("3.5s")
    3.5
    """
    if not duration.endswith("s"):
        raise ValueError(f"{duration!r} is no duration in seconds, such as 300s")
    return float(duration[:-1])


__all__ = ["Revision", "SecretRef", "main_container", "seconds", "secret_version", "variables"]
