"""Startup probes: whether an instance accepts requests."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.runtime.processes import Process

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak HTTP to this machine: by default each reads all certificates of the world, for 25 ms."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How to tell that an instance is ready, and how many seconds it may take.

    `path` None: a TCP connection suffices. A container that listens on the port named in the probe listens on its own
    `$PORT` here, since several run on one machine.
    """

    seconds: float = 240.0
    path: str | None = None
    headers: Mapping[str, str] | None = None

    @classmethod
    def of(cls, container: Mapping[str, Any]) -> Probe:
        """From a container's `startupProbe`.

        >>> Probe.of({"startupProbe": {"httpGet": {"path": "/up"}, "periodSeconds": 2, "failureThreshold": 5}})
        Probe(seconds=10.0, path='/up', headers={})
        """
        probe = container.get("startupProbe") or {}
        period, failures = probe.get("periodSeconds", 10), probe.get("failureThreshold", 3)
        seconds = float(probe.get("initialDelaySeconds", 0) + period * failures) if probe else 240.0
        http = probe.get("httpGet")
        if http is None:
            return cls(seconds)
        headers = {str(h.get("name")): str(h.get("value", "")) for h in http.get("httpHeaders", ())}
        return cls(seconds, http.get("path") or "/", headers)


def asked_by_probes(container: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths that a container's probes ask by HTTP.

    >>> asked_by_probes({"startupProbe": {"httpGet": {}}, "livenessProbe": {"httpGet": {"path": "/up"}}})
    ('/', '/up')
    """
    probes = (container.get(name) or {} for name in ("startupProbe", "livenessProbe", "readinessProbe"))
    paths = [probe["httpGet"].get("path") or "/" for probe in probes if probe.get("httpGet") is not None]
    return tuple(dict.fromkeys(paths))


async def ready(process: Process, port: int, probe: Probe) -> bool:
    """Wait until the instance answers; False where it ended or took too long.

    It is asked more often than the probe's period says, for a short start is worth more here than few requests.
    """
    pause = 0.01
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(probe.seconds):
            while process.running:
                if await _answers(port, probe):
                    return True
                await asyncio.wait({process.exited}, timeout=pause)
                pause = min(pause * 1.2, 0.25)
    return False


async def _answers(port: int, probe: Probe) -> bool:
    try:
        if probe.path is None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
        async with httpx.AsyncClient(trust_env=False, verify=PLAIN, timeout=10) as client:
            answer = await client.get(f"http://127.0.0.1:{port}{probe.path}", headers=dict(probe.headers or {}))
        return 200 <= answer.status_code < 400
    except (OSError, httpx.HTTPError):
        return False
