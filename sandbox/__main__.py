"""`python -m sandbox serve --state DIR [--port N] [--grpc-port N] [--project ID=NUMBER]…`: a Google Cloud."""

from __future__ import annotations

import argparse
import asyncio
import logging
import logging.handlers
import os
import re
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="An embedded Google Cloud on 127.0.0.1.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve until SIGTERM or Ctrl-C")
    serve.add_argument("--state", type=Path, required=True, help="directory that holds everything; made if missing")
    serve.add_argument("--port", type=_port, help="fixed port; default: the one of the last run, or a free one")
    serve.add_argument("--grpc-port", type=_port, help="the same for gRPC")
    serve.add_argument(
        "--project",
        type=_project,
        action="append",
        default=[],
        metavar="ID=NUMBER",
        help="a project's number, kept for good; default: derived from its id",
    )
    serve.add_argument(
        "--placeholder",
        default="",
        metavar="TEXT",
        help="what a secret without a version is taken to hold, for a rehearsal; default: it has none",
    )
    return _serve(parser.parse_args(arguments))


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: 1 to 65535")
    return int(text)


def _project(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"([a-z][a-z0-9-]{4,28}[a-z0-9])=([1-9][0-9]{5,18})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a project's id, = and its number, such as my-project=123456")
    return found[1], found[2]


def _serve(options: argparse.Namespace) -> int:
    # Read by gRPC when it is imported: uvloop forks to start processes, and gRPC's handlers of fork are for programs
    # that go on using it in the child.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    import uvloop

    from sandbox.control.projects import OtherNumber
    from sandbox.server import Config, PortBusy, serve
    from sandbox.state import Locked, StateDir

    os.umask(0o077)
    try:
        with StateDir(options.state) as state:
            _log_to(state.path / "sandbox.log")
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                config = Config(
                    state, options.port, dict(options.project), options.placeholder, grpc_port=options.grpc_port
                )
                runner.run(serve(config))
    except (Locked, OtherNumber, PortBusy) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"sandbox: {error.strerror}: {error.filename or options.state}\n")
        return 1
    return 0


def _log_to(path: Path) -> None:
    from sandbox.server import JsonLines

    handler = logging.handlers.RotatingFileHandler(path, maxBytes=10_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)


if __name__ == "__main__":
    sys.exit(main())
