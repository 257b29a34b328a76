"""The repository whose workflows are trusted: what is refused, and what rendering makes of it."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

APIS = "apis: [iam.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com]"
HEAD = f'project_id: atm-dev-1\nproject_number: "123456789012"\n{APIS}\n'


@pytest.mark.parametrize(
    ("github", "message"),
    [
        ("{}", "github: name the repository: by repository_id (its number), or by repository (OWNER/NAME)"),
        ("{repository: platform}", '"platform" is not a repository\'s name, such as "ai-trading-machine/platform"'),
        ("{repository: \"a/b' || true || '\"}", "is not a repository's name"),
        ('{repository_id: "a/b"}', "is not a repository's number; `gh api repos/OWNER/NAME --jq .id` shows it"),
        ("{repository: a/b, environment: \"dev' || '\"}", "is not a GitHub Environment"),
        ("{repository: a/b, branch: \"main' || '\"}", "is not a branch"),
        ("{repository: a/b, pool: gcp-github}", "not begun by gcp-"),
        ("{repository: a/b, provider: gha}", "is not an id of 4 to 32"),
        (
            "{repository: a/b, plan: {service_account: plan}}",
            'github.plan.service_account: "plan" is not an account id',
        ),
        (
            "{repository: a/b, apply: {service_account: github-plan}}",
            "github.apply.service_account: plan and apply are two identities: what plans is used by pull requests",
        ),
        (
            "{repository: a/b, plan: {project_roles: [roles/viewer, roles/storage.objectAdmin]}}",
            "github.plan.project_roles[1]: roles/storage.objectAdmin lets pull requests change or use things",
        ),
        (
            "{repository: a/b, plan: {project_roles: [roles/secretmanager.secretAccessor]}}",
            "github.plan.project_roles[0]: roles/secretmanager.secretAccessor lets pull requests change or use things",
        ),
        (
            "{repository: a/b, apply: {project_roles: [roles/editor, roles/editor]}}",
            "github.apply.project_roles[1]: roles/editor stands twice",
        ),
        ("{repository: a/b, apply: {project_roles: [editor]}}", '"editor" is not a role'),
    ],
)
def test_what_trusts_the_wrong_ones_is_refused(envs: EnvironmentFiles, github: str, message: str) -> None:
    assert message in envs.dev(f"{HEAD}github: {github}\n").problem()


def test_principals_need_the_number_and_three_apis(envs: EnvironmentFiles) -> None:
    text = "project_id: atm-dev-1\napis: [iam.googleapis.com]\ngithub: {repository: a/b}\n"
    first, second, third = envs.dev(text).problems()
    assert "github: needs the API iamcredentials.googleapis.com, which apis doesn't list" in first
    assert "github: needs the API sts.googleapis.com" in second
    assert "principals of GitHub's workflows are named by the project's number" in third


def test_an_account_that_a_subproject_declares_is_not_github_s(envs: EnvironmentFiles) -> None:
    accounts = "subprojects: {engine: {service_accounts: {planner: {}}}}"
    github = "github: {repository: a/b, plan: {service_account: planner}}"
    problem = envs.dev(f"{HEAD}{github}\n{accounts}\n").problem()
    assert 'github.plan.service_account: the project already has a service account "planner"' in problem


def test_the_environment_is_this_one_unless_it_says_so(envs: EnvironmentFiles) -> None:
    github = envs.dev(f'{HEAD}github: {{repository_id: "7"}}\n').load().tfvars["github"]
    assert github["environment"] == "dev"
    assert github["plan"]["service_account"] == "github-plan"
    assert "enabled" not in github
    assert (
        envs.dev(f"{HEAD}github: {{repository: a/b, environment: live}}\n").load().tfvars["github"]["environment"]
        == "live"
    )


def test_nobody_is_trusted_where_it_is_off(envs: EnvironmentFiles) -> None:
    variables = envs.dev("project_id: atm-dev-1\ngithub: {enabled: false, repository: a/b}\n").load().tfvars
    assert variables["github"] is None
    assert variables["state"] == {"bucket": "atm-dev-1-tfstate", "prefix": "terraform/state"}
