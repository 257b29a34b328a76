"""What the web server itself decides."""

from __future__ import annotations

import gzip
import json
import socket

import pytest

from tests.integration.sandbox_process import Sandbox


def test_health_names_every_api(sandbox: Sandbox) -> None:
    health = sandbox.get("/sandbox/health")
    assert health["status"] == "ok"
    assert {"storage.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com"} <= set(health["apis"])


def test_a_version_that_is_said_twice_is_one(sandbox: Sandbox) -> None:
    """As hashicorp/google before 7 asks."""
    assert sandbox.get("/iam/v1/v1/projects/said-twice/serviceAccounts") == {}
    assert sandbox.get("/sqladmin/sql/v1beta4/sql/v1beta4/projects/said-twice/instances")["kind"] == "sql#instancesList"
    assert sandbox.request("GET", "/iam/v1/v2/projects/said-twice/serviceAccounts").status == 501


def test_pages_of_other_sites_are_refused(sandbox: Sandbox) -> None:
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        answer = sandbox.request("GET", "/v1/projects/some-project/topics", headers=headers)
        assert answer.status == 403
    assert sandbox.request("GET", "/v1/projects/some-project/topics", headers={"host": "localhost:1"}).status == 200


def test_locations_are_listed(sandbox: Sandbox) -> None:
    listed = sandbox.get("/workflows/v1/projects/some-project/locations")["locations"]
    assert "asia-south1" in [location["locationId"] for location in listed]


def test_parameters_of_official_clients_are_tolerated(sandbox: Sandbox) -> None:
    path = "/v1/projects/some-project/topics?%24alt=json%3Benum-encoding%3Dint&alt=json&prettyPrint=false&key=k"
    assert sandbox.request("GET", path).status == 200


def test_service_accounts_are_listed_as_accounts(sandbox: Sandbox) -> None:
    made = sandbox.request("POST", "/iam/v1/projects/listed-accounts/serviceAccounts", {"accountId": "strategy"}).json()

    listed = sandbox.get("/iam/v1/projects/listed-accounts/serviceAccounts")

    assert [account["email"] for account in listed["accounts"]] == [made["email"]]


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_an_upload_in_parts_is_taken_however_its_boundary_is_quoted(sandbox: Sandbox, quote: str) -> None:
    name = f"quoted-{len(quote)}{ord(quote or 'a')}"
    assert sandbox.request("POST", "/storage/v1/b?project=quoted-parts", {"name": name}).status == 200
    body = b'--=x=\n\n{"name": "o"}\n--=x=\nContent-Type: text/plain\n\nhello\n--=x=--'

    answer = sandbox.request(
        "POST",
        f"/upload/storage/v1/b/{name}/o?uploadType=multipart",
        body=body,
        headers={"content-type": f"multipart/related; boundary={quote}=x={quote}"},
    )

    assert (answer.status, answer.json()["size"]) == (200, "5")


def test_what_javas_clients_send_is_understood(sandbox: Sandbox) -> None:
    """They compress bodies, and have POST stand for the PATCH that Java's own HTTP client can't send."""
    document = gzip.compress(json.dumps({"name": "java-sends", "location": "asia-south1"}).encode())
    headers = {"content-encoding": "gzip", "content-type": "application/json; charset=UTF-8"}
    made = sandbox.request("POST", "/storage/v1/b?project=java-clients", body=document, headers=headers)
    assert made.status == 200 and made.json()["name"] == "java-sends"
    change = {"labels": {"a": "b"}}
    override = {"x-http-method-override": "PATCH"}
    changed = sandbox.request("POST", "/storage/v1/b/java-sends", change, headers=override)
    assert changed.status == 200 and changed.json()["labels"] == {"a": "b"}
    broken = sandbox.request("POST", "/storage/v1/b?project=java-clients", body=b"\x1f\x8bxx", headers=headers)
    assert broken.status == 400


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("application/json", b"{}", "must be multipart/mixed"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nnonsense\r\n--b--\r\n", "no HTTP request"),
        ("multipart/mixed; boundary=b", b"--b--\r\n", "must be multipart/mixed"),
    ],
)
def test_a_batch_that_is_none_is_refused(sandbox: Sandbox, kind: str, body: bytes, reason: str) -> None:
    answer = sandbox.request("POST", "/batch/storage/v1", body=body, headers={"content-type": kind})
    assert answer.status == 400 and reason in answer.json()["error"]["message"]


def test_bytes_are_taken_in_both_alphabets_and_answered_in_the_standard_one(sandbox: Sandbox) -> None:
    """gcloud sends bytes in the URL-safe alphabet."""
    secrets = "/secretmanager/v1/projects/two-alphabets/secrets"
    sandbox.request("POST", f"{secrets}?secretId=s", {"replication": {"automatic": {}}})
    assert sandbox.request("POST", f"{secrets}/s:addVersion", {"payload": {"data": "-_8"}}).status == 200
    assert sandbox.get(f"{secrets}/s/versions/1:access")["payload"]["data"] == "+/8="
    refused = sandbox.request("POST", f"{secrets}/s:addVersion", {"payload": {"data": "a?b"}})
    assert refused.json()["error"]["details"][0]["fieldViolations"][0]["field"] == "payload.data"


def test_what_is_not_served_is_told_in_the_form_of_its_api(sandbox: Sandbox) -> None:
    error = sandbox.request("GET", "/bigquery/v2/nothing").json()["error"]
    assert (error["code"], error["errors"][0]["reason"]) == (501, "notImplemented")
    assert "details" not in sandbox.request("GET", "/pubsub/v1/nothing").json()["error"]


def _raw(sandbox: Sandbox, text: str) -> bytes:
    with socket.create_connection(("127.0.0.1", sandbox.port)) as connection:
        connection.sendall(text.encode())
        return connection.makefile("rb").read()


def test_as_a_proxy_the_sandbox_answers_for_its_own_hosts_alone(sandbox: Sandbox) -> None:
    """gcloud takes it for one, so that nothing it asks reaches Google."""
    head = f"http://run.localhost:{sandbox.port}/sandbox/health HTTP/1.1\r\nConnection: close\r\n"
    assert b" 200 " in _raw(sandbox, f"GET {head}Host: run.localhost:{sandbox.port}\r\n\r\n").splitlines()[0]
    tunnel = _raw(sandbox, "CONNECT dataplex.googleapis.com:443 HTTP/1.1\r\nHost: dataplex.googleapis.com:443\r\n\r\n")
    assert tunnel.startswith(b"HTTP/1.1 501 The sandbox does not serve dataplex.googleapis.com:443\r\n")
    own = f"CONNECT 127.0.0.1:{sandbox.port} HTTP/1.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", sandbox.port)) as connection:  # bq asks for a tunnel to the sandbox too
        connection.sendall(own.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b" 200 " in connection.makefile("rb").readline()
    other = "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"
    assert b" 403 " in _raw(sandbox, other).splitlines()[0]
