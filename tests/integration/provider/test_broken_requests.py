"""Whatever a request lacks or has wrong, the sandbox refuses it: no handler fails over it, nor takes all memory."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.provider.all_cases import CASES
from tests.integration.provider.cases import Case
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.terraform, pytest.mark.slow, pytest.mark.xdist_group("broken requests")]
# One of each way in which APIs are built; `make test-whole` has them all.
_ALWAYS = ("run_v1", "pubsub", "cloud armor's rules and regions", "eventarc", "redis", "secrets")


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that tries each request broken in many ways before it serves it."""
    made = Sandbox(tmp_path_factory.mktemp("tried") / "state", module="tests.support.broken").start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=[] if case.name in _ALWAYS else [pytest.mark.whole]) for case in CASES],
    ids=lambda case: case.name,
)
def test_a_broken_request_is_refused_and_never_an_incident(tried: Sandbox, tmp_path: Path, case: Case) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    incidents = tried.state / "incidents.jsonl"
    incidents.unlink(missing_ok=True)
    root = Root(tmp_path, tried.reattach, f"atm-{uuid.uuid4().hex[:10]}", parallelism=1)
    root.apply(case.first)
    if case.second:
        root.apply(case.second)
    root.destroy()
    found = [json.loads(line) for line in incidents.read_text().splitlines()] if incidents.exists() else []
    assert not found, "\n".join("{request}\n  {what}\n{error}".format_map(incident) for incident in found)
