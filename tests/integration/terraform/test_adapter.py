"""The adapter, with the real terraform over its built-in `terraform_data`, which needs no provider."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from envctl.errors import UserError
from envctl.terraform.adapter import start
from envctl.terraform.binary import find_terraform, read_version
from envctl.terraform.process import follow

pytestmark = pytest.mark.terraform

SLOW = """
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch started && sleep 3 && touch finished"
  }
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(SLOW)
    run(tmp_path, "init", "-input=false", "-no-color")
    return tmp_path


def run(folder: Path, command: str, *arguments: str, timeout: float | None = None):  # type: ignore[no-untyped-def]
    variables = {"TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    log = folder / "output.log"
    return follow(lambda: start(find_terraform(), folder, command, arguments, variables, log), log, timeout=timeout)


def wait_for(path: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)


def test_a_plan_with_changes_ends_with_exit_code_2_and_names_them(root: Path) -> None:
    outcome = run(root, "plan", "-json", "-detailed-exitcode", "-input=false")
    assert outcome.exit_code == 2
    assert [(change.address, change.action) for change in outcome.changes] == [("terraform_data.slow", "create")]


def test_arguments_with_spaces_and_dollars_reach_terraform_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "text" {\n  type = string\n}\noutput "text" {\n  value = var.text\n}\n')
    run(tmp_path, "init", "-input=false", "-no-color")
    text = "a b; $(touch pwned) 'c'"
    assert run(tmp_path, "apply", "-json", "-auto-approve", "-input=false", f"-var=text={text}").exit_code == 0
    assert run(tmp_path, "output", "-raw", "text").text == text
    assert not (tmp_path / "pwned").exists()


def test_the_callers_environment_is_left_as_it_was(root: Path) -> None:
    before = dict(os.environ)
    start(find_terraform(), root, "version", [], {"GOOGLE_OAUTH_ACCESS_TOKEN": "x"}).communicate()
    assert dict(os.environ) == before


def test_a_timeout_interrupts_and_leaves_no_lock(root: Path) -> None:
    outcome = run(root, "apply", "-json", "-auto-approve", "-input=false", timeout=1.5)
    assert outcome.interrupted
    assert not list(root.glob("*.lock.info"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_parent_lets_terraform_finish_and_unlock(root: Path, number: int) -> None:
    parent = subprocess.Popen([sys.executable, "-c", parent_script(root)], stdout=subprocess.PIPE, text=True)
    wait_for(root / "started")
    parent.send_signal(number)
    output, _ = parent.communicate(timeout=30)
    report = json.loads(output)
    assert report["interrupted"]
    assert not alive(report["pid"])
    assert (root / "terraform.tfstate").exists()
    assert not list(root.glob(".*.lock.info"))


def test_terraform_does_not_outlive_a_killed_parent(root: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", parent_script(root)], stdout=subprocess.PIPE, text=True)
    wait_for(root / "started")
    (child,) = children(parent.pid)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while alive(child):
        assert time.monotonic() < deadline, "terraform goes on without its parent"
        time.sleep(0.05)
    assert not list(root.glob(".*.lock.info"))


def test_a_terraform_that_does_not_end_is_killed_after_its_parent(tmp_path: Path) -> None:
    stuck = tmp_path / "stuck"
    stuck.write_text("#!/bin/sh\ntrap '' INT\necho $$ > pid.new && mv pid.new pid\nexec sleep 60\n")
    stuck.chmod(0o755)
    script = f"""
        from pathlib import Path
        from envctl.terraform.adapter import start
        folder = Path({str(tmp_path)!r})
        start(folder / "stuck", folder, "plan", [], {{}}, folder / "output.log", patience=0.5).wait()
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)])
    wait_for(tmp_path / "pid")
    (launcher,), child = children(parent.pid), int((tmp_path / "pid").read_text())
    os.kill(launcher, signal.SIGINT)
    time.sleep(0.7)
    assert alive(child), "an interrupt alone is no reason to kill it"
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while alive(child) or alive(launcher):
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.05)


def test_the_exit_code_and_the_signal_that_ended_it_are_handed_on(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\n[ "$1" = plan ] && exit 2\nkill -9 $$\n')
    program.chmod(0o755)
    assert start(program, tmp_path, "plan", [], {}).wait() == 2
    assert start(program, tmp_path, "apply", [], {}).wait() == -signal.SIGKILL


def test_an_executable_that_is_not_terraform_is_refused(tmp_path: Path) -> None:
    impostor = tmp_path / "terraform"
    impostor.write_text('#!/bin/sh\necho \'{"terraform_version": "1.5.7"}\'\n')
    impostor.chmod(0o755)
    with pytest.raises(UserError, match=r"1\.5\.7 is too old"):
        read_version(impostor)


def parent_script(root: Path) -> str:
    return textwrap.dedent(f"""
        import json
        from pathlib import Path
        from envctl.terraform.adapter import start
        from envctl.terraform.binary import find_terraform
        from envctl.terraform.process import follow
        root = Path({str(root)!r})
        options = ["-json", "-auto-approve", "-input=false"]
        started = []

        def begin():
            started.append(start(find_terraform(), root, "apply", options, {{}}, root / "apply.log"))
            return started[0]

        outcome = follow(begin, root / "apply.log")
        print(json.dumps({{"interrupted": outcome.interrupted, "exit_code": outcome.exit_code, "pid": started[0].pid}}))
    """)


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
