"""Serves the provider to Terraform on a unix socket, inside a running event loop."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from sandbox.control.http import Dispatch
from sandbox.provider.front import Front
from sandbox.provider.local import PROVIDERS, LocalProvider
from sandbox.provider.servicer import Provider, handlers

ADDRESS = "registry.terraform.io/hashicorp/google"
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_concurrent_streams", 1000),
]


@dataclass(slots=True)
class _Served:
    """One address: a front that knows who calls, before the server."""

    server: grpc.aio.Server
    front: Front
    inner: Path


@dataclass(slots=True)
class Serving:
    """A provider being served. `stop()` ends it."""

    provider: Provider
    _served: list[_Served]

    async def stop(self, grace: float | None = 0) -> None:
        """Stop; calls under way get `grace` seconds."""
        for each in self._served:
            await each.front.stop()
            await each.server.stop(grace)
            each.inner.unlink(missing_ok=True)


def _as(socket_path: Path, name: str) -> Path:
    """Where the same process is another provider: "beta" of hashicorp/google-beta, or one that asks no API."""
    return socket_path.with_suffix(f".{name}")


async def serve(
    dispatch: Dispatch,
    socket_path: Path,
    environ: Mapping[str, str] | None = None,
    here: Callable[[str], str] = str,
) -> Serving:
    """Serve on `socket_path`; its directory is made, private to the user, where it is missing. May raise OSError.

    `environ` stands in for arguments that a provider block leaves out, where the environment of the
    connecting process cannot be read. `here` is the address at which what a URL names answers here: hashicorp/http
    asks none of Google's.
    """
    socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    provider = Provider(dispatch, environ)
    served = [
        await _serve(provider, socket_path, ".grpc"),
        await _serve(Provider(dispatch, environ, beta=True), _as(socket_path, "beta"), ".beta-grpc"),
        *[await _serve(LocalProvider(name, here=here), _as(socket_path, name), f".{name}-grpc") for name in PROVIDERS],
    ]
    return Serving(provider, served)


async def _serve(provider: Provider | LocalProvider, socket_path: Path, suffix: str) -> _Served:
    inner = socket_path.with_suffix(suffix)
    inner.unlink(missing_ok=True)
    server = grpc.aio.server(options=_OPTIONS)
    server.add_generic_rpc_handlers(handlers(provider))
    server.add_insecure_port(f"unix:{inner}")
    await server.start()
    inner.chmod(0o600)
    front = Front(socket_path, inner, provider.opened, provider.closed)
    await front.start()
    return _Served(server, front, inner)


def reattach(socket_path: Path, pid: int | None = None) -> str:
    """The value of TF_REATTACH_PROVIDERS with which `terraform` uses the provider as hashicorp/google.

    Modules of others often require hashicorp/google-beta beside it, so the provider answers to that name too, at an
    address of its own: there the schema has beta's additions. So are those that ask no API, such as hashicorp/random.
    """

    def reached(path: Path) -> dict[str, Any]:
        return {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": os.getpid() if pid is None else pid,
            "Test": True,
            "Addr": {"Network": "unix", "String": str(path)},
        }

    found = {"hashicorp/google": reached(socket_path), "hashicorp/google-beta": reached(_as(socket_path, "beta"))}
    found |= {f"hashicorp/{name}": reached(_as(socket_path, name)) for name in PROVIDERS}
    return json.dumps(found, separators=(",", ":"))
