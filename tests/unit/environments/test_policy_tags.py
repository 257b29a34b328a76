"""Taxonomies, and the columns that carry their tags."""

from __future__ import annotations

import json

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

ALPHA = """
    service_accounts: {settlement: {}}
    taxonomies:
      sensitivity:
        tags:
          pii: {readers: [settlement, "group:compliance@example.com"]}
          pii/account: {MASKING}
          MORE
    datasets: {d: {tables: {clients: {schema: clients.json}}}}
    """
MASKING = "masking: {last_four: {expression: LAST_FOUR_CHARACTERS, readers: [settlement]}}"
SCHEMA = """[
  {"name": "id", "type": "STRING"},
  {"name": "account", "type": "STRING", "policyTags": {"names": ["${policy_tag:sensitivity/pii/account}"]}}
]
"""


def alpha(envs: EnvironmentFiles, schema: str = SCHEMA, masking: str = MASKING, more: str = "") -> EnvironmentFiles:
    envs.file("clients.json", schema)
    return envs.subprojects(alpha=ALPHA.replace("MASKING", masking).replace("MORE", more))


def test_a_tag_has_its_names_and_its_readers(envs: EnvironmentFiles) -> None:
    made = alpha(envs).load().tfvars["subprojects"]["alpha"]
    taxonomy = made["taxonomies"]["sensitivity"]
    assert (taxonomy["display_name"], taxonomy["location"]) == ("sensitivity", "asia-south1")
    assert taxonomy["activated_policy_types"] == ["FINE_GRAINED_ACCESS_CONTROL"]
    member = "serviceAccount:settlement@atm-dev-1.iam.gserviceaccount.com"
    assert taxonomy["tags"]["pii"]["readers"] == [member, "group:compliance@example.com"]
    tag = taxonomy["tags"]["pii/account"]
    assert tag["display_name"] == "account"
    assert tag["masking"] == {"last_four": {"expression": "LAST_FOUR_CHARACTERS", "readers": [member]}}
    column = json.loads(made["datasets"]["d"]["tables"]["clients"]["schema"])[1]
    assert column["policyTags"]["names"] == ["${policy_tag:sensitivity/pii/account}"]


def test_a_tag_that_nobody_declares_is_shown_in_the_schema(envs: EnvironmentFiles) -> None:
    problem = alpha(envs, SCHEMA.replace("pii/account", "pii/acount")).problem()
    assert problem.startswith("envs/clients.json:3:66 ")
    assert 'column "account" has the policy tag "sensitivity/pii/acount", which nobody declares' in problem
    assert 'did you mean "sensitivity/pii/account"?' in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"${policy_tag:', '"${policytag:', "which is no policy tag"),
        ('"${policy_tag:', '"pii", "${policy_tag:', "has 2 policy tags; BigQuery takes one"),
        ('"names"', '"name"', "has policyTags of another form"),
        (
            '"account", "type": "STRING"',
            '"account", "type": "INTEGER"',
            'which LAST_FOUR_CHARACTERS of its policy tag "sensitivity/pii/account" (last_four) doesn\'t mask',
        ),
        (
            '"account", "type": "STRING"',
            '"account", "type": "RECORD", "fields": [{"name": "x", "type": "STRING"}]',
            "is a RECORD, which takes no policy tag",
        ),
    ],
)
def test_a_tag_has_to_fit_its_column(envs: EnvironmentFiles, old: str, new: str, message: str) -> None:
    assert message in "\n".join(alpha(envs, SCHEMA.replace(old, new)).problems())


def test_a_full_name_is_taken_as_it_is(envs: EnvironmentFiles) -> None:
    name = "projects/p/locations/asia-south1/taxonomies/1/policyTags/2"
    alpha(envs, SCHEMA.replace("${policy_tag:sensitivity/pii/account}", name)).load()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("secret/key: {}", '"secret" is no tag of this taxonomy'),
        ("other/: {}", "is not a tag's path"),
        ("account: {}", '"pii/account" is named "account" too: give one a display_name'),
        ("b: {readers: [settlement, settlement]}", "settlement stands twice"),
        (
            "b: {masking: {last_four: {expression: SHA256, readers: [settlement]}}}",
            '"last_four" is a data policy already',
        ),
        ("b: {masking: {m: {expression: ROT13, readers: [settlement]}}}", "SHA256"),
    ],
)
def test_what_google_would_refuse(envs: EnvironmentFiles, more: str, message: str) -> None:
    assert message in "\n".join(alpha(envs, more=more).problems())


def test_a_taxonomy_is_where_the_dataset_is(envs: EnvironmentFiles) -> None:
    envs.file("clients.json", SCHEMA)
    text = (
        ALPHA.replace("MASKING", MASKING)
        .replace("MORE", "")
        .replace("sensitivity:", "sensitivity:\n        location: US")
    )
    problem = envs.subprojects(alpha=text).problem()
    assert 'is in asia-south1, and its policy tag "sensitivity/pii/account" in us' in problem


def test_tags_and_masking_need_their_apis(envs: EnvironmentFiles) -> None:
    problems = "\n".join(
        alpha(envs)
        .file(
            "base.yaml",
            (envs.root / "envs/base.yaml")
            .read_text()
            .replace("datacatalog", "dns")
            .replace("bigquerydatapolicy", "compute"),
        )
        .problems()
    )
    assert "needs the API datacatalog.googleapis.com" in problems
    assert "needs the API bigquerydatapolicy.googleapis.com" in problems
