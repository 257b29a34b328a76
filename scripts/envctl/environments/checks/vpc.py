"""The way of Cloud Run into the VPC: subnets and connectors are the environment's network's."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.network import Network
from ..models.run import Container
from ..paths import Path
from ..problems import Problem, did_you_mean
from .context import Context


def check_vpc(context: Context) -> Iterator[Problem]:
    """Subnets that the network doesn't have, or has in another region; connectors that nothing declares."""
    network = context.environment.network
    for above, _, subproject in context.subprojects():
        for kind in ("services", "jobs", "worker_pools"):
            containers: dict[str, Container] = getattr(subproject, kind)
            for name, container in containers.items():
                access = container.vpc_access
                if access is not None:
                    path = (*above, kind, name, "vpc_access")
                    if access.subnet is not None:
                        yield from _subnet(context, (*path, "subnet"), access.subnet, network)
                    elif access.connector is not None and "/" not in access.connector:
                        yield from _connector(context, (*path, "connector"), access.connector, network)


def _subnet(context: Context, path: Path, name: str, network: Network | None) -> Iterator[Problem]:
    region = context.environment.region
    known = {} if network is None else network.subnets
    if name not in known:
        hint = did_you_mean(name, known, otherwise="declare it below network.subnets, or name another")
        yield context.problem(
            path, f'the network has no subnet "{name}"', hint or "the environment declares no network"
        )
    elif (known[name].region or region) != region:
        message = f'the subnet "{name}" is in {known[name].region}, and Cloud Run runs in {region}'
        yield context.problem(path, message, "name a subnet of the same region")


def _connector(context: Context, path: Path, name: str, network: Network | None) -> Iterator[Problem]:
    known = {} if network is None else network.connectors
    if name not in known:
        hint = did_you_mean(name, known, otherwise="declare it below network.connectors, or give a full name")
        yield context.problem(path, f'the network has no connector "{name}"', hint or "declare it, or give a full name")
