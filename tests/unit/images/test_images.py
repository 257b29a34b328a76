"""`envctl images`: what is built, scanned and pushed, and how the next plan takes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from envctl.environments import load
from envctl.environments.problems import InvalidEnvironment
from envctl.errors import UserError
from typer.testing import Result

from .conftest import TOKEN, Call

REPOSITORY = "asia-south1-docker.pkg.dev/atm-platform-prod/services"
IMAGES = 3
Run = Callable[..., Result]
Docker = Callable[..., list[Call]]


def options(call: Call, name: str) -> dict[str, str]:
    pairs = [word.removeprefix(f"--{name}=").partition("=") for word in call["words"] if word.startswith(f"--{name}=")]
    return {key: value for key, _, value in pairs}


def test_every_image_that_the_environment_names_is_built_once(envctl: Run, docker: Docker, head: str) -> None:
    said = envctl("images", "build", "prod", "--format", "json")
    assert said.exit_code == 0, said.output
    rows = json.loads(said.stdout)["images"]
    assert len(rows) == len(docker("buildx", "build")) == IMAGES
    packages = {row["image"]: row["package"] for row in rows}
    assert packages[f"{REPOSITORY}/auth:{head[:12]}"] == "auth"
    assert packages[f"{REPOSITORY}/reporting:{head[:12]}"] == "starter"


def test_a_build_says_what_it_is_of_and_nothing_of_its_own_time(
    envctl: Run, docker: Docker, root: Path, head: str
) -> None:
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    (call,) = docker("buildx", "build")
    assert call["epoch"] == "1793588645"
    assert options(call, "build-arg") == {"SERVICE": "auth", "SOURCE_DATE_EPOCH": "1793588645"}
    labels = options(call, "label")
    assert labels["org.opencontainers.image.revision"] == head
    assert labels["org.opencontainers.image.created"] == "2026-11-02T03:04:05Z"
    assert labels["org.opencontainers.image.source"] == "https://github.com/ai-trading-machine/platform"
    assert {"--load", "--provenance=false", "--platform=linux/amd64"} <= set(call["words"])
    assert call["words"][-1] == str(root)
    assert f"--file={root}/services/Dockerfile" in call["words"]


def test_a_service_with_a_dockerfile_of_its_own_is_built_by_it(envctl: Run, docker: Docker, root: Path) -> None:
    (root / "services/auth/Dockerfile").write_text("FROM scratch\n")
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    (call,) = docker("buildx", "build")
    assert f"--file={root}/services/auth/Dockerfile" in call["words"]
    (tag,) = options(call, "tag")
    assert tag.endswith("-dirty")


def test_what_is_pushed_is_what_the_next_plan_deploys(envctl: Run, docker: Docker, root: Path, head: str) -> None:
    assert envctl("images", "build", "prod").exit_code == 0
    said = envctl("images", "push", "prod", "auth", "reporting")
    assert said.exit_code == 0, said.output
    (login,) = docker("login")
    assert login["stdin"] == TOKEN
    assert TOKEN not in json.dumps([call["words"] for call in docker()]) + said.output
    assert docker("logout")

    file = root / "envs/images/prod.yaml"
    builds = yaml.safe_load(file.read_text())
    assert len(builds) == IMAGES - 1  # one was not pushed yet
    assert {one["revision"] for one in builds.values()} == {head}
    declared = load("prod", root).tfvars["subprojects"]["shared-services"]
    auth, reporting = (
        f"{REPOSITORY}/{name}@{builds[f'{REPOSITORY}/{name}']['digest']}" for name in ("auth", "reporting")
    )
    assert declared["services"]["auth"]["image"] == declared["worker_pools"]["consumers"]["image"] == auth
    assert declared["services"]["reporting"]["image"] == declared["jobs"]["nightly"]["image"] == reporting
    assert declared["services"]["fixed"]["image"] == f"{REPOSITORY}/auth:1.2"
    sidecars = declared["services"]["reporting"]["sidecars"]
    assert sidecars["foreign"]["image"] == "docker.io/library/redis:8"
    assert sidecars["proxy"]["image"] == f"{REPOSITORY}/proxy:latest"

    before = file.read_text()
    assert envctl("images", "push", "prod", "auth").exit_code == 1  # the file that was written isn't committed
    assert file.read_text() == before


def test_one_service_of_many_is_pushed_and_the_others_stay(envctl: Run, docker: Docker, root: Path, head: str) -> None:
    file = root / "envs/images/prod.yaml"
    file.parent.mkdir()
    kept, gone = f"{REPOSITORY}/reporting", f"{REPOSITORY}/of-yesterday"
    old = {"digest": f"sha256:{'0' * 64}", "revision": "old"}
    file.write_text(yaml.safe_dump({kept: dict(old), gone: dict(old)}))
    (root / ".git/info/exclude").write_text("envs/images\n")
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    assert envctl("images", "push", "prod", "auth").exit_code == 0
    builds = yaml.safe_load(file.read_text())
    assert builds[kept] == old
    assert builds[f"{REPOSITORY}/auth"]["revision"] == head
    assert gone not in builds


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("push", "prod"), "is not built"),
        (("scan", "prod"), "is not built"),
        (("build", "local"), "local needs no images"),
        (("build", "prod", "aut"), 'did you mean "auth"'),
        (("build", "nowhere"), "there is no environment"),
    ],
)
def test_what_can_not_be_is_refused(
    envctl: Run, docker: Docker, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], why: str
) -> None:
    monkeypatch.setenv("FAKE_SCOUT", "0")
    said = envctl("images", *command)
    assert isinstance(said.exception, UserError)
    assert why in str(said.exception)


def test_nothing_uncommitted_is_pushed(envctl: Run, docker: Docker, root: Path) -> None:
    (root / "services/auth/__main__.py").write_text("changed")
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    said = envctl("images", "push", "prod", "auth")
    assert "changes that aren't committed" in str(said.exception)
    assert not docker("push")


@pytest.mark.parametrize(
    ("refused", "command", "why"),
    [
        ("version", "build", "no engine builds images here"),
        ("buildx build", "build", "can't be built"),
        ("buildx", "build", "install docker's buildx plugin"),
        ("login", "push", "doesn't let us in"),
        ("push", "push", "can't be pushed"),
    ],
)
def test_what_docker_refuses_is_said(
    envctl: Run, docker: Docker, monkeypatch: pytest.MonkeyPatch, refused: str, command: str, why: str, root: Path
) -> None:
    if command == "push":
        assert envctl("images", "build", "prod", "auth").exit_code == 0
    monkeypatch.setenv("FAKE_DOCKER_REFUSES", refused)
    said = envctl("images", command, "prod", "auth")
    assert isinstance(said.exception, UserError), said.output
    assert why in str(said.exception)
    assert TOKEN not in str(said.exception)
    assert not (root / "envs/images").exists()
    assert command != "push" or refused == "login" or docker("logout")


def test_a_sign_in_of_ones_own_is_left_alone(envctl: Run, docker: Docker, tmp_path: Path) -> None:
    (tmp_path / "docker/config.json").write_text('{"credHelpers": {"asia-south1-docker.pkg.dev": "gcloud"}}')
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    assert envctl("images", "push", "prod", "auth").exit_code == 0
    assert not docker("login")
    assert not docker("logout")


@pytest.mark.parametrize(
    ("scout", "code", "result"), [("0", 0, "clean"), ("2", 2, "vulnerable"), ("1", 2, "not scanned")]
)
def test_a_scan_ends_with_what_was_found(
    envctl: Run, docker: Docker, monkeypatch: pytest.MonkeyPatch, scout: str, code: int, result: str
) -> None:
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    monkeypatch.setenv("FAKE_SCOUT", scout)
    said = envctl("images", "scan", "prod", "auth", "--severity", "critical")
    assert said.exit_code == code
    assert said.stdout.startswith(result)
    (call,) = docker("scout", "cves")
    assert "--only-severity=critical" in call["words"]


@pytest.mark.parametrize(("code", "result"), [(0, "clean"), (2, "vulnerable"), (1, "not scanned")])
def test_trivy_is_asked_first(envctl: Run, docker: Docker, tmp_path: Path, code: int, result: str) -> None:
    trivy = tmp_path / "docker/trivy"
    trivy.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/asked"\nexit {code}\n')
    trivy.chmod(0o755)
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    said = envctl("images", "scan", "prod", "auth")
    assert said.stdout.startswith(result)
    assert said.exit_code == (0 if code == 0 else 2)
    asked = (tmp_path / "asked").read_text()
    assert "--exit-code=2 --severity=HIGH,CRITICAL" in asked
    assert "/auth:" in asked


def test_podman_does_where_there_is_no_docker(envctl: Run, docker: Docker, tmp_path: Path, root: Path) -> None:
    (tmp_path / "docker/docker").rename(tmp_path / "docker/podman")
    assert envctl("images", "build", "prod", "auth").exit_code == 0
    (call,) = docker("build")
    assert "--timestamp=1793588645" in call["words"]
    assert envctl("images", "push", "prod", "auth").exit_code == 0
    builds = yaml.safe_load((root / "envs/images/prod.yaml").read_text())
    assert builds[f"{REPOSITORY}/auth"]["digest"] == f"sha256:{'a' * 64}"


def test_without_a_scanner_nothing_passes_for_scanned(envctl: Run, docker: Docker) -> None:
    said = envctl("images", "scan", "prod")
    assert said.exit_code == 2
    assert "nothing was scanned" in said.stderr
    assert envctl("images", "scan", "prod", "--if-available").exit_code == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\n", "is not a mapping"),
        ("[]\n", "is not a mapping of images"),
        ("a/b:\n  digest: sha256:12\n  revision: x\n", "must be sha256: and 64"),
        ("a/b:\n  digest: sha256:" + "0" * 64 + "\n", r"a/b.revision: must be the commit"),
        ("a/b:latest:\n  x: 1\n", "names a tag"),
        ("a/b:\n  tag: x\n", "is no field of a build"),
        ("a/b: {\n", "envs/images/prod.yaml:"),
    ],
)
def test_a_file_of_builds_that_is_wrong_is_shown_with_its_line(root: Path, text: str, problem: str) -> None:
    (root / "envs/images").mkdir()
    (root / "envs/images/prod.yaml").write_text(text)
    with pytest.raises(InvalidEnvironment) as wrong:
        load("prod", root)
    assert problem in str(wrong.value)
    assert "envs/images/prod.yaml:" in str(wrong.value)
