"""`Identity`: who this process is, as Cloud Run tells it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers.

    Args:
        service: its name.
        version: its code's.
        revision: Cloud Run's, where it runs there.
        environment: such as `prod`.
        kind: `service`, or `starter` for what stands in for one that isn't written yet.
    """

    service: str
    version: str = ""
    revision: str = ""
    environment: str = "local"
    kind: str = "service"

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, *, kind: str = "service", service: str = "") -> Identity:
        """From the variables that Cloud Run and the platform set.

        >>> Identity.of({"K_SERVICE": "risk-manager"}).service
        'risk-manager'
        """
        environ = os.environ if environ is None else environ
        return cls(
            service or environ.get("SERVICE_NAME") or environ.get("K_SERVICE") or kind,
            environ.get("SERVICE_VERSION", ""),
            environ.get("K_REVISION", ""),
            environ.get("PLATFORM_ENVIRONMENT", "local"),
            kind,
        )

    def document(self) -> dict[str, str]:
        """What /health says of it; nothing that is empty."""
        about = {"service": self.service, "kind": self.kind, "version": self.version, "revision": self.revision}
        return {name: value for name, value in (about | {"environment": self.environment}).items() if value}
