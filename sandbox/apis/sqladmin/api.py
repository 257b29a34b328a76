"""Cloud SQL Admin: all of it."""

from __future__ import annotations

from sandbox.apis.sqladmin import databases, instances, operations, users
from sandbox.apis.sqladmin.common import API

__all__ = ["API", "databases", "instances", "operations", "users"]
