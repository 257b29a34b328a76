"""Faults of a running sandbox, as its clients feel them and `envctl sandbox faults` sets them."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from envctl.cli import application
from envctl.project import Project
from typer.testing import CliRunner

from tests.integration.sandbox_process import Sandbox

TOPICS = "/pubsub/v1/projects/fault-clients/topics"


@pytest.fixture
def faults(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`envctl sandbox faults` on the session's sandbox: the exit code, and the JSON or the error."""
    monkeypatch.setattr(Project, "sandbox", lambda project, name: sandbox.state)

    def run(*arguments: str) -> tuple[int, Any]:
        answer = CliRunner().invoke(application, ["sandbox", "faults", *arguments, "--format", "json"])
        return answer.exit_code, json.loads(answer.stdout) if answer.exit_code == 0 else answer.exception

    yield run
    run("clear")


def test_a_client_meets_the_fault_until_it_is_cleared(sandbox: Sandbox, faults: Any) -> None:
    only = ("--service", "pubsub", "--path", "v1/projects/fault-clients/*")
    faults("add", "local", *only, "--status", "429")
    faults("add", "local", *only, "--latency-ms", "60")
    began = time.monotonic()
    answer = sandbox.request("GET", TOPICS)

    assert (answer.status, answer.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert time.monotonic() - began >= 0.06
    assert [(rule["status"], rule["hit"]) for rule in faults("list")[1]["faults"]] == [(429, 1), (0, 1)]
    assert faults("clear") == (0, {"cleared": 2})
    assert sandbox.request("GET", TOPICS).status == 200


@pytest.mark.parametrize(("cut", "found"), [("before", 404), ("after", 200)])
def test_a_cut_connection_ends_without_an_answer(sandbox: Sandbox, faults: Any, cut: str, found: int) -> None:
    faults("add", "--method", "PUT", "--path", f"v1/projects/fault-clients/topics/{cut}", "--cut", cut)
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port)
    connection.request("PUT", f"{TOPICS}/{cut}", "{}")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()

    assert sandbox.request("GET", f"{TOPICS}/{cut}").status == found


def test_a_fault_that_means_nothing_is_refused(faults: Any) -> None:
    assert "no API of the sandbox is called so" in str(faults("add", "--service", "pubsup", "--status", "503")[1])
    assert "There is no fault '7777'" in str(faults("clear", "--fault", "7777")[1])
    assert faults("list") == (0, {"faults": []})


def test_faults_of_a_sandbox_that_does_not_run_say_so(faults: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(Project, "sandbox", lambda project, name: tmp_path / "gone")

    code, error = faults("list")

    assert code == 1
    assert "is not running" in str(error)


def test_a_secret_on_its_way_through_a_fault_is_told_nowhere(sandbox: Sandbox, faults: Any) -> None:
    secrets = "/secretmanager/v1/projects/fault-clients/secrets"
    canary = base64.b64encode(b"canary-3f70").decode()
    sandbox.request("POST", f"{secrets}?secretId=key", {"replication": {"automatic": {}}})
    said = []
    for fault in (("--status", "500"), ("--status", "403", "--message", "no"), ("--latency-ms", "1")):
        faults("add", "--service", "secretmanager", *fault)
        said.append(sandbox.request("POST", f"{secrets}/key:addVersion", {"payload": {"data": canary}}).json())
        said.append(faults("list")[1])
        faults("clear")
    said += [
        (sandbox.state / name).read_text() for name in ("sandbox.log", "sandbox.out") if (sandbox.state / name).exists()
    ]
    assert len(said) > 6
    for text in map(str, said):
        assert canary not in text
        assert "canary-3f70" not in text
