"""`envctl export compose`: what the file says, and that the specification allows it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_pydantic import ComposeSpecification
from envctl.cli import application
from envctl.environments import LoadedEnvironment
from envctl.exports.compose import compose
from pydantic import ValidationError
from typer.testing import CliRunner

from shared_services import StaticSource


@pytest.fixture(scope="module")
def files(small: LoadedEnvironment, root: Path) -> dict[str, str]:
    return dict(compose(small, root, root / "build/dev/compose").files)


@pytest.fixture(scope="module")
def services(files: dict[str, str]) -> dict[str, Any]:
    return dict(yaml.safe_load(files["compose.yaml"])["services"])


def test_the_specification_allows_it(files: dict[str, str]) -> None:
    document = yaml.safe_load(files["compose.yaml"])
    for mount in document["services"]["router"]["volumes"]:
        mount.pop("volume", None)  # `subpath` is younger than the package's copy of the specification
    ComposeSpecification.model_validate(document)
    document["services"]["desk"]["prots"] = []
    with pytest.raises(ValidationError, match="prots"):
        ComposeSpecification.model_validate(document)


def test_docker_compose_takes_it(files: dict[str, str], tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not here")
    (tmp_path / "compose.yaml").write_text(files["compose.yaml"])
    (tmp_path / ".env").write_text(files[".env.example"].replace("=\n", "=x\n"))
    command = [docker, "compose", "--profile", "jobs", "--profile", "monitoring", "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_everything_that_runs_is_there(services: dict[str, Any]) -> None:
    own = {"router", "router-proxy", "desk", "consumers", "reconcile", "replay"}
    assert set(services) == own | {"prometheus", "grafana"}
    assert services["reconcile"]["profiles"] == ["jobs"]
    assert services["router-proxy"]["network_mode"] == "service:router"


def test_ports_are_this_machines_alone(services: dict[str, Any]) -> None:
    assert services["router"]["ports"] == ["127.0.0.1:8007:8080", "127.0.0.1:50054:50054"]
    assert services["desk"]["ports"] == ["127.0.0.1:8100:8080"]
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_no_container_has_rights(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if "build" in service:
            assert service["read_only"] is True
            assert service["user"] == "10001:10001"


def test_sizes_and_the_health_check_are_the_yamls(services: dict[str, Any]) -> None:
    limits = services["desk"]["deploy"]["resources"]["limits"]
    assert limits == {"cpus": "1", "memory": "512M"}
    check = services["desk"]["healthcheck"]
    assert check["test"] == ["CMD", "python", "-m", "services.healthcheck"]
    assert check["interval"] == "10s"


def test_secrets_have_no_value_here(files: dict[str, str], services: dict[str, Any]) -> None:
    assert services["router"]["environment"]["KITE_API_KEY"].startswith("${KITE_API_KEY:?")
    secrets = yaml.safe_load(files["compose.yaml"])["secrets"]
    assert secrets["certificate"] == {"file": "./secrets/certificate"}
    assert {"source": "certificate", "target": "/certificate/ca.pem"} in services["router"]["secrets"]
    assert files[".env.example"].splitlines()[1] == "KITE_API_KEY="


def test_a_dollar_is_a_dollar(services: dict[str, Any]) -> None:
    assert services["router"]["environment"]["TEXT"] == "it costs $$5 and $$(HOME)"
    assert services["router"]["command"] == ["--price", "$$5", "--home", "$$(HOME)"]


def test_services_find_each_other_and_never_wait_for_each_other(services: dict[str, Any]) -> None:
    known = json.loads(services["router"]["environment"]["PLATFORM_SERVICES"])
    assert known == {"desk/desk": "http://desk:8080"}
    assert StaticSource.of({"PLATFORM_SERVICES": json.dumps(known)})  # as the library reads it
    assert services["desk"]["depends_on"] == {"router": {"condition": "service_healthy"}}
    assert "depends_on" not in services["router"]  # each names the other


def test_images_are_built_from_the_checkout(services: dict[str, Any]) -> None:
    build = services["router"]["build"]
    assert build == {"context": "../../..", "dockerfile": "services/Dockerfile", "args": {"SERVICE": "router"}}
    assert services["desk"]["build"]["args"] == {"SERVICE": "starter"}


def test_volumes_are_mounted_or_named_as_left_out(
    small: LoadedEnvironment, root: Path, services: dict[str, Any]
) -> None:
    mounted = {one["target"]: one for one in services["router"]["volumes"]}
    assert mounted["/shared"] == {
        "type": "volume",
        "source": "router-shared",
        "target": "/shared",
        "volume": {"subpath": "a"},
        "read_only": True,
    }
    assert mounted["/journal"]["read_only"] is False
    # What is in memory is shared with the side-car, as on Cloud Run.
    assert [one["source"] for one in services["router-proxy"]["volumes"]] == [mounted["/scratch"]["source"]]
    notes = compose(small, root, root).notes
    assert [note for note in notes if "cloudsql" in note and "left out" in note]
    assert [note for note in notes if "bucket at /journal" in note]


def test_prometheus_asks_every_service(files: dict[str, str]) -> None:
    (job,) = yaml.safe_load(files["prometheus/prometheus.yml"])["scrape_configs"]
    assert [one["targets"] for one in job["static_configs"]] == [["desk:8080"], ["router:8080"]]


def test_the_command_writes_where_it_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mark in ("infra", "modules"):
        (root / mark).mkdir(exist_ok=True)
    monkeypatch.chdir(root)
    for export, file in (
        ("compose", "compose.yaml"),
        ("kubernetes", "desk.yaml"),
        ("monitoring", "prometheus/rules/desk.yml"),
    ):
        said = CliRunner().invoke(application, ["export", export, "dev", "--out", str(tmp_path / export)])
        assert said.exit_code == 0, said.output
        assert str(tmp_path / export / file) in said.stdout.splitlines()
        assert (tmp_path / export / file).is_file()
