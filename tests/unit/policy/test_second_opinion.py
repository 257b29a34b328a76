"""checkov beside the platform's own rules: asked apart, told apart, and unknown where it isn't there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from envctl.output.model import Location, Result
from envctl.plans.model import Plan
from envctl.plans.read import read_plan
from envctl.policy.second_opinion import find_checkov, second_opinion

from tests.support.plans import at, bucket, change, plan

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = at("google_storage_bucket")
FAKE = """\
#!{python}
import json, os, sys
folder = {folder!r}
file = sys.argv[sys.argv.index("--file") + 1]
json.dump({{"plan": json.load(open(file)), "environment": dict(os.environ)}}, open(folder + "/seen.json", "w"))
{answer}
"""


def opened() -> Plan:
    """A bucket that anybody may be let into, and a secret's value."""
    values = {
        **bucket(),
        "uniform_bucket_level_access": False,
        "public_access_prevention": "inherited",
        "versioning": [],
    }
    secret = {"secret": "projects/p/secrets/s", "secret_data": "hunter2"}
    version = "google_secret_manager_secret_version"
    sensitive = {"after_sensitive": {"secret_data": True}}
    changes = [change(ADDRESS, None, values), change(at(version), None, secret, type=version, **sensitive)]
    gone = change(at("google_storage_bucket", "b"), values, None)
    return read_plan(plan(*changes, gone))


def fake(folder: Path, answer: str) -> Path:
    program = folder / "checkov"
    program.write_text(FAKE.format(python=sys.executable, folder=str(folder), answer=answer))
    program.chmod(0o755)
    return program


def test_its_findings_have_its_ids_and_our_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = {"check_id": "CKV_GCP_29", "check_name": "Ensure uniform access", "resource": ADDRESS}
    answer = {"results": {"failed_checks": [failed]}, "summary": {"passed": 7, "checkov_version": "3.3.30"}}
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "ours")
    program = fake(tmp_path, f"print({json.dumps(json.dumps(answer))}); sys.exit(1)")
    place = Location("envs/base.yaml", 3, 5)
    report = second_opinion(opened(), program, subject="prod", where=lambda a: place if a == ADDRESS else None)
    (check,) = report.checks
    assert (check.id, check.result, check.where) == (f"CKV_GCP_29/{ADDRESS}", Result.FAIL, place)
    assert report.notes == {"passed": "7", "checkov": "3.3.30"}
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert "hunter2" not in json.dumps(seen["plan"])
    assert "ours" not in seen["environment"].values()
    resources = [
        r for module in seen["plan"]["planned_values"]["root_module"]["child_modules"] for r in module["resources"]
    ]
    assert [resource["address"] for resource in resources] == [ADDRESS, at("google_secret_manager_secret_version")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [("sys.stderr.write('no such framework'); sys.exit(2)", "no such framework"), ("print('{')", "said nothing")],
)
def test_where_it_fails_it_is_unknown(tmp_path: Path, answer: str, words: str) -> None:
    report = second_opinion(opened(), fake(tmp_path, answer), subject="prod")
    assert report.checks[0].result is Result.UNKNOWN
    assert words in report.checks[0].message
    assert report.exit_code == 1


def test_where_it_is_absent_it_is_unknown_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_checkov(tmp_path) is None
    (check,) = second_opinion(opened(), None, subject="prod").checks
    assert (check.result, check.cause and check.cause.todo) == (Result.UNKNOWN, "make checkov")
    slow = fake(tmp_path, "import time; time.sleep(60)")
    assert find_checkov(tmp_path) == slow
    assert "within 0.2 s" in second_opinion(opened(), slow, subject="prod", seconds=0.2).checks[0].message


def test_checkov_itself_reads_our_plans() -> None:
    program = find_checkov(ROOT)
    if program is None:
        pytest.skip("checkov is not here: make checkov")
    found = {check.kind for check in second_opinion(opened(), program, subject="prod").checks}
    assert {"CKV_GCP_29", "CKV_GCP_114"} <= found
