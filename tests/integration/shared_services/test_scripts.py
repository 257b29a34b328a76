"""The users' scripts, called as their documents call them, against real services."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import answers, free_port

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ("config_manager", "health_checker", "log_aggregator", "metrics_collector")


def ran(name: str, *arguments: str, code: int = 0, folder: Path = ROOT, **variables: str) -> str:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GOOGLE_", "PLATFORM_"))}
    command = [sys.executable, "-W", "ignore", str(ROOT / f"scripts/{name}.py"), *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**inherited, **variables}, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, str]]:
    """Two services that run, as PLATFORM_SERVICES names them."""
    ports = {"auth": free_port(), "risk-manager": free_port()}
    running = []
    for name, port in ports.items():
        more = {"PORT": str(port), "HOST": "127.0.0.1", "K_SERVICE": name}
        command = [sys.executable, "-m", "services.starter"]
        running.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.DEVNULL))
    for port in ports.values():
        answers(port, 60)
    known = {f"sub/{name}": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    yield {"PLATFORM_SERVICES": json.dumps(known)}
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_shows_examples_and_a_wrong_option_is_misuse(name: str) -> None:
    assert f"  {name}.py" in ran(name, "--help")
    assert "No such option" in ran(name, "--wrong", code=2)


def test_a_misspelt_path_of_a_configuration_is_suggested_whole() -> None:
    assert 'did you mean "limits.sector"?' in ran("config_manager", "get", "risk", "limits.sectr", code=2)
    assert 'did you mean "limits"?' in ran("config_manager", "get", "risk", "limts.sector", code=2)
    assert "limits.sector is a value" in ran("config_manager", "get", "risk", "limits.sector.part", code=2)


def test_a_cloud_without_credentials_is_told_in_words(tmp_path: Path) -> None:
    alone = {"HOME": str(tmp_path), "CLOUDSDK_CONFIG": str(tmp_path), "NO_GCE_CHECK": "true"}
    said = ran("health_checker", "--env", "prod", code=1, **alone)
    assert "there are no Google credentials here" in said
    assert "gcloud auth application-default login" in said


def test_health_as_a_table_json_and_prometheus(services: dict[str, str]) -> None:
    table = ran("health_checker", **services)
    assert re.search(r"auth +ok +starter", table)
    assert "2 of 2 are well" in table
    report = json.loads(ran("health_checker", "--format", "json", **services))
    assert [each["service"] for each in report["services"]] == ["auth", "risk-manager"]
    text = ran("health_checker", "--format", "prometheus", "--service", "auth", **services)
    from prometheus_client.parser import text_string_to_metric_families

    up = next(family for family in text_string_to_metric_families(text) if family.name == "service_up")
    assert [(sample.labels["service"], sample.value) for sample in up.samples] == [("auth", 1.0)]


def test_a_service_that_is_down_or_missing_is_told(services: dict[str, str]) -> None:
    known = json.loads(services["PLATFORM_SERVICES"]) | {"sub/dashboard": "http://127.0.0.1:1"}
    said = ran("health_checker", PLATFORM_SERVICES=json.dumps(known), code=1)
    assert "2 of 3 are well" in said
    assert "ConnectError" in said
    missing = ran("health_checker", "--service", "reporting", code=1, **services)
    assert "not deployed" in missing
    assert "not JSON" in ran("health_checker", PLATFORM_SERVICES="x", code=2)


class Series(BaseHTTPRequestHandler):
    """Cloud Monitoring's timeSeries.create."""

    written: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        type(self).written += body["timeSeries"]
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_metrics_are_collected_and_written_to_cloud_monitoring(services: dict[str, str]) -> None:
    page = ran("metrics_collector", "--format", "prometheus", **services)
    assert page.count("# TYPE http_requests_in_progress gauge") == 1
    assert len(re.findall(r'^http_requests_in_progress\{.*service="(?:auth|risk-manager)"\} 0$', page, re.M)) == 2
    said = json.loads(ran("metrics_collector", "--match", "python_info", "--format", "json", **services))
    assert {each["labels"]["service"] for each in said["metrics"]} == {"auth", "risk-manager"}
    server = HTTPServer(("127.0.0.1", 0), Series)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    away = {"GOOGLE_MONITORING_CUSTOM_ENDPOINT": f"http://127.0.0.1:{server.server_port}/monitoring/"}
    project = {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT": "http://127.0.0.1:1/"}
    ran("metrics_collector", "--format", "cloud-monitoring", **services, **away, **project)
    server.shutdown()
    (first, *_) = [s for s in Series.written if s["metric"]["type"].endswith("/http_requests_in_progress")]
    assert (first["metricKind"], first["resource"]["labels"]["job"]) == ("GAUGE", "auth")
    assert "no pattern" in ran("metrics_collector", "--match", "(", code=2, **services)


def test_configuration_is_listed_read_set_checked_and_compared(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    assert "configurations of local" in ran("config_manager", folder=tmp_path)
    assert ran("config_manager", "get", "trading", "entry.opens", folder=tmp_path) == "09:20\n"
    ran("config_manager", "set", "trading", "entry.opens", "09:25", "--env", "prod", folder=tmp_path)
    assert ran("config_manager", "get", "trading", "entry.opens", "--env", "prod", folder=tmp_path) == "09:25\n"
    assert '"09:25"' in ran("config_manager", "diff", "trading", "local", "prod", code=1, folder=tmp_path)
    assert "is the same" in ran("config_manager", "diff", "trading", "prod", "prod", folder=tmp_path)
    assert "none wrong" in ran("config_manager", "validate", folder=tmp_path)
    refused = ran("config_manager", "set", "trading", "entry.opens", "soon", folder=tmp_path, code=2)
    assert "config/trading.yaml" in refused
    (tmp_path / "config/risk.yaml").write_text("loss: 7\n")
    assert "config/risk.yaml:1:7" in ran("config_manager", "validate", "risk", folder=tmp_path, code=1)
    assert "did you mean" in ran("config_manager", "get", "tradin", folder=tmp_path, code=2)
    assert "no history" in ran("config_manager", "history", "trading", folder=tmp_path, code=2)
    git = ["git", "-c", "user.name=asha", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Open later"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    (found,) = json.loads(ran("config_manager", "history", "trading", "--format", "json", folder=tmp_path))
    assert (found["who"], found["what"]) == ("asha", "Open later")


def test_the_set_up_script_says_how_it_is_used() -> None:
    script = ROOT / "scripts/setup_environment.sh"
    for arguments, code, words in (
        (["--help"], 0, "Usage:"),
        (["nowhere"], 2, "there is no envs/nowhere.yaml"),
        (["--up", "prod"], 2, "envctl plan prod"),
        (["--wrong"], 2, "there is no --wrong"),
    ):
        done = subprocess.run(["bash", str(script), *arguments], capture_output=True, text=True, timeout=30)
        assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done.stderr
