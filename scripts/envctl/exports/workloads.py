"""What of an environment runs as containers, with what every export needs to know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shared_services.yaml.nodes import plain
from shared_services.yaml.reader import read_file

from ..environments import LoadedEnvironment
from ..environments.pinned import split
from ..images.wanted import Image, wanted

Kind = Literal["services", "jobs", "worker_pools"]
_KINDS: tuple[Kind, ...] = ("services", "worker_pools", "jobs")
_FIRST_PORT = 8100
_INVOKER = "roles/run.invoker"
_UID = 10001


@dataclass(frozen=True, slots=True)
class Workload:
    """A service, a worker pool or a job.

    Attributes:
        subproject: whose it is.
        name: its own.
        kind: which of the three.
        values: its resolved values, as terraform gets them.
        image: how its image is built; None where it isn't one of ours.
        port: where a service is found from outside of its container.
        grpc_port: where its gRPC face is, if it has one.
        callers: services that may call it, as `subproject/name`.
        needs: services that have to be ready before it.
    """

    subproject: str
    name: str
    kind: Kind
    values: Mapping[str, Any] = field(repr=False)
    image: Image | None
    port: int
    grpc_port: int | None
    callers: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def path(self) -> str:
        """`subproject/name`."""
        return f"{self.subproject}/{self.name}"

    @property
    def account(self) -> str:
        """The service account's id."""
        return str(self.values["service_account"]).partition("@")[0]

    def containers(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Its side-cars by name."""
        yield from self.values["sidecars"].items()


def workloads(loaded: LoadedEnvironment, root: Path) -> list[Workload]:
    """Everything that runs, services first, each kind sorted by its name.

    Args:
        loaded: the environment.
        root: the checkout, whose `config/services/` knows ports and needs.
    """
    images = {image.name: image for image in wanted(loaded, root)}
    subprojects = loaded.tfvars["subprojects"]
    settings = {name: _settings(root, name) for sub in subprojects.values() for name in sub["services"]}
    ports = _ports(settings)
    by_account: dict[str, list[str]] = {
        str(thing["service_account"]): [] for sub in subprojects.values() for thing in sub["services"].values()
    }
    for key, sub in subprojects.items():
        for name, thing in sub["services"].items():
            by_account[str(thing["service_account"])].append(f"{key}/{name}")
    found = []
    for kind in _KINDS:
        for key, sub in sorted(subprojects.items()):
            for name, thing in sorted(sub[kind].items()):
                own = settings.get(name, {}) if kind == "services" else {}
                found.append(
                    Workload(
                        key,
                        name,
                        kind,
                        thing,
                        images.get(split(thing["image"])[0]),
                        ports.get(name, 0),
                        own.get("GRPC_PORT"),
                        tuple(sorted(set(_callers(thing, by_account)) - {f"{key}/{name}"})),
                        tuple(own.get("DEPENDENCIES", ())),
                    )
                )
    return found


def addresses(found: list[Workload], address: str) -> dict[str, str]:
    """Where each service is, for `PLATFORM_SERVICES`. `address` is filled with its name, subproject and port."""
    return {
        one.path: address.format(name=one.name, subproject=one.subproject, port=one.port)
        for one in found
        if one.kind == "services"
    }


def user() -> int:
    """The user that our images run as."""
    return _UID


def dns_name(text: str) -> str:
    """A text as a part of a DNS name.

    >>> dns_name("kite_api_key")
    'kite-api-key'
    """
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")


def _callers(thing: Mapping[str, Any], by_account: Mapping[str, list[str]]) -> Iterator[str]:
    for grant in thing["grants"].values():
        if grant["role"] == _INVOKER:
            for member in grant["members"]:
                yield from by_account.get(str(member).partition(":")[2], ())


def _settings(root: Path, name: str) -> dict[str, Any]:
    path = root / "config/services" / f"{name}.yaml"
    node, problems = read_file(path, path.name) if path.is_file() else (None, [])
    values = plain(node) if node is not None and not problems else {}
    return values if isinstance(values, dict) else {}


def _ports(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """A port a service: the one of its settings, or the next that is free."""
    ports = {name: own["SERVICE_PORT"] for name, own in settings.items() if isinstance(own.get("SERVICE_PORT"), int)}
    taken = set(ports.values())
    for name in sorted(settings.keys() - ports.keys()):
        ports[name] = next(port for port in range(_FIRST_PORT, 65536) if port not in taken)
        taken.add(ports[name])
    return ports
