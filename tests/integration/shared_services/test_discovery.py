"""Services of a sandbox, found by Cloud Run's API as in the cloud."""

from __future__ import annotations

import time

from shared_services import ServiceClient, ServiceRegistry

from .conftest import PROJECT, Made


async def test_a_service_that_was_deployed_is_found_and_called(environ: dict[str, str], make: Made, name: str) -> None:
    service = {"template": {"containers": [{"image": "gcr.io/p/nobody-wrote-this"}]}}
    make("POST", f"/run/v2/projects/{{project}}/locations/asia-south1/services?serviceId={name}", service)
    registry = ServiceRegistry.of({**environ, "GOOGLE_CLOUD_PROJECT": PROJECT}, ttl_seconds=0)
    until = time.monotonic() + 30
    while name not in await registry.services():
        assert time.monotonic() < until
    client = ServiceClient(registry, name, timeout_seconds=30)
    answer = await client.get("/health")
    assert (answer.json()["service"], answer.json()["status"]) == (name, "ok")
    health = await registry.health([name])
    assert [(each.service, each.status, each.kind) for each in health] == [(name, "ok", "starter")]
    assert health[0].ok
    await client.close()
