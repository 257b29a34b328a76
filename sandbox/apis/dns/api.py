"""Cloud DNS v1. Nothing is resolved by it on this machine."""

from __future__ import annotations

from sandbox.apis.dns import records, zones
from sandbox.apis.dns.common import API

__all__ = ["API", "records", "zones"]
