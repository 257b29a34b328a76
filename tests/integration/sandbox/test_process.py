"""The process: its lock, its port, its end, and what survives kill -9."""

from __future__ import annotations

import base64
import json
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

from tests.integration.sandbox_process import Sandbox

PROJECT = "projects/kill-nine"


def _serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_second_sandbox_on_a_state_directory_is_refused(sandbox: Sandbox) -> None:
    second = _serve("--state", str(sandbox.state))
    assert second.returncode == 1
    assert "in use" in second.stderr
    assert "Traceback" not in second.stderr
    assert sandbox.get("/sandbox/health")["status"] == "ok"


def test_busy_port_is_one_clear_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = _serve("--state", str(tmp_path / "state"), "--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert str(port) in ended.stderr


def test_clean_stop_removes_what_tells_of_it_and_restart_keeps_the_ports(own_sandbox: Sandbox) -> None:
    port, grpc = own_sandbox.start().port, own_sandbox.document["grpc"]
    assert own_sandbox.stop() == 0
    assert not (own_sandbox.state / "sandbox.json").exists()
    assert own_sandbox.start().port == port
    assert own_sandbox.document["grpc"] == grpc


def test_state_is_readable_by_its_owner_only(sandbox: Sandbox) -> None:
    assert stat.S_IMODE(sandbox.state.stat().st_mode) == 0o700
    # Extensions of the database are links to installed packages, with the modes of those.
    for path in (path for path in sandbox.state.rglob("*") if not path.is_socket() and "extensions" not in path.parts):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_long_state_path_still_gets_a_socket(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / ("d" * 60) / ("e" * 60)).start()
    try:
        assert len(sandbox.document["provider"]["socket"]) < 104
    finally:
        sandbox.stop()


def test_two_sandboxes_run_side_by_side(sandbox: Sandbox, own_sandbox: Sandbox) -> None:
    own_sandbox.start()
    own_sandbox.request("PUT", f"/v1/{PROJECT}/topics/only-here", {})
    assert sandbox.request("GET", f"/v1/{PROJECT}/topics/only-here").status == 404


def test_kill_nine_loses_nothing_that_was_acknowledged(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    url = sandbox.url
    topic, subscription = f"/v1/{PROJECT}/topics/orders", f"/v1/{PROJECT}/subscriptions/orders"
    assert sandbox.request("PUT", topic, {}).status == 200
    assert sandbox.request("PUT", subscription, {"topic": f"{PROJECT}/topics/orders"}).status == 200
    secret = {"replication": {"automatic": {}}}
    assert sandbox.request("POST", f"/v1/{PROJECT}/secrets?secretId=key", secret).status == 200
    bucket = {"name": "kill-nine-bucket", "location": "asia-south1"}
    assert sandbox.request("POST", "/storage/v1/b?project=kill-nine", bucket).status == 200
    acknowledged: dict[str, list[str]] = {"messages": [], "objects": [], "versions": []}

    def work() -> None:
        """Write until the process is gone; remember what was answered."""
        for number in range(10_000):
            text = f"item-{number}"
            data = base64.b64encode(text.encode()).decode()
            try:
                if sandbox.request("POST", topic + ":publish", {"messages": [{"data": data}]}).status == 200:
                    acknowledged["messages"].append(text)
                path = f"/upload/storage/v1/b/kill-nine-bucket/o?uploadType=media&name={text}"
                if sandbox.request("POST", path, body=text.encode()).status == 200:
                    acknowledged["objects"].append(text)
                added = sandbox.request("POST", f"/v1/{PROJECT}/secrets/key:addVersion", {"payload": {"data": data}})
                if added.status == 200:
                    acknowledged["versions"].append(added.json()["name"])
            except OSError:
                return

    worker = threading.Thread(target=work)
    worker.start()
    while len(acknowledged["versions"]) < 25:
        worker.join(0.01)
    sandbox.kill()
    worker.join()

    sandbox.start()
    assert sandbox.url == url
    pulled = sandbox.request("POST", subscription + ":pull", {"maxMessages": 1000, "returnImmediately": True}).json()
    received = {base64.b64decode(each["message"]["data"]).decode() for each in pulled["receivedMessages"]}
    assert set(acknowledged["messages"]) <= received
    for name in acknowledged["objects"]:
        answer = sandbox.request("GET", f"/storage/v1/b/kill-nine-bucket/o/{name}?alt=media")
        assert (answer.status, answer.body) == (200, name.encode())
    for name in acknowledged["versions"]:
        assert sandbox.request("GET", f"/v1/{name}:access").status == 200


def test_resumable_upload_goes_on_after_kill_nine(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    sandbox.request("POST", "/storage/v1/b?project=kill-nine", {"name": "resumed-bucket"})
    begun = sandbox.request("POST", "/upload/storage/v1/b/resumed-bucket/o?uploadType=resumable&name=x", {})
    place = begun.headers["location"]
    part = b"a" * 262_144
    headers = {"content-range": "bytes 0-262143/262147", "x-guploader-no-308": "yes"}
    first = sandbox.request("PUT", place, body=part, headers=headers)
    assert (first.headers["x-http-status-code-override"], first.headers["range"]) == ("308", "bytes=0-262143")
    sandbox.kill()
    sandbox.start()
    status = sandbox.request(
        "PUT", place, body=b"", headers={"content-range": "bytes */262147", "x-guploader-no-308": "yes"}
    )
    assert status.headers["range"] == "bytes=0-262143"
    last = sandbox.request("PUT", place, body=b"tail"[:3], headers={"content-range": "bytes 262144-262146/262147"})
    assert json.loads(last.body)["size"] == "262147"


def test_log_is_structured_and_holds_no_secret(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    canary = base64.b64encode(b"canary-value").decode()
    sandbox.request("POST", f"/v1/{PROJECT}/secrets?secretId=key", {"replication": {"automatic": {}}})
    sandbox.request("POST", f"/v1/{PROJECT}/secrets/key:addVersion", {"payload": {"data": canary}})
    sandbox.stop()
    text = (sandbox.state / "sandbox.log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line.get("audit", {}).get("path", "").endswith("key:addVersion") for line in lines)
    assert canary not in text
    assert "canary-value" not in text


def test_a_declared_project_number_holds_for_good(own_sandbox: Sandbox) -> None:
    own_sandbox.arguments = ["--project", "kill-nine=123456789012"]
    own_sandbox.start().kill()
    own_sandbox.arguments = []
    own_sandbox.start()
    assert own_sandbox.get(f"/v1/{PROJECT}")["projectNumber"] == "123456789012"
    assert own_sandbox.get("/v1/projects/123456789012")["projectId"] == "kill-nine"
    secret = own_sandbox.request("POST", f"/v1/{PROJECT}/secrets?secretId=key", {"replication": {"automatic": {}}})
    assert secret.json()["name"] == "projects/123456789012/secrets/key"
    own_sandbox.stop()
    other = _serve("--state", str(own_sandbox.state), "--project", "kill-nine=999999999999")
    assert other.returncode == 1
    assert "has the number 123456789012 here" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_caller_that_hangs_up_at_once_is_no_error(own_sandbox: Sandbox) -> None:
    """Terraform does, where it has asked all that it wants to know."""
    path = own_sandbox.start().document["provider"]["socket"]
    for sent in (b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(path)
                caller.sendall(sent)
    assert own_sandbox.get("/sandbox/health")["status"] == "ok"
    assert own_sandbox.stop() == 0
    assert '"severity": "ERROR"' not in own_sandbox.log()
