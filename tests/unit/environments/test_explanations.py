"""`explain`: which line set what."""

from __future__ import annotations

import pytest
from envctl.environments.models.pubsub import Topic
from envctl.errors import UserError

from tests.unit.environments.environment_files import EnvironmentFiles

TOPIC = "service_accounts: {writer-1: {}}\ntopics:\n  signals:\n    retention: 600s\n    labels: {team: quants}\n"
DEV = "project_id: atm-dev-1\nsubprojects: {alpha: {topics: {signals: {retention: 1200s}}}}\n"


def test_a_value_has_its_whole_history(envs: EnvironmentFiles) -> None:
    explanation = envs.subprojects(alpha=TOPIC).dev(DEV).explain("subprojects.alpha.topics.signals.retention")
    (value,) = explanation.values
    assert [(step.source, step.value) for step in value.steps] == [
        ("default (model)", None),
        ("envs/base.yaml:7:20", "600s"),
        ("envs/dev.yaml:2:53", "1200s"),
    ]
    assert value.rendered == value.value == "1200s"
    assert explanation.text().splitlines() == [
        'subprojects.alpha.topics.signals.retention = "1200s"',
        '  envs/dev.yaml:2:53   "1200s"',
        '  envs/base.yaml:7:20  "600s"  (overridden)',
        "  default (model)      null  (overridden)",
    ]


def test_a_removed_value_says_who_removed_it(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=TOPIC).dev(DEV.replace("1200s", "null"))
    (value,) = envs.explain("subprojects.alpha.topics.signals.retention").values
    assert [(step.value, step.removed) for step in value.steps] == [
        (None, False),
        ("600s", False),
        (None, True),
        (None, False),
    ]
    assert "null: removed" in envs.explain("subprojects.alpha.topics.signals.retention").text()


def test_what_rendering_makes_of_a_value_is_shown(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="buckets: {data: {}}")
    explanation = envs.explain("subprojects.alpha.buckets.data.name")
    assert 'tfvars           "atm-dev-1-data"' in explanation.text()
    assert explanation.document()["values"][0]["tfvars"] == "atm-dev-1-data"


def test_a_resource_lists_all_its_fields_and_a_subproject_only_what_is_said(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=TOPIC)
    below = "subprojects.alpha.topics.signals."
    of_topic = {value.path.removeprefix(below) for value in envs.explain("subprojects.alpha.topics.signals").values}
    said = {field.alias or name for name, field in Topic.model_fields.items()}
    assert of_topic == said - {"labels"} | {"labels.team"}
    assert "retention" in of_topic
    of_all = {value.path for value in envs.explain("subprojects.alpha").values}
    assert of_all == {f"{below}retention", f"{below}labels.team"}


def test_a_subscription_that_pushes_is_found_in_the_tfvars(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha=TOPIC
        + "subscriptions:\n"
        + "  hook: {topic: signals, push: {endpoint: 'https://x.example.com', service_account: writer-1}}\n"
    )
    (value,) = envs.explain("subprojects.alpha.subscriptions.hook.topic").values
    assert value.rendered == "projects/atm-dev-1/topics/signals"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("subprojects.alpha.topics.signal.retention", 'did you mean "signals"?'),
        ("subprojects.alpha.topics.signals.retention.x", 'is "600s"'),
        ("subproject", 'did you mean "subprojects"?'),
        ("subprojects..alpha", "is not a path"),
        ("a b", "is not a path"),
    ],
)
def test_a_path_that_names_nothing_says_so(envs: EnvironmentFiles, path: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        envs.subprojects(alpha=TOPIC).explain(path)
    assert message in str(refused.value)


def test_keys_with_dots_are_quoted(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="topics: {ticks.v1: {retention: 600s}}")
    (value,) = envs.explain('subprojects.alpha.topics["ticks.v1"].retention').values
    assert value.path == 'subprojects.alpha.topics["ticks.v1"].retention'
    assert value.value == "600s"
