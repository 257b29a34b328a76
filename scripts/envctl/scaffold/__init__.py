"""A new service: its package, its test, its settings and its stanza in the YAML, written as one."""

from .make import NewService, plan_service
from .write import write_all

__all__ = ["NewService", "plan_service", "write_all"]
