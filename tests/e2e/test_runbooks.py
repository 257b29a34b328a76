"""Every command of every runbook is run, in the situation that the runbook is for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.checkout import TOKEN, Checkout

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("rehearsal"),
    pytest.mark.timeout(1800),
]
FOLDER = Path(__file__).resolve().parents[2] / "docs/runbooks"
PAGES = sorted(file.name for file in FOLDER.glob("*.md") if file.name != "README.md")
PROJECT = "atm-platform-tiny"
TINY = f"""
project_id: {PROJECT}
project_number: "301872649100"
cloud: sandbox
deletion_protection: false
"""
BASE = """
apis: [pubsub.googleapis.com, iam.googleapis.com, run.googleapis.com]
subprojects:
  data:
    service_accounts: {nightly: {}}
    jobs:
      nightly: {image: example.com/nightly, service_account: nightly, deletion_protection: false}
    topics:
      ticks: {retention: 86400s}
      bars: {}
"""
JOB = f"/run/v2/projects/{PROJECT}/locations/asia-south1/jobs/nightly"
STATE = f"/storage/v1/b/{PROJECT}-tfstate/o"
_BLOCK = re.compile(r"^( *)```bash\n(.*?)^ *```$", re.S | re.M)


@pytest.fixture
def tiny(fresh: Checkout) -> Checkout:
    """A small platform in git that is up."""
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/tiny.yaml").write_text(TINY)
    (fresh.root / "envs/base.yaml").write_text(BASE)
    built(fresh, "a")
    (fresh.root / ".gitignore").write_text("build/\nhome/\nplans/\n.sandbox/\n*.tfstate\n")
    fresh.must("up", "tiny")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "The platform"]):
        git(fresh, *command)
    return fresh


def git(checkout: Checkout, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=checkout.root, check=True, capture_output=True)


def url(checkout: Checkout) -> str:
    return str(json.loads((checkout.root / ".sandbox/tiny/sandbox.json").read_text())["url"])


def built(checkout: Checkout, digit: str) -> None:
    """What a push of the images writes."""
    file = checkout.root / "envs/images/tiny.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"example.com/nightly:\n  digest: sha256:{digit * 64}\n  revision: {digit * 12}\n")


def image(checkout: Checkout) -> str:
    """The image that the job has."""
    job = json.loads(ask(checkout, "GET", JOB))
    return str(job["template"]["template"]["containers"][0]["image"])


def ask(checkout: Checkout, method: str, path: str, body: bytes | None = None) -> bytes:
    headers = {"authorization": TOKEN, "content-type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(url(checkout) + path, body, headers, method=method), timeout=30
    ) as got:
        return bytes(got.read())


def locked(checkout: Checkout) -> None:
    lock = {
        "ID": "x",
        "Operation": "OperationTypeApply",
        "Who": "runner@gone",
        "Version": "1.11.4",
        "Created": "2026-01-01T00:00:00.123456789Z",
        "Path": "x",
    }
    path = f"/upload{STATE}?uploadType=media&name=terraform/state/default.tflock"
    ask(checkout, "POST", path, json.dumps(lock).encode())


def lost(checkout: Checkout) -> None:
    variables = checkout.must("env", "tiny", "--format", "json").json
    command = ["terraform", "-chdir=infra", "state", "rm", 'module.topics["data"].google_pubsub_topic.this["ticks"]']
    environment = {**checkout.environment, **variables, "TF_INPUT": "0"}
    subprocess.run(command, cwd=checkout.root, env=environment, check=True, capture_output=True)
    assert "1 to add" in checkout.must("plan", "tiny", code=2).err


def released(checkout: Checkout) -> None:
    checkout.edit("envs/base.yaml", "bars: {}", "bars: {retention: 7200s}")
    rebuilt(checkout)


def rebuilt(checkout: Checkout) -> None:
    built(checkout, "b")
    git(checkout, "commit", "-aqm", "A bad release")
    checkout.must("apply", "tiny")
    assert image(checkout).endswith("b" * 64)


def drifted(checkout: Checkout) -> None:
    body = {"topic": {"messageRetentionDuration": "1200s"}, "updateMask": "messageRetentionDuration"}
    ask(checkout, "PATCH", f"/pubsub/v1/projects/{PROJECT}/topics/ticks", json.dumps(body).encode())


SITUATIONS: dict[str, Callable[[Checkout], None]] = {
    "state-lock.md": locked,
    "state-restore.md": lost,
    "rollback.md": released,
    "rollback-image.md": rebuilt,
    "drift.md": drifted,
    "cost.md": lambda _checkout: None,
}


def test_every_runbook_is_listed_and_has_a_situation() -> None:
    listed = re.findall(r"\]\(([a-z-]+\.md)\)", (FOLDER / "README.md").read_text())
    assert sorted(listed) == PAGES == sorted(SITUATIONS)


def commands(page: str) -> list[tuple[str, int]]:
    """The commands of a page with the exit codes that it gives."""
    found = []
    for indent, block in _BLOCK.findall((FOLDER / page).read_text()):
        for line in block.splitlines():
            command, _, comment = line.removeprefix(indent).partition("   # ")
            code = re.search(r"exit (\d)", comment)
            found.append((command, int(code[1]) if code else 0))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_each_command_does_what_the_runbook_says(page: str, tiny: Checkout) -> None:
    SITUATIONS[page](tiny)
    script = ["export ENV=tiny"]
    for command, code in commands(page):
        script += [command, f'found=$?; [ "$found" = {code} ] || {{ echo "exit $found, not {code}: {page}"; exit 9; }}']
    assert len(script) > 2, "a runbook has commands"
    environment = {
        **tiny.environment,
        "PATH": f"{Path(sys.executable).parent}:{tiny.environment['PATH']}",
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.com",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.com",
        "GIT_PAGER": "cat",
    }
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=tiny.root, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tiny.must("plan", "tiny")
    assert image(tiny) == f"example.com/nightly@sha256:{'a' * 64}"
