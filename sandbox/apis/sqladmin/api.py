"""Cloud SQL Admin: all of it."""

from __future__ import annotations

from sandbox.apis.sqladmin import backups, clones, databases, instances, operations, promotions, ssl_certs, users
from sandbox.apis.sqladmin.common import API

__all__ = ["API", "backups", "clones", "databases", "instances", "operations", "promotions", "ssl_certs", "users"]
