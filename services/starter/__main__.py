"""`python -m services.starter [PATH…]`: serve on `$HOST:$PORT` until SIGTERM or SIGINT; the paths answer as /health.

The base of every service without any routes, nor FastAPI: so a platform of starters is up quickly.
"""

from __future__ import annotations

import os
import sys

from shared_services.logging import flush_logs, get_logger
from shared_services.service.base import Base
from shared_services.service.identity import Identity
from shared_services.service.server import run_service
from shared_services.service.service import Service
from shared_services.service.settings import ServiceSettings


def main() -> int:
    """Serve; 0 after a signal, 1 where the port can't be had."""
    job = os.environ.get("CLOUD_RUN_JOB")
    identity = Identity.of(kind="starter", service=job or "")
    service = Service(ServiceSettings(identity=identity))
    service.set_up_logging()
    if job:
        # A job's container ends by itself; there is nothing that this one could do.
        return _said("warning", "The job has no package yet: nothing was done", 0)
    text = os.environ.get("PORT", "8080")
    if not text.isdigit() or int(text) > 65535:
        return _said("error", f"PORT must be a number up to 65535, not '{text}'.", 1)
    host = os.environ.get("HOST", "127.0.0.1")
    service.apply(ServiceSettings(identity=identity, host=host, port=int(text)))
    return run_service(Base(service=service, health=sys.argv[1:]))


def _said(level: str, text: str, code: int) -> int:
    get_logger("services.starter").log(level, text, kind="starter")
    flush_logs()
    return code


if __name__ == "__main__":
    sys.exit(main())
