"""Custom roles, deny policies and scheduled queries."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

ALPHA = """
    custom_roles: {limitsReader: {title: Reads limits, permissions: [PERMISSION]}}
    service_accounts: {reports: {project_roles: ["projects/${project_id}/roles/ROLE"]}}
    datasets: {d: {}}
    scheduled_queries: {totals: {query: "SELECT 1", schedule: SCHEDULE, service_account: reports, MORE}}
    """
GIVEN = {"PERMISSION": "bigquery.tables.get", "ROLE": "limitsReader", "SCHEDULE": "every day 12:30"}


def alpha(envs: EnvironmentFiles, **changed: str) -> EnvironmentFiles:
    text = ALPHA
    for name, value in {**GIVEN, "MORE": "dataset: d, table: totals", **changed}.items():
        text = text.replace(name, value)
    return envs.subprojects(alpha=text)


def test_a_role_and_a_query_have_the_names_of_the_environment(envs: EnvironmentFiles) -> None:
    made = alpha(envs).load().tfvars["subprojects"]["alpha"]
    assert made["service_accounts"]["reports"]["project_roles"] == ["projects/atm-dev-1/roles/limitsReader"]
    query = made["scheduled_queries"]["totals"]
    assert query["service_account"] == "reports@atm-dev-1.iam.gserviceaccount.com"
    assert (query["location"], query["paused"]) == ("asia-south1", False)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PERMISSION": "bigquery.get"}, '"bigquery.get" is not a permission'),
        ({"PERMISSION": "a.b.c, a.b.c"}, "a.b.c stands twice"),
        ({"ROLE": "limitReader"}, '"limitReader" is no custom role (did you mean "limitsReader"?)'),
        ({"SCHEDULE": '"0 12 * * *"'}, "is not a schedule of BigQuery's"),
        ({"MORE": "dataset: d"}, "a result goes into a dataset and a table"),
        ({"MORE": "partitioning_field: day"}, "a statement has no table to partition"),
        (
            {"MORE": 'start_time: "2026-01-31T09:15:00Z", end_time: "2025-01-31T09:15:00Z"'},
            "end_time comes after start_time",
        ),
    ],
)
def test_what_google_would_refuse(envs: EnvironmentFiles, changed: dict[str, str], message: str) -> None:
    assert message in "\n".join(alpha(envs, **changed).problems())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "denied_principals: [user:ann@example.com], denied_permissions: [iam.googleapis.com/roles.create]",
            "is not a principal",
        ),
        (
            'denied_principals: ["principalSet://goog/public:all"], denied_permissions: [iam.roles.create]',
            "is not a permission",
        ),
    ],
)
def test_a_deny_policy_is_written_as_google_writes_it(envs: EnvironmentFiles, rule: str, message: str) -> None:
    assert message in envs.base(f"deny_policies: {{keys: {{rules: [{{{rule}}}]}}}}\n").problem()
