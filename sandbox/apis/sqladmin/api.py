"""Cloud SQL Admin: all of it."""

from __future__ import annotations

from sandbox.apis.sqladmin import clones, databases, instances, operations, promotions, ssl_certs, users
from sandbox.apis.sqladmin.common import API

__all__ = ["API", "clones", "databases", "instances", "operations", "promotions", "ssl_certs", "users"]
