"""Dead-letter pairs: `dead_letter` without a topic makes the topic, what keeps its messages, and an alert."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import HEAD, EnvironmentFiles

NUMBER = 'project_id: atm-dev-1\nproject_number: "123456789012"\n'
CHANNELS = "notification_channels: {oncall: {email: oncall@example.com}}\n"
APIS = HEAD.replace("[", "[monitoring.googleapis.com, ", 1)


def feed(envs: EnvironmentFiles, dead_letter: str, more: str = "", topic: str = "{}") -> EnvironmentFiles:
    text = (
        f"{APIS}{CHANNELS}subprojects:\n  alpha:\n    topics:\n      ticks: {topic}\n{more}    subscriptions:\n"
        f"      feed:\n        topic: ticks\n        dead_letter: {dead_letter}\n"
    )
    return envs.dev(NUMBER).base(text)


def test_a_topic_and_a_retaining_subscription_are_made(envs: EnvironmentFiles) -> None:
    alpha = feed(envs, "{}").load().tfvars["subprojects"]["alpha"]
    dead = "projects/atm-dev-1/topics/feed-dead"
    assert alpha["subscriptions"]["feed"]["dead_letter"] == {"topic": dead, "max_delivery_attempts": 5}
    assert alpha["topics"]["feed-dead"]["retention"] == "2678400s"
    review = alpha["subscriptions"]["feed-dead-review"]
    assert (review["topic"], review["retention"], review["expiration_ttl"]) == (dead, "2678400s", "")
    assert review["dead_letter"] is None
    assert alpha["alert_policies"] == {}


def test_it_has_a_name_a_retention_and_an_alert_of_its_own(envs: EnvironmentFiles) -> None:
    loaded = feed(envs, "{name: lost, retention: 604800s, alert: [oncall], max_delivery_attempts: 10}").load()
    alpha = loaded.tfvars["subprojects"]["alpha"]
    assert set(alpha["topics"]) == {"ticks", "lost"}
    assert alpha["subscriptions"]["lost-review"]["retention"] == alpha["topics"]["lost"]["retention"] == "604800s"
    (condition,) = alpha["alert_policies"]["lost"]["conditions"]
    assert condition["undelivered"]["subscription"] == "lost-review"
    assert alpha["alert_policies"]["lost"]["channels"] == ["oncall"]
    assert alpha["alert_policies"]["lost"]["display_name"] == "alpha: lost"


def test_dead_letters_stay_in_the_regions_of_what_they_were(envs: EnvironmentFiles) -> None:
    loaded = feed(envs, "{}", topic="{regions: [asia-south1], labels: {team: quants}}").load()
    assert loaded.declared.subprojects["alpha"].topics["feed-dead"].regions == ["asia-south1"]
    assert loaded.declared.subprojects["alpha"].topics["feed-dead"].labels == {}


def test_other_things_may_name_what_is_made(envs: EnvironmentFiles) -> None:
    other = "    schedules:\n      say: {cron: 0 1 * * *, pubsub: {topic: feed-dead, data: hello}}\n"
    schedules = feed(envs, "{}", other).load().tfvars["subprojects"]["alpha"]["schedules"]
    assert schedules["say"]["pubsub"]["topic"] == "projects/atm-dev-1/topics/feed-dead"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("topics.feed-dead", ""),
        ("topics.feed-dead.labels", ""),
        ("subscriptions.feed-dead-review", ""),
        ("subscriptions.feed-dead-review.retention", ".retention"),
        ("alert_policies.feed-dead", ".alert"),
        ("alert_policies.feed-dead.channels.0", ".alert.0"),
    ],
)
def test_what_is_made_stands_at_the_subscription(envs: EnvironmentFiles, path: str, field: str) -> None:
    loaded = feed(envs, "{retention: 604800s, alert: [oncall]}").load()
    where = loaded.where(f"subprojects.alpha.{path}")
    assert (where.file, where.line) == ("envs/base.yaml", 10)
    assert where == loaded.where(f"subprojects.alpha.subscriptions.feed.dead_letter{field}")


def test_explain_leads_to_the_subscription(envs: EnvironmentFiles) -> None:
    explanation = feed(envs, "{retention: 604800s}").explain("subprojects.alpha.subscriptions.feed-dead-review")
    of = {value.path.rpartition(".")[2]: value for value in explanation.values}
    assert of["retention"].value == "604800s"
    assert of["retention"].steps[-1].source.startswith("envs/base.yaml:10:")
    assert of["topic"].rendered == "projects/atm-dev-1/topics/feed-dead"


@pytest.mark.parametrize(
    ("dead_letter", "more", "said"),
    [
        ("{}", "      feed-dead: {}\n", 'feed.dead_letter: makes "feed-dead", which topics has already'),
        ("{topic: ticks, name: lost}", "", "dead_letter.name: is of the topic and subscription that are made"),
        ("{topic: ticks, alert: [oncall]}", "", "dead_letter.alert: is of the topic and subscription that are made"),
        ("{alert: [onkall]}", "", '"onkall" names no notification channel that is on'),
        ("{retention: 5s}", "", 'retention is between "600s" and "2678400s"'),
        ("{name: x}", "", '"x" is not a Pub/Sub id'),
        ("{topics: ticks}", "", "dead_letter.topics: unknown key"),
    ],
)
def test_what_is_wrong_is_said_once_at_its_line(envs: EnvironmentFiles, dead_letter: str, more: str, said: str) -> None:
    problem = feed(envs, dead_letter, more).problem()
    assert said in problem
    assert problem.startswith(f"envs/base.yaml:{10 + bool(more)}:")


def test_two_subprojects_with_a_pair_of_one_name(envs: EnvironmentFiles) -> None:
    beta = "  beta:\n    subscriptions:\n      other: {topic: alpha/ticks, dead_letter: {name: feed-dead}}\n"
    feed(envs, "{}")
    envs.base((envs.root / "envs" / "base.yaml").read_text() + beta)
    subscription, topic = sorted(envs.problems())
    assert topic.startswith("envs/base.yaml:13:")
    assert 'the project already has a topic "feed-dead": in alpha, envs/base.yaml:10:' in topic
    assert 'the project already has a subscription "feed-dead-review"' in subscription


def test_a_pair_needs_the_project_number(envs: EnvironmentFiles) -> None:
    problem = feed(envs, "{}").dev("project_id: atm-dev-1\n").problem()
    assert "subscriptions.feed.dead_letter: needs the project's number" in problem


def test_an_environment_may_leave_the_pair_out(envs: EnvironmentFiles) -> None:
    off = NUMBER + "subprojects: {alpha: {subscriptions: {feed: {dead_letter: null}}}}\n"
    alpha = feed(envs, "{}").dev(off).load().tfvars["subprojects"]["alpha"]
    assert set(alpha["topics"]) == {"ticks"}
    assert set(alpha["subscriptions"]) == {"feed"}
