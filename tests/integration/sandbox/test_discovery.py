"""Google's discovery documents as the sandbox serves them, and a client that is built of them alone."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build

from tests.integration.sandbox_process import Sandbox

PROJECT = "discovery-client"


def _client(sandbox: Sandbox, api: str, version: str) -> Any:
    """A client whose addresses come from the sandbox's document."""
    return build(
        api,
        version,
        credentials=AnonymousCredentials(),
        discoveryServiceUrl=f"{sandbox.url}/discovery/v1/apis/{{api}}/{{apiVersion}}/rest",
        static_discovery=False,
    )


def _read(url: str) -> dict[str, Any]:
    with urlopen(url) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_the_directory_names_what_is_served_and_its_documents_are_there(sandbox: Sandbox) -> None:
    items = _read(f"{sandbox.url}/discovery/v1/apis")["items"]
    named = {item["id"]: item["discoveryRestUrl"] for item in items}
    assert {"pubsub:v1", "run:v2", "storage:v1", "bigquery:v2", "sqladmin:v1beta4", "dns:v1"} <= named.keys()
    assert _read(named["pubsub:v1"])["baseUrl"] == f"{sandbox.url}/pubsub/"
    assert [item["id"] for item in _read(f"{sandbox.url}/discovery/v1/apis?name=logging")["items"]] == ["logging:v2"]


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("$discovery/rest?version=v2", "/bigquery/v2/"),
        ("pubsub/$discovery/rest?version=v1", "/pubsub/"),
        ("storage/$discovery/rest?version=v1", "/storage/v1/"),
        ("dns/$discovery/rest?version=v1", "/"),
    ],
)
def test_a_document_leads_to_the_sandbox(sandbox: Sandbox, path: str, base: str) -> None:
    found = _read(f"{sandbox.url}/{path}")
    assert found["baseUrl"] == sandbox.url + base
    assert "mtlsRootUrl" not in found


def test_the_host_alone_stands_for_all_of_bigquerys_apis_as_bq_asks(sandbox: Sandbox) -> None:
    found = _read(f"{sandbox.url}/$discovery/rest?version=v1")
    assert {"connections", "transferConfigs"} <= found["resources"]["projects"]["resources"]["locations"][
        "resources"
    ].keys()
    assert {"Connection", "TransferConfig"} <= found["schemas"].keys()


def test_a_client_built_of_the_document_alone_creates_lists_and_batches(sandbox: Sandbox) -> None:
    topics = _client(sandbox, "pubsub", "v1").projects().topics()
    name = f"projects/{PROJECT}/topics/prices"
    topics.create(name=name, body={}).execute()
    assert topics.list(project=f"projects/{PROJECT}").execute()["topics"][0]["name"] == name
    client, seen = _client(sandbox, "pubsub", "v1"), []
    batch = client.new_batch_http_request(callback=lambda id_, answer, error: seen.append((answer, error)))
    for _ in range(2):
        batch.add(client.projects().topics().get(topic=name))
    batch.execute()
    assert [(answer["name"], error) for answer, error in seen] == [(name, None)] * 2


def test_an_unknown_document_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(HTTPError) as caught:
        urlopen(f"{sandbox.url}/discovery/v1/apis/nothing/v1/rest")
    assert caught.value.code == 404
