"""`python -m services.shared_services`: serve on `$HOST:$PORT` until SIGTERM or SIGINT."""

from __future__ import annotations

import sys

from shared_services import run_service

from .app import make_app

if __name__ == "__main__":
    sys.exit(run_service(make_app()))
