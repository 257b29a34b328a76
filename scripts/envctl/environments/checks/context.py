"""What checks look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared_services.yaml.nodes import Mapping, locate

from ..files import Files
from ..models import Environment, Subproject
from ..models.iam import Iap
from ..origins import origin
from ..paths import Path, format_path
from ..problems import Problem
from ..references import Index, Target


@dataclass(frozen=True, slots=True)
class Context:
    """A valid environment (or what is valid of one), with all that is needed to say where something stands."""

    name: str
    environment: Environment
    tree: Mapping
    index: Index
    files: Files

    def problem(self, path: Path, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with a value; with `key`, shown at its key."""
        return Problem.at(locate(self.tree, origin(self.tree, path), key=key), format_path(path), message, hint)

    def member(self, account: Target) -> str:
        """A service account as a grant's member."""
        return f"serviceAccount:{account.id}@{self.environment.project_id}.iam.gserviceaccount.com"

    def subprojects(self) -> Iterator[tuple[Path, str, Subproject]]:
        """Each subproject with its path and key."""
        for key, subproject in self.environment.subprojects.items():
            yield ("subprojects", key), key, subproject

    def proxied(self) -> Iterator[tuple[Path, str, Iap]]:
        """Each Identity-Aware Proxy, in front of a service or of a backend, with its path and its subproject's key."""
        for above, key, subproject in self.subprojects():
            for name, service in subproject.services.items():
                if service.iap is not None:
                    yield (*above, "services", name, "iap"), key, service.iap
            for balancer_name, balancer in subproject.load_balancers.items():
                for name, backend in balancer.backends.items():
                    if backend.iap is not None:
                        path = (*above, "load_balancers", balancer_name, "backends", name, "iap")
                        yield path, key, backend.iap

    def subproject_of(self, target: Target | None) -> Subproject | None:
        """The subproject that holds a target, when it is valid."""
        return None if target is None else self.environment.subprojects.get(target.subproject)
