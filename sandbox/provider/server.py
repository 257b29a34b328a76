"""Serves the provider to Terraform on a unix socket, inside a running event loop."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc

from sandbox.control.http import Dispatch
from sandbox.provider.front import Front
from sandbox.provider.servicer import Provider, handlers

ADDRESS = "registry.terraform.io/hashicorp/google"
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_concurrent_streams", 1000),
]


@dataclass(slots=True)
class Serving:
    """A provider being served. `stop()` ends it."""

    provider: Provider
    server: grpc.aio.Server
    front: Front
    _inner: Path

    async def stop(self, grace: float | None = 0) -> None:
        """Stop; calls under way get `grace` seconds."""
        await self.front.stop()
        await self.server.stop(grace)
        self._inner.unlink(missing_ok=True)


async def serve(dispatch: Dispatch, socket_path: Path, environ: Mapping[str, str] | None = None) -> Serving:
    """Serve on `socket_path`; its directory is made, private to the user, where it is missing. May raise OSError.

    `environ` stands in for arguments that a provider block leaves out, where the environment of the
    connecting process cannot be read.
    """
    socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    provider = Provider(dispatch, environ)
    inner = socket_path.with_suffix(".grpc")
    inner.unlink(missing_ok=True)
    server = grpc.aio.server(options=_OPTIONS)
    server.add_generic_rpc_handlers(handlers(provider))
    server.add_insecure_port(f"unix:{inner}")
    await server.start()
    inner.chmod(0o600)
    front = Front(socket_path, inner, provider.opened, provider.closed)
    await front.start()
    return Serving(provider, server, front, inner)


def reattach(socket_path: Path, pid: int | None = None) -> str:
    """The value of TF_REATTACH_PROVIDERS with which `terraform` uses the provider as hashicorp/google.

    Modules of others often require hashicorp/google-beta beside it, so the provider answers to that name too; what it
    serves is the same, without beta's additions.
    """
    reached = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid() if pid is None else pid,
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket_path)},
    }
    return json.dumps({"hashicorp/google": reached, "hashicorp/google-beta": reached}, separators=(",", ":"))
