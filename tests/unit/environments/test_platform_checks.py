"""What no single model can see: names across subprojects, and the contents of files."""

from __future__ import annotations

import json

import pytest

from tests.unit.environments.environment_files import NETWORK, EnvironmentFiles

# --- names, labels, APIs -------------------------------------------------------------------------------------------

KINDS = {
    "service_accounts": "{same-name: {}}",
    "secrets": "{same-name: {}}",
    "repositories": "{same-name: {}}",
    "buckets": "{same-name: {}}",
    "datasets": "{same_name: {}}",
    "topics": "{same-name: {}}",
    "subscriptions": "{same-name: {topic: gamma/ticks}}",
    "jobs": "{same-name: {image: x, service_account: gamma/runner-1}}",
    "worker_pools": "{same-name: {image: x, service_account: gamma/runner-1}}",
    "services": "{same-name: {image: x, service_account: gamma/runner-1}}",
    "queues": "{same-name: {}}",
    "schedules": "{same-name: {cron: '* * * * *', pubsub: {topic: gamma/ticks, data: x}}}",
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_name_in_two_subprojects_is_refused_where_google_has_one_name_space(
    envs: EnvironmentFiles, kind: str
) -> None:
    text = f"{kind}: {KINDS[kind]}"
    problem = envs.subprojects(
        alpha=text, beta=text, gamma="topics: {ticks: {}}\nservice_accounts: {runner-1: {}}"
    ).problem()
    assert "the project already has a" in problem
    assert "in alpha, envs/base.yaml:4:" in problem


def test_buckets_with_the_same_final_name_collide(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha="buckets: {data: {}}", beta="buckets: {other: {name: atm-dev-1-data}}").problem()
    assert 'already has a bucket "atm-dev-1-data"' in problem


def test_a_bucket_key_too_long_for_its_project_is_refused(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=f"buckets: {{{'x' * 60}: {{}}}}").problem()
    assert problem.startswith("envs/base.yaml:4:15")
    assert "has 70 characters; 3 to 63 are allowed (shorten the key, or give a name)" in problem


def test_a_bucket_named_after_google_is_refused(envs: EnvironmentFiles) -> None:
    assert "without google" in envs.subprojects(alpha="buckets: {my-google-data: {}}").problem()


def test_labels_that_envctl_sets_are_refused(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="topics: {t-1: {labels: {subproject: x}}}").dev(
        "project_id: atm-dev-1\nlabels: {environment: x}\n"
    )
    problems = envs.problems()
    assert len(problems) == 2
    assert all("is set by envctl" in problem for problem in problems)


def test_labels_are_counted_with_those_that_are_added(envs: EnvironmentFiles) -> None:
    labels = "{" + ", ".join(f"l{n}: x" for n in range(60)) + "}"
    envs.subprojects(alpha=f"topics: {{t-1: {{labels: {labels}}}}}")
    envs.load()
    assert "has 65 labels" in envs.dev("project_id: atm-dev-1\nlabels: {extra: x}\n").problem()


def test_an_api_that_is_needed_and_not_enabled_is_named(envs: EnvironmentFiles) -> None:
    problem = envs.base("apis: []\nsubprojects:\n  alpha: {topics: {t-1: {}}}\n").problem()
    assert "needs the API pubsub.googleapis.com" in problem and "add pubsub.googleapis.com to apis" in problem


# --- files -----------------------------------------------------------------------------------------------------------

COLUMNS = [
    {"name": "day", "type": "DATE", "mode": "REQUIRED"},
    {"name": "at", "type": "TIMESTAMP"},
    {"name": "symbol", "type": "STRING"},
    {"name": "count", "type": "INT64"},
    {"name": "tags", "type": "STRING", "mode": "REPEATED"},
    {"name": "price", "type": "FLOAT"},
]


def table(envs: EnvironmentFiles, fields: str, content: object = COLUMNS) -> EnvironmentFiles:
    envs.file("schemas/ticks.json", content if isinstance(content, str) else json.dumps(content))
    return envs.subprojects(alpha=f"datasets: {{d: {{tables: {{ticks: {{schema: schemas/ticks.json, {fields}}}}}}}}}")


def test_a_good_table_loads(envs: EnvironmentFiles) -> None:
    fields = "time_partitioning: {type: HOUR, field: at}, clustering: [symbol, count]"
    assert table(envs, fields).load().declared.subprojects["alpha"].datasets["d"].tables["ticks"].clustering


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            "time_partitioning: {field: dy}",
            'time_partitioning.field: the schema has no column "dy" (did you mean "day"?)',
        ),
        ("time_partitioning: {field: symbol}", '"symbol" is STRING, and BigQuery can\'t partition by time by that'),
        ("time_partitioning: {field: day, type: HOUR}", '"day" is DATE'),
        ("range_partitioning: {field: price, start: 0, end: 9, interval: 1}", '"price" is FLOAT'),
        ("clustering: [symbol, simbol]", "clustering[1]: the schema has no column"),
        ("clustering: [tags]", '"tags" is repeated'),
        ("clustering: [price]", '"price" is FLOAT'),
        ("clustering: [symbol, symbol]", '"symbol" stands twice'),
        ("primary_key: [simbol]", "primary_key[0]: the schema has no column"),
        ("primary_key: [price]", '"price" is FLOAT, and BigQuery can\'t key by that'),
        ("primary_key: [symbol, symbol]", "names each column once"),
    ],
)
def test_partitioning_and_clustering_fit_the_schema(envs: EnvironmentFiles, fields: str, message: str) -> None:
    assert message in table(envs, fields).problem()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[{", "envs/schemas/ticks.json:1:3"),
        ('[{"name": "a",\n  "name": "b"}]', 'the key "name" stands twice in one object'),
        ("[" * 100_000, "is not JSON"),
        ("{}", "is not a list of columns"),
        ("[]", "is not a list of columns"),
        ([{"type": "DATE"}], "column 1 is not an object with a name"),
        ([{"name": "1a", "type": "DATE"}], 'column "1a" has a name that BigQuery refuses'),
        ([{"name": "a", "type": "STRNG"}], 'did you mean "STRING"?'),
        ([{"name": "a"}], 'column "a" has no type'),
        ([{"name": "a", "type": "DATE", "mode": "OPTIONAL"}], 'has the mode text "OPTIONAL"'),
        ([{"name": "a", "type": "DATE"}, {"name": "A", "type": "DATE"}], 'column "A" stands twice'),
        ([{"name": "a", "type": "DATE", "descripton": "x"}], 'unknown key "descripton" (did you mean "description"?)'),
        ([{"name": "a", "type": "RECORD"}], "has fields if it is a RECORD"),
        ([{"name": "a", "type": "RECORD", "fields": [{"name": "b", "type": "X"}]}], 'column "a.b" has no type'),
    ],
)
def test_a_bad_table_schema_is_refused(envs: EnvironmentFiles, content: object, message: str) -> None:
    assert message in table(envs, "", content).problem()


def test_a_missing_file_suggests_its_neighbour(envs: EnvironmentFiles) -> None:
    envs.file("schemas/signals.json", "[]").subprojects(
        alpha="datasets: {d: {tables: {t: {schema: schemas/signal.json}}}}"
    )
    problem = envs.problem()
    assert "there is no file envs/schemas/signal.json" in problem
    assert 'did you mean "schemas/signals.json"?' in problem


@pytest.mark.parametrize("name", ["../base.yaml", "/etc/passwd", "''"])
def test_a_file_outside_envs_is_refused(envs: EnvironmentFiles, name: str) -> None:
    assert "is not a file below envs/" in envs.subprojects(alpha=f"schemas: {{s-1: {{definition: {name}}}}}").problem()


def test_a_link_out_of_envs_is_refused(envs: EnvironmentFiles) -> None:
    (envs.root / "secret.json").write_text("{}")
    (envs.root / "envs" / "link.json").symlink_to(envs.root / "secret.json")
    assert "leads outside envs/" in envs.subprojects(alpha="schemas: {s-1: {definition: link.json}}").problem()


def test_a_view_over_a_table_that_nobody_declares_is_refused(envs: EnvironmentFiles) -> None:
    view = "views: {v: {query: 'SELECT 1 FROM `${project_id}.d.tick`'}}"
    view = f"datasets: {{d: {{{view}, tables: {{ticks: {{schema: t.json}}}}}}}}"
    envs.file("t.json", json.dumps(COLUMNS)).subprojects(alpha=view)
    assert 'query: reads d.tick, which is not declared (did you mean "d.ticks"?)' in envs.problem()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("main:\n  steps:\n    - a: {return: 1}\n", ""),
        ("- a: {return: 1}\n", ""),
        ("other:\n  steps: []\n", "has no main and is no list of steps"),
        ("main:\n  step: []\n", 'the subworkflow "main" has no list of steps'),
        ("main:\n  steps:\n    - a: {retrun: 1}\n", 'has an unknown key "retrun" (did you mean "return"?)'),
        ("main:\n  steps:\n    - a: {next: c}\n    - b: {return: 1}\n", 'next names no step: "c"'),
        ("main:\n  steps:\n    - a: {return: 1}\n    - a: {return: 1}\n", 'two steps are named "a"'),
        ("main:\n  steps:\n    - a: 1\n      b: 2\n", "is not a step"),
        ("main: [\n", "is not YAML"),
        ("", "is empty"),
    ],
)
def test_a_workflow_source_is_read(envs: EnvironmentFiles, text: str, message: str) -> None:
    envs.file("flow.yaml.txt", text).subprojects(
        alpha="service_accounts: {runner-1: {}}\nworkflows: {flow: {source: flow.yaml.txt, service_account: runner-1}}"
    )
    if message:
        problem = envs.problem()
        assert message in problem and problem.startswith("envs/flow.yaml.txt:")
    else:
        assert envs.load().tfvars["subprojects"]["alpha"]["workflows"]["flow"]["source"] == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"type": "record", "name": "S", "fields": [{"name": "a", "type": ["null", "string"]}]}', ""),
        ('"string"', "is not an Avro record"),
        ('{"type": "record", "name": "S"}', "has no list of fields"),
        ('{"type": "record", "name": "S", "fields": [{"name": "a", "type": "text"}]}', 'has the type "text"'),
        ('{"type": "record", "fields": []}', "needs a name"),
        ('{"type": "record", "name": "S", "fields": [{"name": "a", "type": {"type": "enum", "name": "E"}}]}', "enum"),
        ("syntax = 'proto3';", "is not JSON"),
    ],
)
def test_an_avro_schema_is_read(envs: EnvironmentFiles, content: str, message: str) -> None:
    envs.file("s.avsc", content).subprojects(alpha="schemas: {s-1: {definition: s.avsc}}")
    if message:
        assert message in envs.problem()
    else:
        assert envs.load().tfvars["subprojects"]["alpha"]["schemas"]["s-1"]["definition"] == content


def test_a_trigger_of_a_bucket_is_where_the_bucket_is(envs: EnvironmentFiles) -> None:
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    text = """
        service_accounts: {runner-1: {project_roles: [roles/eventarc.eventReceiver, roles/run.invoker]}}
        buckets: {raw: {location: EU}}
        services: {engine: {image: x, service_account: runner-1}}
        triggers:
          t:
            criteria: {type: google.cloud.storage.object.v1.finalized}
            path_patterns: {subject: "objects/${region}/**"}
            bucket: raw
            service: engine
            service_account: runner-1
        """
    trigger = envs.subprojects(alpha=text).load().tfvars["subprojects"]["alpha"]["triggers"]["t"]
    assert trigger["criteria"] == {"type": "google.cloud.storage.object.v1.finalized", "bucket": "atm-dev-1-raw"}
    assert (trigger["location"], trigger["path_patterns"]) == ("eu", {"subject": "objects/asia-south1/**"})


def test_an_instance_needs_private_services_on_the_network(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=f"redis_instances: {{cache: {{{NETWORK}}}}}")
    overlay = "project_id: atm-dev-1\napis: [compute.googleapis.com, redis.googleapis.com]\nnetwork: {name: NAME}\n"
    problem = envs.dev(overlay.replace("NAME", "main")).problem()
    assert "redis_instances.cache.network: the network main has no private services" in problem
    envs.dev(overlay.replace("NAME", "other")).load()
