"""What one model can't see: names across subprojects, files' contents, and grants that a thing needs to work."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..problems import Problem
from .access import check_access
from .context import Context
from .databases import check_databases
from .deliveries import check_deliveries, check_ingestions
from .encryption import check_encryption
from .files import check_files
from .grants import check_grants
from .load_balancers import check_load_balancers
from .monitoring import check_monitoring
from .names import check_apis, check_labels, check_names
from .network import check_network
from .policy import check_policy
from .policy_tags import check_policy_tags
from .project import check_project_number
from .routines import check_routines
from .shared import check_shared
from .usage import check_usage
from .vpc import check_vpc

_CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    check_names,
    check_labels,
    check_apis,
    check_project_number,
    check_files,
    check_policy_tags,
    check_routines,
    check_grants,
    check_monitoring,
    check_shared,
    check_access,
    check_encryption,
    check_deliveries,
    check_ingestions,
    check_network,
    check_databases,
    check_vpc,
    check_load_balancers,
    check_policy,
    check_usage,
)


def check(context: Context) -> list[Problem]:
    """Everything that is wrong with an environment as a whole."""
    return [problem for one in _CHECKS for problem in one(context)]


__all__ = ["Context", "check"]
