"""Every setting changed behind Terraform's back is found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from envctl.output import Result

from tests.unit.validation.fake_google import FakeGoogle
from tests.unit.validation.findings import Validated, failed, put
from tests.unit.validation.tamperings import TAMPERINGS
from tests.unit.validation.tamperings.places import BQ, P, Tampering


def test_nothing_is_found_where_all_is_as_declared(validated: Validated) -> None:
    report = validated()
    assert report.counts[Result.PASS] == len(report.checks) > 250
    assert report.exit_code == 0


def side_by_side() -> list[list[Tampering]]:
    """The changes in rounds, each with one of a document at most: a validation tells them apart by what it finds."""
    rounds: list[dict[str, Tampering]] = []
    for change in TAMPERINGS:
        free = next((each for each in rounds if change[0] not in each), None)
        if free is None:
            rounds.append(free := {})
        free[change[0]] = change
    return [list(each.values()) for each in rounds]


ROUNDS = side_by_side()


@pytest.mark.parametrize("changes", ROUNDS, ids=[f"{len(changes)} changes" for changes in ROUNDS])
def test_each_changed_setting_is_a_finding_and_nothing_else_is(
    cloud: FakeGoogle, validated: Validated, changes: list[Tampering]
) -> None:
    for at, path, value, _ in changes:
        put(cloud.documents[at], path, value)
    report = validated()
    assert sorted(failed(report)) == sorted(check for *_, check in changes)
    assert report.exit_code == 2


def test_a_finding_names_the_line_of_the_setting(cloud: FakeGoogle, validated: Validated) -> None:
    cloud.documents[f"pubsub/v1/{P}/topics/signals"]["messageRetentionDuration"] = "600s"
    (finding,) = [check for check in validated().checks if check.result is Result.FAIL]
    text = (Path(__file__).parent / "envs/full.yaml").read_text().splitlines()
    assert finding.where is not None
    assert finding.where.file == "envs/full.yaml"
    assert text[finding.where.line - 1][finding.where.column - 1 :] == "86400s"
    assert (finding.expected, finding.actual) == ("86400s", "600s")


def test_a_missing_topic_is_one_finding_and_folds_its_checks(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"pubsub/v1/{P}/topics/signals"]
    del cloud.documents[f"pubsub/v1/{P}/topics/signals:getIamPolicy"]
    for subscription in ("signals-pull", "signals-push"):
        cloud.documents[f"pubsub/v1/{P}/subscriptions/{subscription}"]["topic"] = "_deleted-topic_"
    report = validated()
    assert failed(report) == ["engine/topics/signals#exists"]
    (group,) = report.groups()
    skipped = {check.id for check in group.checks if check.result is Result.SKIPPED}
    assert {"engine/topics/signals#retention", "engine/subscriptions/signals-pull#topic"} <= skipped


def test_a_missing_dataset_is_one_finding_with_its_tables(cloud: FakeGoogle, validated: Validated) -> None:
    for path in [path for path in cloud.documents if path.startswith(BQ)]:
        del cloud.documents[path]
    report = validated()
    assert failed(report) == ["engine/datasets/market_data#exists"]
    assert len(report.groups()) == 1


def test_a_missing_service_account_takes_its_grants_along(cloud: FakeGoogle, validated: Validated) -> None:
    del cloud.documents[f"iam/v1/{P}/serviceAccounts/caller@full-project.iam.gserviceaccount.com"]
    caller = "serviceAccount:caller@full-project.iam.gserviceaccount.com"
    for document in cloud.documents.values():
        for binding in document.get("bindings", []):
            if caller in binding["members"]:
                binding["members"].remove(caller)
                binding["members"].append(f"deleted:{caller}?uid=1")
    report = validated()
    assert failed(report) == ["shared/service_accounts/caller#exists"]
    assert len(report.groups()) == 1


def test_an_api_that_is_off_is_one_finding(cloud: FakeGoogle, validated: Validated) -> None:
    services = cloud.documents[f"serviceusage/v1/{P}/services"]["services"]
    services[:] = [service for service in services if "run." not in service["name"]]
    assert failed(validated()) == ["project/apis/run.googleapis.com#exists"]


def test_a_column_that_is_missing_and_one_that_nobody_declared(cloud: FakeGoogle, validated: Validated) -> None:
    fields = cloud.documents[f"{BQ}/tables/bars"]["schema"]["fields"]
    fields[1] = {"name": "other", "type": "DATE"}
    assert failed(validated()) == [
        "engine/tables/market_data.bars#schema day",
        "engine/tables/market_data.bars#schema other",
    ]
