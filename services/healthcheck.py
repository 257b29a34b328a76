"""`python -m services.healthcheck`: whether the service in this container lives. A slim image has no curl.

Exit code 0: it answers `/health/live` on `$PORT`; 1: it doesn't.
"""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    """Ask once."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8080")), timeout=3)
    try:
        connection.request("GET", "/health/live")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
