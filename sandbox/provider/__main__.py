"""Serves the provider alone, for `terraform validate`, `plan` and `test` without a control plane.

    python -m sandbox.provider --socket /tmp/google/provider.sock

prints the line to export. Every API call is answered with 501.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from sandbox.control.http import Request, Response
from sandbox.provider import reattach, serve


async def no_api(request: Request) -> Response:
    """Refuse: there is no control plane behind this provider."""
    message = f"{request.method} {request.path}: this provider was started without the sandbox and only plans"
    return Response.of({"error": {"code": 501, "status": "UNIMPLEMENTED", "message": message}}, 501)


async def _run(socket_path: Path) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    serving = await serve(no_api, socket_path)
    sys.stdout.write(f"export TF_REATTACH_PROVIDERS='{reattach(socket_path)}'\n")
    sys.stdout.flush()
    await stopping.wait()
    await serving.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.provider", description=__doc__.partition("\n")[0])
    parser.add_argument("--socket", type=Path, required=True, help="path of the unix socket to listen on")
    asyncio.run(_run(parser.parse_args().socket.absolute()))


if __name__ == "__main__":
    main()
