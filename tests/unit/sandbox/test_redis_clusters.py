"""Memorystore for Redis Cluster: an endpoint by a policy of the network, an authority, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.redis import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/redis/v1/projects/prices/locations/asia-south1/clusters"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        yield made


async def test_a_cluster_has_a_size_and_an_authority_where_it_encrypts(router: Router) -> None:
    body = {"shardCount": 3, "transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"}
    await ask(router, "POST", f"{HERE}?clusterId=cache", body)
    made = await ask(router, "GET", f"{HERE}/cache")
    assert (made["state"], made["sizeGb"]) == ("ACTIVE", 39)
    told = await ask(router, "GET", f"{HERE}/cache/certificateAuthority")
    assert "BEGIN CERTIFICATE" in told["managedServerCa"]["caCerts"][0]["certificates"][0]
    await ask(
        router, "PATCH", f"{HERE}/cache?updateMask=deletionProtectionEnabled", {"deletionProtectionEnabled": True}
    )
    await ask(router, "DELETE", f"{HERE}/cache", status=400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"shardCount": 0}, 400),
        ({"replicaCount": 6}, 400),
        ({"nodeType": "HUGE"}, 400),
        ({"pscConfigs": [{"network": "projects/prices/global/networks/none"}]}, 404),
        ({"gcsSource": {"uris": ["gs://a/b"]}}, 501),
        ({"crossClusterReplicationConfig": {"clusterRole": "PRIMARY"}}, 501),
    ],
)
async def test_clusters_that_are_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{HERE}?clusterId=cache", {"shardCount": 1, **change}, status)
