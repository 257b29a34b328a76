"""What people get wrong: one message that says what to do, exit code 1, nothing half-written."""

from __future__ import annotations

import socket
import subprocess

import pytest

from tests.support.checkout import Checkout


def test_an_environment_that_does_not_exist_is_suggested(fresh: Checkout) -> None:
    result = fresh.must("render", "locl", code=1)
    assert "local" in result.err
    assert not (fresh.root / "build").exists()


def test_broken_yaml_names_file_line_and_column(fresh: Checkout) -> None:
    fresh.edit("envs/local.yaml", "cloud: sandbox", "cloud: [sandbox")
    result = fresh.must("plan", "local", code=1)
    assert "envs/local.yaml:" in result.err
    assert not (fresh.root / "build").exists()


def test_every_problem_is_reported_at_once(fresh: Checkout) -> None:
    fresh.edit("envs/local.yaml", "cloud: sandbox", "cloud: sandbox\nregoin: x\ntime_zone: Asia/Kolkatta")
    result = fresh.must("render", "local", code=1)
    assert "regoin" in result.err
    assert "region" in result.err
    assert "Asia/Kolkatta" in result.err


def test_a_stopped_sandbox_says_how_to_start_it(fresh: Checkout) -> None:
    for command in (("plan", "local"), ("apply", "local"), ("validate-env", "local"), ("env", "local")):
        result = fresh.must(*command, code=1)
        assert "envctl sandbox up local" in result.err


def test_a_sandbox_has_the_name_of_a_folder_and_no_other_is_touched(fresh: Checkout) -> None:
    for command in (("up", "../elsewhere"), ("down", ".."), ("delete", "..", "--yes"), ("delete", "", "--yes")):
        result = fresh.must("sandbox", *command, code=1)
        assert "is no name of a sandbox" in result.err
    assert (fresh.root / "envs").is_dir()
    assert not (fresh.root / "elsewhere").exists()


def test_stopping_what_nobody_ever_started_says_so(fresh: Checkout) -> None:
    (fresh.root / ".sandbox" / "local").mkdir(parents=True)
    for command in (("down", "lcoal"), ("sandbox", "down", "lcoal"), ("sandbox", "delete", "lcoal")):
        result = fresh.must(*command, code=1)
        assert 'there is no sandbox "lcoal"' in result.err
        assert 'did you mean "local"?' in result.err
    assert "nothing was running" in fresh.must("down", "prod").out


def test_a_port_in_use_is_named(fresh: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = fresh.must("sandbox", "up", "local", "--port", str(port), code=1)
    assert str(port) in result.err
    assert "in use" in result.err


def test_an_environment_of_google_cloud_is_not_brought_up_here(fresh: Checkout) -> None:
    result = fresh.must("up", "prod", code=1)
    assert "Google Cloud" in result.err


def test_applying_to_google_cloud_without_a_plan_and_without_anyone_to_ask_is_refused(fresh: Checkout) -> None:
    fresh.must("render", "prod")
    result = fresh.must("apply", "prod", "--plan", "missing.tfplan", code=1)
    assert "missing.tfplan" in result.err


def test_an_unknown_path_is_suggested_by_explain(fresh: Checkout) -> None:
    result = fresh.must("explain", "local", "subprojects.strategy-engine.topics.signal", code=1)
    assert "signals" in result.err


def test_render_writes_the_same_bytes_twice(fresh: Checkout) -> None:
    fresh.must("render", "prod")
    first = {path.name: path.read_bytes() for path in (fresh.root / "build/prod").iterdir()}
    fresh.must("render", "prod")
    assert {path.name: path.read_bytes() for path in (fresh.root / "build/prod").iterdir()} == first


@pytest.mark.parametrize(
    "command", ["up", "plan", "apply", "destroy", "validate-env", "explain", "env", "render", "doctor"]
)
def test_every_command_has_help_with_an_example_or_says_all(fresh: Checkout, command: str) -> None:
    result = fresh.must(command, "--help")
    assert "Usage: envctl" in result.out


def test_doctor_finds_this_machine_fit(fresh: Checkout) -> None:
    result = fresh.must("doctor", "--format", "json")
    assert {check["subject"] for check in result.json["checks"]} >= {"python", "terraform", "sandbox"}
    assert all(check["ok"] for check in result.json["checks"])


@pytest.mark.parametrize(
    "words", [("plan",), ("nonsense",), ("sandbox", "up", "--port", "99999"), ("render", "local", "--formt")]
)
def test_a_misspelt_command_line_is_an_error_not_a_finding(fresh: Checkout, words: tuple[str, ...]) -> None:
    result = fresh.must(*words, code=1)
    assert "Usage: envctl" in result.err


def test_a_wrong_choice_is_told_in_a_sentence_of_ours(fresh: Checkout) -> None:
    result = fresh.must("graph", "prod", "--by", "colour", code=1)
    assert "Invalid value for '--by': 'colour' is not one of 'subproject', 'layer'." in result.err


def test_a_base_that_only_the_remote_has_is_named_as_such(fresh: Checkout) -> None:
    for words in (
        ("init", "--quiet", "--initial-branch=change"),
        ("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--allow-empty", "-m", "first"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        subprocess.run(["git", *words], cwd=fresh.root, check=True)
    assert "name it as origin/main" in fresh.must("rehearse", "prod", "--base", "main", code=1).err
    assert "fetch it" in fresh.must("rehearse", "prod", "--base", "other", code=1).err


def test_what_is_missing_on_the_command_line_is_explained_with_an_example(fresh: Checkout) -> None:
    result = fresh.must("rehearse", "prod", code=1)
    assert "Missing option '--base'" in result.err
    assert "what it is: The commit, branch or tag that is applied first." in result.err
    assert "what to do: such as `envctl rehearse prod --base origin/main`" in result.err


def test_a_closed_pipe_is_no_error_with_a_traceback(fresh: Checkout) -> None:
    line = " ".join([*fresh.command("explain", "local", "subprojects"), "| head -n 1"])
    command = ["bash", "-c", line]
    done = subprocess.run(command, cwd=fresh.root, env=fresh.environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_a_rehearsal_has_files_of_its_own_and_needs_its_sandbox(fresh: Checkout) -> None:
    result = fresh.must("plan", "prod", "--sandbox", code=1)
    assert "envctl sandbox up prod" in result.err
    assert not (fresh.root / "build/prod").exists()
