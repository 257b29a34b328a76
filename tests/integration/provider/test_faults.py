"""What terraform shows of a bad day of the APIs: with the embedded provider and, where there is one, the real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(900)]

TOPIC = """
resource "google_pubsub_topic" "t" {
  name = "orders"
}
"""
CHANGED = TOPIC.replace('"orders"', '"orders"\n  message_retention_duration = "600s"')
GRANTED = (
    TOPIC
    + """
resource "google_pubsub_topic_iam_member" "g" {
  topic  = google_pubsub_topic.t.id
  role   = "roles/pubsub.viewer"
  member = "user:ann@example.com"
}
"""
)


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "real",
            marks=[
                pytest.mark.real_provider,
                pytest.mark.slow,
                pytest.mark.skipif(not MIRROR, reason="ATM_PROVIDER_MIRROR names no mirror with hashicorp/google"),
            ],
        ),
    ]
)
def either(request: pytest.FixtureRequest, root: Root, sandbox: Sandbox, tmp_path: Path) -> Root:
    """A root with the one provider or the other."""
    return root if request.param == "embedded" else real_root(sandbox, tmp_path)


@pytest.fixture
def fault(either: Root, sandbox: Sandbox) -> Iterator[Any]:
    """Adds a fault for calls about the root's project, in place of the one before."""

    def add(method: str, path: str, **rule: Any) -> None:
        sandbox.request("DELETE", "/sandbox/faults")
        where = {"service": "pubsub", "method": method, "path": f"v1/projects/{either.project}/{path}"}
        assert sandbox.request("POST", "/sandbox/faults", {**where, **rule}).status == 200

    yield add
    sandbox.request("DELETE", "/sandbox/faults")


def hit(sandbox: Sandbox) -> int:
    """How many calls the standing faults hit."""
    return sum(rule["hit"] for rule in sandbox.get("/sandbox/faults")["faults"])


def test_what_passes_is_waited_for(either: Root, fault: Any, sandbox: Sandbox) -> None:
    fault("PUT", "topics/orders", status=503, times=2)
    either.apply(TOPIC)
    assert hit(sandbox) == 2
    fault("PATCH", "topics/orders", status=429, times=2)
    either.apply(CHANGED)
    assert hit(sandbox) == 2
    fault("POST", "topics/orders:setIamPolicy", status=409, times=1)
    either.apply(GRANTED)
    assert hit(sandbox) == 1
    fault("DELETE", "topics/orders", status=500, times=1)
    either.destroy()
    assert hit(sandbox) == 1
    assert either.state() == {}


def test_what_stays_is_told_and_the_next_run_ends_it(either: Root, fault: Any) -> None:
    fault("PUT", "topics/orders", status=409, message="not now", times=1)
    assert "Error creating Topic: googleapi: Error 409: not now" in either.fails(TOPIC)
    assert either.state() == {}
    either.apply(TOPIC)
    fault("PATCH", "topics/orders", status=412, message="not so", times=1)
    assert "Error 412: not so" in either.fails(CHANGED)
    assert either.actions(CHANGED) == {"google_pubsub_topic.t": ["update"]}
    fault("DELETE", "topics/orders", status=409, message="not now", times=1)
    assert "Error 409: not now" in either.fails("", "destroy", "-auto-approve", "-input=false", "-no-color")
    assert list(either.state()) == ["google_pubsub_topic.t"]
    either.destroy()


def test_what_was_done_though_the_answer_is_lost_is_found_again(either: Root, fault: Any) -> None:
    fault("PUT", "topics/orders", cut="after", times=1)
    assert "EOF" in either.fails(TOPIC)
    assert either.state() == {}
    assert "already exists" in either.fails(TOPIC)
    adopt = f'import {{\n  to = google_pubsub_topic.t\n  id = "projects/{either.project}/topics/orders"\n}}\n'
    either.apply(TOPIC + adopt)
    assert either.actions(TOPIC) == {}
    fault("PATCH", "topics/orders", cut="after", times=1)
    assert "EOF" in either.fails(CHANGED)
    assert either.actions(CHANGED) == {}
    fault("DELETE", "topics/orders", cut="after", times=1)
    assert "EOF" in either.fails(CHANGED, "destroy", "-auto-approve", "-input=false", "-no-color")
    either.destroy()
    assert either.state() == {}
