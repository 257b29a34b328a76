"""The containers of an instance and the volumes they share, read from the API's document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.runtime.probes import Probe, asked_by_probes
from sandbox.runtime.secret_refs import SecretRef, secret_version, variables
from sandbox.runtime.start_order import start_order


@dataclass(frozen=True, slots=True)
class Container:
    """One container. `mounts` are volumes and paths within them, by the path they are mounted at.

    `port` and `probe` say when a side-car has started; without them nobody waits for it. Its probes ask `asked`.
    """

    name: str
    image: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    variables: Mapping[str, str | SecretRef]
    mounts: Mapping[str, tuple[str, str]]
    main: bool
    probe: Probe | None = None
    port: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that holds a secret."""

    path: str
    secret: SecretRef
    mode: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A folder of an instance: files of a secret, or empty. `kind` is the API's field."""

    name: str
    kind: str
    files: tuple[SecretFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Containers in the order in which they start, and volumes."""

    containers: tuple[Container, ...] = ()
    volumes: tuple[Volume, ...] = ()

    @classmethod
    def of(cls, project: str, template: Mapping[str, Any]) -> Parts:
        """From a template."""
        documents: list[Mapping[str, Any]] = template["containers"]
        takes = next((i for i, container in enumerate(documents) if container.get("ports")), 0)
        order = start_order(documents) or range(len(documents))
        return cls(
            tuple(_container(project, documents[i], main=i == takes) for i in order),
            tuple(_volume(project, volume) for volume in template.get("volumes") or ()),
        )


def _container(project: str, document: Mapping[str, Any], *, main: bool) -> Container:
    probe = document.get("startupProbe") or {}
    asked = probe.get("httpGet") or probe.get("tcpSocket") or probe.get("grpc") or {}
    port = 0 if main else int(asked.get("port") or 0)
    return Container(
        name=str(document.get("name") or ""),
        image=str(document["image"]),
        command=tuple(document.get("command") or ()),
        arguments=tuple(document.get("args") or ()),
        variables=variables(project, document),
        mounts={
            str(mount["mountPath"]): (str(mount["name"]), str(mount.get("subPath") or ""))
            for mount in document.get("volumeMounts") or ()
        },
        main=main,
        probe=Probe.of(document) if port else None,
        port=port,
        asked=asked_by_probes(document),
    )


def _volume(project: str, document: Mapping[str, Any]) -> Volume:
    name = str(document["name"])
    secret = document.get("secret")
    if secret is None:
        kind = next((kind for kind in ("emptyDir", "gcs", "nfs", "cloudSqlInstance") if kind in document), "")
        return Volume(name, kind)
    items = secret.get("items") or [{"path": str(secret["secret"]).rpartition("/")[2]}]
    usual = int(secret.get("defaultMode") or 0o444)
    files = tuple(
        SecretFile(
            str(item["path"]),
            SecretRef(secret_version(project, {"secret": secret["secret"], "version": item.get("version")})),
            int(item.get("mode") or usual),
        )
        for item in items
    )
    return Volume(name, "secret", files)
