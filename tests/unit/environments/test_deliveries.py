"""Subscriptions that Pub/Sub itself writes into tables and buckets."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

SCHEMA = """
    {"type": "record", "name": "Tick",
     "fields": [{"name": "symbol", "type": "string"}, {"name": "price", "type": "string"}]}
    """
COLUMNS = '[{"name": "symbol", "type": "STRING", "mode": "REQUIRED"}, {"name": "price", "type": "NUMERIC"}]'
ALPHA = """
    buckets: {archive: {}}
    datasets: {d: {tables: {ticks: {schema: ticks.json}}}}
    schemas: {tick: {definition: tick.avsc}}
    topics: {ticks: {schema: {id: tick}}, plain: {}}
    """
NUMBER = 'project_id: atm-dev-1\nproject_number: "123456789012"\n'


def feed(envs: EnvironmentFiles, subscription: str, columns: str = COLUMNS) -> EnvironmentFiles:
    envs.file("ticks.json", columns).file("tick.avsc", SCHEMA).dev(NUMBER)
    return envs.subprojects(alpha=ALPHA, beta=f"subscriptions: {{feed: {subscription}}}")


ROWS = "{topic: alpha/ticks, bigquery: {dataset: alpha/d, table: ticks, use_topic_schema: true}}"
FILES = "{topic: alpha/ticks, cloud_storage: {bucket: alpha/archive, avro: {use_topic_schema: true}}}"


def test_exports_are_a_map_of_their_own_with_names_as_google_has_them(envs: EnvironmentFiles) -> None:
    loaded = feed(envs, ROWS).load()
    beta = loaded.tfvars["subprojects"]["beta"]
    assert (beta["subscriptions"], beta["push_subscriptions"]) == ({}, {})
    feed_ = beta["export_subscriptions"]["feed"]
    assert feed_["bigquery"]["dataset"] == "projects/atm-dev-1/datasets/d"
    assert "push" not in feed_
    assert loaded.where("subprojects.beta.export_subscriptions.feed") == loaded.where(
        "subprojects.beta.subscriptions.feed"
    )
    files = feed(envs, FILES).load().tfvars["subprojects"]["beta"]["export_subscriptions"]["feed"]
    assert files["cloud_storage"]["bucket"] == "atm-dev-1-archive"


@pytest.mark.parametrize(
    ("subscription", "columns", "said"),
    [
        (ROWS.replace("ticks, use", "tick, use"), COLUMNS, '"tick" is no table of alpha/d (did you mean "ticks"?)'),
        (ROWS.replace("alpha/ticks", "alpha/plain"), COLUMNS, "the topic alpha/plain has no Avro schema"),
        (FILES.replace("alpha/ticks", "alpha/plain"), COLUMNS, "the topic alpha/plain has no Avro schema"),
        (ROWS, '[{"name": "symbol", "type": "STRING"}]', 'writes "price", and the table alpha/d.ticks has no such'),
        (
            ROWS,
            COLUMNS.replace("}]", '}, {"name": "day", "type": "DATE", "mode": "REQUIRED"}]'),
            "the table's column \"day\" is required, and the topic's schema has no such field",
        ),
        (ROWS.replace("use_topic_schema: true", ""), COLUMNS, 'writes "data", and the table alpha/d.ticks'),
        (ROWS.replace("true}", "true, use_table_schema: true}"), COLUMNS, "of the topic's schema or of the table's"),
        (FILES.replace("archive,", "archive, max_messages: 3,"), COLUMNS, "max_messages: "),
        (FILES.replace("{topic", "{enable_exactly_once_delivery: true, topic"), COLUMNS, "is for pull subscriptions"),
    ],
)
def test_what_pubsub_would_refuse_is_said(envs: EnvironmentFiles, subscription: str, columns: str, said: str) -> None:
    assert said in feed(envs, subscription, columns).problem()


def test_unknown_fields_may_be_dropped(envs: EnvironmentFiles) -> None:
    dropping = ROWS.replace("true}", "true, drop_unknown_fields: true}")
    feed(envs, dropping, '[{"name": "symbol", "type": "STRING"}]').load()


def test_an_export_needs_the_project_number(envs: EnvironmentFiles) -> None:
    problem = feed(envs, FILES).dev("project_id: atm-dev-1\n").problem()
    assert "subscriptions.feed.cloud_storage: needs the project's number" in problem
