"""`python -m services`: the service that `SERVICE_PACKAGE` names, as an image's entry point.

An image holds one service and says so in that variable: arguments of its container (`args: [backtest]`) then are the
service's own.
"""

from __future__ import annotations

import os
import re
import runpy
import sys


def main() -> int:
    """Run the service in this process; 2 where none is named."""
    package = os.environ.get("SERVICE_PACKAGE", "")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", package):
        sys.stderr.write(f"SERVICE_PACKAGE must name a package of services/, not '{package}'\n")
        return 2
    runpy.run_module(f"services.{package}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
