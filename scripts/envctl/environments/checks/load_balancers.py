"""Services behind a load balancer: they have to let it in."""

from __future__ import annotations

from collections.abc import Iterator

from ..paths import format_path
from ..problems import Problem
from .context import Context

_OPEN = ("all", "internal-and-cloud-load-balancing")


def check_load_balancers(context: Context) -> Iterator[Problem]:
    """A service whose ingress turns away what comes through a load balancer, or which is signed in to twice."""
    for above, key, subproject in context.subprojects():
        for name, balancer in subproject.load_balancers.items():
            for backend_key, backend in balancer.backends.items():
                target = context.index.find("services", backend.service, key)
                owner = context.subproject_of(target)
                service = owner.services.get(target.id) if owner is not None and target is not None else None
                if target is None or service is None:
                    continue
                path = (*above, "load_balancers", name, "backends", backend_key, "service")
                there = ("subprojects", target.subproject, "services", target.id)
                if backend.iap is not None and service.iap is not None:
                    message = f"the service {target.path} signs people in itself, and Google does it at one place"
                    hint = f"remove {format_path((*there, 'iap'))}"
                    yield context.problem((*path[:-1], "iap"), message, hint, key=True)
                if service.ingress in _OPEN:
                    continue
                where = format_path((*there, "ingress"))
                message = f"the service {target.path} lets in {service.ingress} only, and no load balancer"
                yield context.problem(path, message, f"set {where} to internal-and-cloud-load-balancing")
