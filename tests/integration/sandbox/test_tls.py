"""TLS by the sandbox's certificate authority; as a proxy, the sandbox makes Google's clients work unchanged."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.cloud import secretmanager_v1
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport

from tests.integration.sandbox_process import Sandbox

PROJECT = "projects/tls-project"


@pytest.fixture(scope="module")
def trusted(sandbox: Sandbox) -> ssl.SSLContext:
    """What a client trusts who was given the authority."""
    return ssl.create_default_context(cafile=sandbox.document["authority"])


def asked(connection: http.client.HTTPSConnection, path: str, method: str = "GET") -> tuple[int, str]:
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_port_speaks_tls_too(sandbox: Sandbox, trusted: ssl.SSLContext, host: str) -> None:
    connection = http.client.HTTPSConnection(host, sandbox.port, context=trusted)
    for _ in range(2):  # the connection is kept
        assert asked(connection, "/sandbox/health")[0] == 200
    connection.close()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("pubsub.googleapis.com", f"/v1/{PROJECT}/topics"),
        ("storage.googleapis.com", "/storage/v1/b?project=tls-project"),
        ("asia-south1-run.googleapis.com", f"/v2/{PROJECT}/locations/asia-south1/services"),
        ("bigquery.googleapis.com", "/bigquery/v2/projects"),
    ],
)
def test_as_a_proxy_it_is_googles_hosts(sandbox: Sandbox, trusted: ssl.SSLContext, host: str, path: str) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", sandbox.port, context=trusted)
    connection.set_tunnel(host, 443)
    status, text = asked(connection, path)
    assert (status, type(json.loads(text))) == (200, dict)
    connection.close()


def test_what_is_not_served_is_refused_by_name(sandbox: Sandbox, trusted: ssl.SSLContext) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", sandbox.port, context=trusted)
    connection.set_tunnel("www.googleapis.com", 443)
    status, text = asked(connection, "/calendar/v3/x")
    assert (status, json.loads(text)["error"]["message"]) == (
        501,
        "The sandbox does not serve www.googleapis.com/calendar.",
    )
    for host, port in (("dataplex.googleapis.com", 443), ("example.com", 443), ("pubsub.googleapis.com", 80)):
        connection = http.client.HTTPSConnection("127.0.0.1", sandbox.port, context=trusted)
        connection.set_tunnel(host, port)
        with pytest.raises(OSError, match=f"501 The sandbox does not serve {host}:{port}"):
            asked(connection, "/")


def test_an_upload_begun_at_googles_host_goes_on_there(sandbox: Sandbox, trusted: ssl.SSLContext) -> None:
    sandbox.request("POST", "/storage/v1/b?project=tls-project", {"name": "tls-bucket", "location": "asia-south1"})
    connection = http.client.HTTPSConnection("127.0.0.1", sandbox.port, context=trusted)
    connection.set_tunnel("storage.googleapis.com", 443)
    connection.request("POST", "/upload/storage/v1/b/tls-bucket/o?uploadType=resumable&name=x")
    answer = connection.getresponse()
    answer.read()
    assert answer.headers["location"].startswith("https://storage.googleapis.com/upload/storage/v1/b/tls-bucket/o?")
    connection.close()


def test_grpc_is_answered_over_tls_and_without_at_the_port_of_http(sandbox: Sandbox) -> None:
    credentials = grpc.ssl_channel_credentials(Path(sandbox.document["authority"]).read_bytes())
    target, address = f"localhost:{sandbox.port}", f"127.0.0.1:{sandbox.port}"
    for channel in (
        grpc.secure_channel(target, credentials),
        grpc.secure_channel(address, credentials),
        grpc.insecure_channel(target),
    ):
        client = secretmanager_v1.SecretManagerServiceClient(
            transport=SecretManagerServiceGrpcTransport(channel=channel)
        )
        assert list(client.list_secrets(parent=PROJECT)) == []
        channel.close()


CLIENTS = """
from google.auth.credentials import AnonymousCredentials
from google.cloud import secretmanager, storage
client = storage.Client("tls-project", credentials=AnonymousCredentials())
bucket = client.create_bucket("tls-unchanged")
with bucket.blob("x").open("wb", chunk_size=256 * 1024) as file:
    file.write(b"z" * 600_000)
assert bucket.get_blob("x").size == 600_000
secrets = secretmanager.SecretManagerServiceClient(credentials=AnonymousCredentials())
secret = secrets.create_secret(
    parent="projects/tls-project", secret_id="unchanged", secret={"replication": {"automatic": {}}}
)
assert secret.name.endswith("/secrets/unchanged")
"""


def test_googles_clients_work_unchanged_with_the_sandbox_as_their_proxy(sandbox: Sandbox) -> None:
    """REST and gRPC, told of no endpoint."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {
        **inherited,
        "https_proxy": sandbox.url,
        "REQUESTS_CA_BUNDLE": sandbox.document["authority"],
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": sandbox.document["authority"],
    }
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CLIENTS], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
