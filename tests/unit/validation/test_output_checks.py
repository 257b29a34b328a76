"""Reports as text, JSON and JUnit."""

from __future__ import annotations

import json
from xml.etree import ElementTree as Xml

from envctl.output import Check, Location, Report, Result, render_json, render_junit, render_text
from envctl.output.model import Cause
from hypothesis import given
from hypothesis import strategies as st

TOPIC = Cause("missing:t", "topic t is missing", "`envctl apply local` makes it")
DENIED = Cause("forbidden:x", "the permission x.y.get is missing", "ask for it")
AT = Location("envs/base.yaml", 41, 7)
CHECKS = (
    Check("a/topics/t#exists", "topics", "t", "exists", Result.FAIL, AT, "topic t is missing", cause=TOPIC),
    Check("a/topics/t#retention", "topics", "t", "retention", Result.SKIPPED, AT, "skipped", cause=TOPIC),
    Check("a/buckets/b#exists", "buckets", "b", "exists", Result.PASS, AT, "there"),
    Check("a/secrets/s#exists", "secrets", "s", "exists", Result.UNKNOWN, AT, "?", permission="x.y.get", cause=DENIED),
    Check("a/buckets/b#class", "buckets", "b", "class", Result.FAIL, AT, "class differs", expected="A", actual="B"),
)
REPORT = Report("environment local", CHECKS, 0.5)


def test_findings_come_before_what_is_unknown_and_causes_fold_what_follows() -> None:
    assert [group.cause.title for group in REPORT.groups()] == [
        "topic t is missing",
        "class differs",
        "the permission x.y.get is missing",
    ]


def test_text_says_what_where_and_what_to_do() -> None:
    text = render_text(REPORT)
    for said in (
        "topic t is missing",
        "envs/base.yaml:41:7",
        "what to do: `envctl apply local` makes it",
        "declared: A",
        "found:    B",
        "missing permission: x.y.get",
        "1 checks skipped because of this",
        "findings: environment local: 1 checks passed, 2 failed, 1 could not be made, 1 skipped in 0.50 s",
    ):
        assert said in text


def test_colours_are_for_terminals_only() -> None:
    assert "\x1b[" not in render_text(REPORT)
    assert "\x1b[" in render_text(REPORT, terminal=True)


def test_a_report_of_passes_is_a_table() -> None:
    text = render_text(Report("environment local", CHECKS[2:3]))
    assert "buckets" in text
    assert "ok: environment local: 1 checks passed" in text
    assert "Findings" not in text


def test_json_has_every_check_with_its_place() -> None:
    document = json.loads(render_json(REPORT))
    assert document["checks"][0]["where"] == "envs/base.yaml:41:7"
    assert [check["result"] for check in document["checks"]] == ["fail", "skipped", "pass", "unknown", "fail"]
    summary = document["summary"]
    assert (summary["fail"], summary["unknown"], summary["exit_code"]) == (2, 1, 2)


def test_junit_tells_failures_from_errors() -> None:
    (suite,) = Xml.fromstring(render_junit(REPORT))  # noqa: S314 - our own
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    outcomes = [[child.tag for child in case if child.tag != "properties"] for case in suite]
    assert outcomes == [["failure"], ["skipped"], [], ["error"], ["failure"]]
    assert [case.find("properties/property").get("value") for case in suite] == [check.id for check in CHECKS]  # type: ignore[union-attr]


def test_exit_codes() -> None:
    assert Report("x", CHECKS[2:3]).exit_code == 0
    assert Report("x", CHECKS[2:4]).exit_code == 1
    assert Report("x", CHECKS[1:3]).exit_code == 0
    assert REPORT.exit_code == 2


@given(st.text())
def test_any_text_is_valid_in_every_format(text: str) -> None:
    check = Check("a/b/c#d", "b", "c", text, Result.FAIL, None, text, expected=text, actual=text)
    report = Report("x", (check,))
    Xml.fromstring(render_junit(report).encode())  # noqa: S314 - our own
    assert json.loads(render_json(report))["checks"][0]["message"] == text
    render_text(report)
