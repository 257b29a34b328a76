"""scripts/log_aggregator.py with a sandbox's BigQuery: killed at any moment, each line is there once."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from shared_services import BigQueryClient

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts/log_aggregator.py"
SCHEMA = json.loads((ROOT / "envs/schemas/service_logs.json").read_text())
Made = Callable[..., Any]


@pytest.fixture
def table(make: Made) -> str:
    """The table as envs/ declares it, in a dataset of the test's own."""
    dataset = f"d{os.urandom(5).hex()}"
    reference = {"datasetId": dataset, "projectId": "library-tests"}
    make("POST", "/bigquery/v2/projects/{project}/datasets", {"datasetReference": reference, "location": "asia-south1"})
    body = {"tableReference": {**reference, "tableId": "service_logs"}, "schema": {"fields": SCHEMA}}
    make("POST", f"/bigquery/v2/projects/{{project}}/datasets/{dataset}/tables", body)
    return f"{dataset}.service_logs"


def line(number: int, **more: Any) -> str:
    said = {"timestamp": "2024-01-20T10:30:00.000Z", "severity": "INFO", "service": "auth", "message": f"line {number}"}
    return json.dumps({**said, "symbol": "TCS", "price": 3500.5, **more}) + "\n"


def started(folder: Path, environ: dict[str, str], *arguments: str, **more: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore", str(SCRIPT), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=folder, env={**os.environ, **environ}, **{**pipes, **more})  # type: ignore[call-overload,no-any-return]


def ran(folder: Path, environ: dict[str, str], *arguments: str, code: int = 0, given: str = "") -> str:
    process = started(folder, environ, *arguments, stdin=subprocess.PIPE)
    out, err = process.communicate(given, timeout=120)
    assert "Traceback" not in err
    assert process.returncode == code, err
    return str(out or err)


def test_killed_again_and_again_each_line_is_there_once(tmp_path: Path, environ: dict[str, str], table: str) -> None:
    lines = 6_000
    (tmp_path / "app.log").write_text("".join(map(line, range(lines))))
    arguments = ("--file", "app.log*", "--table", table, "--batch", "1500", "--state", "state", "--format", "json")
    checkpoint = tmp_path / "state/checkpoint.json"
    for number in range(2):
        process = started(tmp_path, environ, *arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        goal, until = 2 * number + 1, time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            said = json.loads(checkpoint.read_text()) if checkpoint.exists() else {"batch": 0}
            if said["batch"] >= goal and said["pending"]:  # a load is on its way
                break
        process.kill()
        process.wait()
        if number:
            (tmp_path / "app.log").rename(tmp_path / "app.log.1")
            (tmp_path / "app.log").write_text(line(lines))
    ran(tmp_path, environ, *arguments)
    found = BigQueryClient(environ=environ).query(
        f"SELECT COUNT(*) n, COUNT(DISTINCT message) m, COUNT(DISTINCT insert_id) i FROM {table}"
    )
    assert found.first() == {"n": lines + 1, "m": lines + 1, "i": lines + 1}
    assert not list(checkpoint.parent.glob("batch-*"))


def test_odd_lines_do_not_spoil_a_batch(tmp_path: Path, environ: dict[str, str], table: str) -> None:
    odd = [
        line(1, text="\x00 \u2028 \U0001f600 é", big=2**63, small=-(2**70), nested={"a": [{"b": None}]}),
        line(2, **{"": 1, "a.b": 2, "Symbol": 3, "logging.googleapis.com/labels": {"x": "y"}}),
        '{"time": 1705746600, "message": "not a number", "x": NaN}\n',
        '{"time": 1705746600, "message": "half \\ud83d"}\n',
        "garbage\n",
        '{"time": 1705746600, "message": "cut',
    ]
    (tmp_path / "app.log").write_text("".join(odd))
    report = json.loads(ran(tmp_path, environ, "--file", "app.log", "--table", table, "--format", "json"))
    assert (report["lines"], report["garbage"]) == (4, 1)
    rows = BigQueryClient(environ=environ).query(f"SELECT service, JSON_VALUE(fields.symbol) s FROM {table} ORDER BY s")
    assert [(row["service"], row["s"]) for row in rows][-1] == ("auth", "TCS")
    assert rows.total_rows == 4


class Entries(BaseHTTPRequestHandler):
    """Cloud Logging's entries:list, two to a page; the second time a late one is there."""

    asked: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        type(self).asked.append(body)
        begin = int(body.get("pageToken", 0))
        page = self.entries[begin : begin + 2]
        said: dict[str, Any] = {"entries": page}
        if begin + 2 < len(self.entries):
            said["nextPageToken"] = str(begin + 2)
        data = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def logging_api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Entries)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v2/"
    server.shutdown()


def test_entries_of_cloud_logging_are_taken_once(tmp_path: Path, environ: dict[str, str], logging_api: str) -> None:
    began = datetime.now(UTC)

    def entry(number: int) -> dict[str, Any]:
        moment = (began + timedelta(seconds=number)).isoformat()
        return {"insertId": f"i-{number}", "timestamp": moment, "severity": "ERROR", "textPayload": f"late {number}"}

    environ = {**environ, "GOOGLE_LOGGING_CUSTOM_ENDPOINT": logging_api}
    arguments = ("--cloud-logging", "severity>=WARNING", "--output", "out.jsonl", "--format", "json")
    Entries.entries = [entry(number) for number in range(5)]
    first = json.loads(ran(tmp_path, environ, *arguments))
    Entries.entries = [*map(entry, (1, 2, 7, 4, 3, 8))]
    again = json.loads(ran(tmp_path, environ, *arguments))
    assert (first["lines"], again["lines"], again["duplicates"]) == (5, 2, 4)
    assert first["errors"][0]["pattern"] == "late <n>"
    assert Entries.asked[0]["filter"].endswith("AND (severity>=WARNING)")
    late = (began + timedelta(seconds=4 - 60)).isoformat().replace("+00:00", "Z")
    assert Entries.asked[-1]["filter"] == f'timestamp>="{late}" AND (severity>=WARNING)'


def test_it_follows_until_it_is_told_to_end(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "app.log").write_text(line(0))
    arguments = ("--file", "app.log", "--output", "out.jsonl", "--follow", "--every", "0.1")
    process = started(tmp_path, environ, *arguments)
    out = tmp_path / "out.jsonl"
    for number in range(1, 4):
        until = time.monotonic() + 30
        while not out.exists() or len(out.read_text().splitlines()) < number:
            assert time.monotonic() < until
            time.sleep(0.02)
        with (tmp_path / "app.log").open("a") as log:
            log.write(line(number))
    process.terminate()
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "lines in" in said
    assert len(out.read_text().splitlines()) == 4


def test_a_mistake_is_said_in_words(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "app.log").write_text(line(0))
    assert "is no table" in ran(tmp_path, environ, "--file", "app.log", "--table", "logs", code=2)
    missing = ran(tmp_path, environ, "--file", "app.log", "--table", "no_such.table", code=1)
    assert "no_such" in missing
    said = ran(tmp_path, environ, "--stdin", "--service", "kubectl", "--output", "-", given=line(0) + line(1))
    assert json.loads(said.splitlines()[1])["message"] == "line 1"
    away = {**environ, "BIGQUERY_EMULATOR_HOST": "http://127.0.0.1:1"}
    assert "dataset.table" in ran(tmp_path, away, "--table", "a.b.c.d", code=2)
