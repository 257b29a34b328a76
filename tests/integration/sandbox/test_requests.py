"""What the web server itself decides."""

from __future__ import annotations

import pytest

from tests.integration.sandbox_process import Sandbox


def test_health_names_every_api(sandbox: Sandbox) -> None:
    health = sandbox.get("/sandbox/health")
    assert health["status"] == "ok"
    assert {"storage.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com"} <= set(health["apis"])


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
