"""Log entries, written and asked for as google-cloud-logging does over REST (`_use_grpc=False`)."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.sandbox_process import Sandbox

LOG = "projects/log-entries/logs/orders"
RESOURCE = {"type": "global", "labels": {"project_id": "log-entries"}}


def _list(sandbox: Sandbox, **asked: Any) -> dict[str, Any]:
    body = {"resourceNames": ["projects/log-entries"], **asked}
    found: dict[str, Any] = sandbox.request("POST", "/v2/entries:list", body).json()
    return found


def test_entries_are_listed_by_filter_and_page_and_go_with_their_log(sandbox: Sandbox) -> None:
    entries = [
        {"insertId": str(at), "timestamp": f"2026-11-26T09:00:0{at}Z", "jsonPayload": {"at": at}, "severity": severity}
        for at, severity in enumerate(("INFO", "ERROR", "INFO"))
    ]
    body = {"logName": LOG, "resource": RESOURCE, "labels": {"team": "risk"}, "entries": entries}
    for _ in range(2):  # the same entry again is the same entry
        assert sandbox.request("POST", "/v2/entries:write", body).status == 200

    (error,) = _list(sandbox, filter=f'logName="{LOG}" AND severity>=WARNING')["entries"]
    assert error["jsonPayload"] == {"at": 1}
    assert error["labels"] == {"team": "risk"}
    assert error["resource"] == RESOURCE
    first = _list(sandbox, pageSize=2, orderBy="timestamp desc")
    second = _list(sandbox, pageSize=2, orderBy="timestamp desc", pageToken=first["nextPageToken"])
    assert [entry["insertId"] for entry in first["entries"] + second["entries"]] == ["2", "1", "0"]
    assert sandbox.request("GET", "/v2/projects/log-entries/logs").json() == {"logNames": [LOG]}
    assert _list(sandbox, resourceNames=["projects/another"]) == {}

    sandbox.request("DELETE", f"/v2/{LOG}")
    assert _list(sandbox) == {}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"logName": "orders"}, "PARENT/logs/LOG_ID"),
        ({"textPayload": "a", "jsonPayload": {}}, "one payload"),
        ({"severity": "LOUD"}, "no severity"),
        ({"timestamp": "yesterday"}, "no moment"),
        ({"timestamp": "2026-02-30T09:00:00Z"}, "no moment"),
    ],
)
def test_what_is_no_entry_is_refused(sandbox: Sandbox, entry: dict[str, Any], said: str) -> None:
    body = {"logName": LOG, "resource": RESOURCE, "entries": [entry]}
    answer = sandbox.request("POST", "/v2/entries:write", body)
    assert answer.status == 400
    assert said in answer.json()["error"]["message"]


def test_google_s_client_follows_what_is_written(sandbox: Sandbox) -> None:
    clients = pytest.importorskip("google.cloud.logging_v2.services.logging_service_v2")
    client = sandbox.over_grpc(clients.LoggingServiceV2Client)
    asked = {
        "resource_names": ["projects/log-tails"],
        "filter": "severity>=ERROR",
        "buffer_window": {"nanos": 50_000_000},
    }
    ended, told = threading.Event(), queue.Queue[Any]()

    def requests() -> Iterator[dict[str, Any]]:
        yield asked
        ended.wait(20)

    def follow() -> None:
        for answer in client.tail_log_entries(requests=requests()):
            told.put([entry.text_payload for entry in answer.entries])

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    body = {"logName": "projects/log-tails/logs/orders", "resource": RESOURCE}
    entries = [{"textPayload": "filled", "severity": "INFO"}, {"textPayload": "refused", "severity": "ERROR"}]
    for _ in range(100):  # until the stream stands
        assert sandbox.request("POST", "/v2/entries:write", {**body, "entries": entries}).status == 200
        with contextlib.suppress(queue.Empty):
            assert set(told.get(timeout=0.1)) == {"refused"}
            break
    else:
        pytest.fail("nothing was told")
    ended.set()
    follower.join(10)
    assert not follower.is_alive()
    client.transport.close()
