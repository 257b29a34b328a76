"""Reading terraform's machine-readable output."""

import json

from envctl.terraform.events import Change, Diagnostic, Progress, Summary, parse
from hypothesis import given
from hypothesis import strategies as st


def test_planned_change_and_drift_are_told_apart() -> None:
    body = {"resource": {"addr": "google_pubsub_topic.this"}, "action": "update"}
    assert parse(json.dumps({"type": "planned_change", "change": body})) == (
        "planned_change",
        Change("google_pubsub_topic.this", "update"),
    )
    found = parse(json.dumps({"type": "resource_drift", "change": body}))
    assert found is not None
    assert found[0] == "resource_drift"


def test_diagnostic_carries_file_and_line() -> None:
    line = {
        "type": "diagnostic",
        "diagnostic": {"severity": "error", "summary": "s", "range": {"filename": "data.tf", "start": {"line": 7}}},
    }
    assert parse(json.dumps(line)) == ("diagnostic", Diagnostic("error", "s", where="data.tf:7"))


def test_progress_of_an_apply() -> None:
    hook = {"resource": {"addr": "a.b"}, "action": "create", "elapsed_seconds": 2}
    assert parse(json.dumps({"type": "apply_complete", "hook": hook})) == (
        "apply_complete",
        Progress("a.b", "apply", "complete", "create", 2.0),
    )


def test_summary_counts() -> None:
    line = {"type": "change_summary", "changes": {"add": 3, "change": 2, "remove": 1, "operation": "apply"}}
    assert parse(json.dumps(line)) == ("change_summary", Summary("apply", 3, 2, 1))


@given(st.text())
def test_any_other_text_is_passed_over(text: str) -> None:
    assert parse(text) is None
