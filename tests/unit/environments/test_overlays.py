"""base.yaml and the environment's file over it."""

from __future__ import annotations

from tests.unit.environments.environment_files import HEAD, EnvironmentFiles

BUCKETS = """
    buckets:
      data:
        versioning: false
        labels: {team: quants, tier: hot}
        lifecycle_rules:
          - {action: Delete, age_days: 10}
          - {action: Delete, age_days: 20}
    """


def dev(body: str) -> str:
    return f"project_id: atm-dev-1\nsubprojects:\n  alpha:\n    buckets:\n{body}"


def test_mappings_merge_deeply_and_lists_replace(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=BUCKETS).dev(
        dev(
            "      data:\n        labels: {tier: cold}\n        lifecycle_rules: [{action: Delete, age_days: 30}]\n"
            "      more: {}\n"
        )
    )
    buckets = envs.load().declared.subprojects["alpha"].buckets
    assert buckets["data"].labels == {"team": "quants", "tier": "cold"}
    assert [rule.age_days for rule in buckets["data"].lifecycle_rules] == [30]
    assert buckets["data"].versioning is False
    assert sorted(buckets) == ["data", "more"]


def test_null_removes_a_resource_or_a_field(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=BUCKETS).dev(dev("      data: {versioning: null, labels: {tier: ~}}\n"))
    bucket = envs.load().declared.subprojects["alpha"].buckets["data"]
    assert bucket.versioning is True
    assert bucket.labels == {"team": "quants"}
    envs.dev(dev("      data: null\n"))
    assert envs.load().declared.subprojects["alpha"].buckets == {}


def test_null_for_what_base_does_not_have_suggests_what_it_has(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=BUCKETS).dev(dev("      dta: null\n")).problem()
    assert problem.startswith("envs/dev.yaml:5:12 subprojects.alpha.buckets.dta: null removes what base.yaml says")
    assert 'did you mean "data"?' in problem


def test_null_in_something_new_is_refused(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=BUCKETS).dev(dev("      new: {labels: {x: null}}\n")).problem()
    assert 'base.yaml has no "x" here' in problem


def test_an_empty_subproject_that_base_does_not_have_is_a_misspelt_one(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=BUCKETS).dev("project_id: atm-dev-1\nsubprojects:\n  alpa: {}\n").problem()
    assert problem.startswith("envs/dev.yaml:3:3 subprojects.alpa: is empty, and base.yaml has no such subproject")
    assert 'did you mean "alpha"?' in problem


def test_an_incomplete_addition_may_be_a_typo(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        service_accounts: {runner-1: {}}
        services:
          engine: {image: x, service_account: runner-1}
        """
    ).dev("project_id: atm-dev-1\nsubprojects:\n  alpha:\n    services:\n      engin: {max_instances: 3}\n")
    problems = envs.problems()
    assert len(problems) == 2
    for problem in problems:
        assert problem.startswith("envs/dev.yaml:5:7 subprojects.alpha.services.engin.")
        assert 'base.yaml has no "engin" here; did you mean "engine"?' in problem


def test_a_complete_addition_is_fine(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="description: x").dev(
        "project_id: atm-dev-1\nsubprojects: {alpha: {topics: {extra: {}}}, beta: {topics: {other: {}}}}\n"
    )
    assert sorted(envs.load().declared.subprojects) == ["alpha", "beta"]


def test_an_empty_resource_in_base_says_how_to_write_defaults(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha="topics:\n  ticks:\n").problem()
    assert problem.startswith("envs/base.yaml:5:7 subprojects.alpha.topics.ticks: ") or "ticks" in problem
    assert "expected a mapping, got nothing (write {} for nothing but defaults)" in problem


def test_where_names_the_file_that_has_the_last_word(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=BUCKETS).dev(dev("      data: {versioning: true}\n"))
    loaded = envs.load()
    assert str(loaded.where("subprojects.alpha.buckets.data.versioning")) == "envs/dev.yaml:5:26"
    assert str(loaded.where("subprojects.alpha.buckets.data.labels.team")) == "envs/base.yaml:7:24"
    assert str(loaded.where(("subprojects", "alpha", "buckets", "data", "storage_class"))) == "envs/base.yaml:5:7"


def test_a_subproject_may_have_a_file_of_its_own(envs: EnvironmentFiles) -> None:
    envs.base(f"{HEAD}subprojects:\n  one: {{topics: {{first-topic: {{}}}}}}\n")
    envs.file("subprojects/two.yaml", "topics:\n  second-topic: {retention: 600s}\n")
    envs.dev("project_id: atm-dev\nsubprojects:\n  two:\n    topics:\n      second-topic: {retention: 700s}\n")

    loaded = envs.load()

    assert list(loaded.tfvars["subprojects"]) == ["one", "two"]
    assert loaded.tfvars["subprojects"]["two"]["topics"]["second-topic"]["retention"] == "700s"
    first, second = envs.explain("subprojects.two.topics.second-topic.retention").values[0].steps[-2:]
    assert str(first.location) == "envs/subprojects/two.yaml:2:29"
    assert str(second.location) == "envs/dev.yaml:5:33"


def test_a_mistake_in_the_file_of_a_subproject_is_named_there(envs: EnvironmentFiles) -> None:
    envs.base(HEAD).dev("project_id: atm-dev\n")
    envs.file("subprojects/two.yaml", "topics:\n  second-topic: {retentoin: 600s}\n")

    assert envs.problem() == (
        "envs/subprojects/two.yaml:2:18 subprojects.two.topics.second-topic.retentoin: unknown key "
        '(did you mean "retention"?)'
    )


def test_a_subproject_in_two_places_is_refused(envs: EnvironmentFiles) -> None:
    envs.base(f"{HEAD}subprojects:\n  one: {{}}\n").dev("project_id: atm-dev\n")
    envs.file("subprojects/one.yaml", "description: again\n")

    assert envs.problem() == (
        "envs/base.yaml:3:3 subprojects.one: stands in envs/base.yaml and in envs/subprojects/one.yaml "
        "(keep one of the two)"
    )
