"""What a request's JSON may be, and what its nulls say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis import secretmanager
from sandbox.apis.compute import api as compute
from sandbox.control.http import Request
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

SECRETS = "/secretmanager/v1/projects/prices/secrets"
NETWORKS = "/compute/v1/projects/prices/global/networks"
FIREWALLS = "/compute/v1/projects/prices/global/firewalls"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API, secretmanager.API) as made:
        yield made


async def test_a_null_at_any_depth_is_a_field_that_is_not_set(router: Router) -> None:
    body = {"replication": {"automatic": {"customerManagedEncryption": None}, "userManaged": None}, "labels": None}
    made = await ask(router, "POST", f"{SECRETS}?secretId=key", body)
    assert made["replication"] == {"automatic": {}}
    assert "labels" not in made


async def test_a_null_is_no_element_of_a_message_s_list(router: Router) -> None:
    body = {"replication": {"userManaged": {"replicas": [{"location": "asia-south1"}, None]}}}
    refused = await ask(router, "POST", f"{SECRETS}?secretId=key", body, 400)
    where = "replication.userManaged.replicas[1]"
    assert refused["error"]["message"] == f"Invalid value at '{where}': null is no element of a list."


async def test_a_null_in_a_list_is_nothing_to_compute_engine(router: Router) -> None:
    await ask(router, "POST", NETWORKS, {"name": "main", "autoCreateSubnetworks": False})
    allowed = [{"IPProtocol": "tcp", "ports": ["80", None]}, None]
    await ask(router, "POST", FIREWALLS, {"name": "open", "network": "global/networks/main", "allowed": allowed})
    assert (await ask(router, "GET", f"{FIREWALLS}/open"))["allowed"] == [{"IPProtocol": "tcp", "ports": ["80"]}]


async def test_a_null_in_a_patch_of_compute_engine_clears_and_within_what_is_new_it_says_nothing(
    router: Router,
) -> None:
    await ask(router, "POST", NETWORKS, {"name": "main", "autoCreateSubnetworks": False, "description": "old"})
    rule = {"name": "open", "network": "global/networks/main", "allowed": [{"IPProtocol": "tcp"}], "description": "x"}
    await ask(router, "POST", FIREWALLS, rule)
    change = {"description": None, "logConfig": {"enable": True, "metadata": None}}
    await ask(router, "PATCH", f"{FIREWALLS}/open", change)
    found = await ask(router, "GET", f"{FIREWALLS}/open")
    assert "description" not in found
    assert "metadata" not in found["logConfig"] or found["logConfig"]["metadata"]


@pytest.mark.parametrize("body", [b"[1]", b"5", b'"x"', b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_object_is_refused(router: Router, body: bytes) -> None:
    response = await router.dispatch(Request("POST", SECRETS, body=body))
    assert response.status == 400
    assert "Invalid JSON payload" in response.json()["error"]["message"]
