"""Google's Cloud Tasks client, unchanged, over REST and gRPC: skipped where google-cloud-tasks is not installed."""

from __future__ import annotations

import http.server
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials

from tests.integration.sandbox_process import Sandbox

tasks = pytest.importorskip("google.cloud.tasks_v2", reason="google-cloud-tasks is not installed")


@pytest.fixture(scope="module", params=["rest", "grpc"])
def client(sandbox: Sandbox, request: pytest.FixtureRequest) -> Any:
    kind = tasks.CloudTasksClient
    if request.param == "grpc":
        return sandbox.over_grpc(kind)
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def target() -> Iterator[tuple[str, Any]]:
    got: queue.Queue[tuple[str, str, bytes]] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            got.put((self.headers["x-cloudtasks-taskname"], self.headers["x-kind"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/work", got
    server.shutdown()
    server.server_close()


def test_tasks_are_made_found_run_and_purged(client: Any, target: tuple[str, Any]) -> None:
    url, got = target
    place = "projects/tasks-client/locations/asia-south1"
    name = f"{place}/queues/{type(client.transport).__name__}"
    client.create_queue(parent=place, queue={"name": name})
    request = {"url": url, "http_method": "PUT", "headers": {"X-Kind": "order"}, "body": b"\x00\xff"}
    sent = client.create_task(parent=name, task={"name": f"{name}/tasks/one", "http_request": request})
    assert (sent.http_request.body, sent.view.name, sent.dispatch_deadline.seconds) == (b"", "BASIC", 600)
    assert got.get(timeout=10) == ("one", "order", b"\x00\xff")
    with pytest.raises(exceptions.Conflict):
        client.create_task(parent=name, task={"name": f"{name}/tasks/one", "http_request": request})

    assert client.pause_queue(name=name).state.name == "PAUSED"
    made = client.create_task(request={"parent": name, "task": {"http_request": request}, "response_view": "FULL"})
    assert (made.http_request.body, made.http_request.http_method.name) == (b"\x00\xff", "PUT")
    assert [each.name for each in client.list_tasks(parent=name)] == [made.name]
    assert client.get_task(request={"name": made.name, "response_view": "FULL"}).http_request.body == b"\x00\xff"
    assert client.run_task(name=made.name).dispatch_count == 1
    assert got.get(timeout=10)[0] == made.name.rpartition("/")[2]
    other = client.create_task(parent=name, task={"http_request": request}).name
    client.delete_task(name=other)
    with pytest.raises(exceptions.NotFound):
        client.get_task(name=other)
    client.create_task(parent=name, task={"http_request": request})
    assert client.purge_queue(name=name).purge_time
    assert list(client.list_tasks(parent=name)) == []
    assert client.resume_queue(name=name).state.name == "RUNNING"
    assert got.empty()
