"""Between Terraform's values and the API's documents, and the small rules around them."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import Any

import pytest

import sandbox.provider
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.bigquery_schema import replaces, same_schema
from sandbox.provider.importing import identify
from sandbox.provider.lifecycle import as_applied
from sandbox.provider.settings import Settings
from sandbox.provider.suppress import suppressed
from sandbox.provider.table import parse
from sandbox.provider.validation import problems

(THING,) = parse("""
resource google_thing
  service thing/v1
  id projects/{project}/locations/{location}/things/{name}
  fields
    name string required forces_new
    project string optional computed
    location string required forces_new local
    size_bytes number api=spec.sizeBytes
    on bool
    text string
    labels map(string)
    members set(string)
    secrets list(string) unread
    rows_number number computed stays
    columns list(string) stays
    policy list[1] keep_empty
      ttl string
      key string unread
      tags map(string)
    plain list[1]
      ttl string
    ports list[1] array
      number number
    rows list
      key string required
      deep string conflicts=policy.ttl
    made string computed
    effective_labels map(string) computed local
    terraform_labels map(string) computed local
    choice_a string exactly_one
    choice_b string exactly_one
    kind string values=A|B
    kinds set(string) values=A|B| any_case
    share number range=0..100
    count number range=1..
    part number range=0.0..1.0
    body string check=json|length:3..9
    ranges list(string) check=ip_range
    pair list(string)[2]
    few number range=..3
    code string matches=^[a-z]+$
    other string conflicts=text required_with=kind
""")
PLANNED: dict[str, Any] = {
    "name": "a",
    "project": "p",
    "location": "l",
    "size_bytes": 5,
    "on": False,
    "text": "",
    "labels": {"a": "b"},
    "effective_labels": {"a": "b", "c": "d"},
    "terraform_labels": {"a": "b"},
    "members": [],
    "policy": [{"ttl": ""}],
    "plain": [],
    "ports": [{"number": 1}],
    "rows": [{"key": "k"}, {"key": "l"}],
    "made": "earlier",
}


def test_documents_have_the_apis_names_and_only_what_was_said() -> None:
    assert expand(THING.fields, PLANNED, {"size_bytes": 5}) == {
        "name": "a",
        "spec": {"sizeBytes": 5},
        "labels": {"a": "b", "c": "d"},
        "policy": {},
        "ports": [{"number": 1}],
        "rows": [{"key": "k"}, {"key": "l"}],
    }


def test_a_zero_that_was_written_is_sent() -> None:
    assert expand(THING.fields, PLANNED, {"on": False})["on"] is False


def test_states_have_zeros_for_what_the_api_leaves_out() -> None:
    state = flatten(THING, {"name": "projects/p/locations/l/things/a", "spec": {"sizeBytes": "5"}}, PLANNED)

    assert (state["name"], state["size_bytes"], state["on"], state["text"], state["made"]) == ("a", 5, False, "", "")
    assert state["policy"] == [{"ttl": ""}], "an empty block that the API does not tell stays"
    assert state["rows"] == []


def test_what_is_read_has_no_null_collection_but_those_that_the_server_does_not_tell() -> None:
    state = flatten(THING, {"policy": {"ttl": "5s"}}, PLANNED | {"labels": None, "members": None})

    assert (state["labels"], state["members"], state["secrets"]) == ({}, [], None)
    assert state["policy"] == [{"ttl": "5s", "key": "", "tags": {}}], "a block is written whole"


def test_what_is_applied_has_collections_null_or_empty_as_they_were_planned() -> None:
    planned = PLANNED | {"labels": None, "members": [], "policy": [{"ttl": "5s", "key": None, "tags": None}]}
    state = as_applied(THING.fields, planned, flatten(THING, {"policy": {"ttl": "5s"}}, planned))

    assert (state["labels"], state["members"], state["policy"][0]["tags"]) == (None, [], None)
    unknown = planned | {"policy": UNKNOWN}
    state = as_applied(THING.fields, unknown, flatten(THING, {"policy": {"ttl": "5s"}}, unknown))
    assert state["policy"][0]["tags"] == {}, "the server made the block"


@pytest.mark.parametrize(("told", "number"), [({}, 7), ({"rowsNumber": "0"}, 7), ({"rowsNumber": "8"}, 8)])
def test_what_stays_is_as_it_was_where_nothing_or_zero_is_told(told: dict[str, Any], number: int) -> None:
    state = flatten(THING, told, PLANNED | {"rows_number": 7, "columns": ["a"]})

    assert (state["rows_number"], state["columns"]) == (number, ["a"])
    assert flatten(THING, {}, PLANNED | {"rows_number": UNKNOWN})["rows_number"] is None


def test_labels_of_others_are_effective_only() -> None:
    state = flatten(THING, {"labels": {"a": "b", "theirs": "1"}}, PLANNED)

    assert state["labels"] == state["terraform_labels"] == {"a": "b"}
    assert state["effective_labels"] == {"a": "b", "theirs": "1"}


@pytest.mark.parametrize(
    "given",
    ["projects/p/locations/l/things/a", "p/l/a", "l/a"],
)
def test_every_form_of_an_import_id_leads_to_the_same_resource(given: str) -> None:
    found = identify(THING, given, Settings(project="p", region="l"))

    assert found == {"project": "p", "location": "l", "name": "a", "id": "projects/p/locations/l/things/a"}


def test_an_import_id_without_its_location_is_refused() -> None:
    with pytest.raises(ProviderError, match='Import id "a" doesn\'t match any of the accepted formats'):
        identify(THING, "a", Settings(project="p", region="l"))


def test_an_import_id_that_needs_a_default_says_which() -> None:
    with pytest.raises(ProviderError, match="project: required field is not set"):
        identify(THING, "l/a", Settings())


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"choice_a": "x"}, ""),
        ({}, "one of `choice_a,choice_b` must be specified"),
        ({"choice_a": "x", "choice_b": "y"}, "only one of `choice_a,choice_b` can be specified"),
        ({"choice_a": "x", "kind": "C"}, 'expected kind to be one of ["A" "B"], got C'),
        ({"choice_a": "x", "kind": "b"}, 'expected kind to be one of ["A" "B"], got b'),
        ({"choice_a": "x", "kind": ""}, 'expected kind to be one of ["A" "B"], got '),
        ({"choice_a": "x", "kinds": ["A", "C"]}, 'expected kinds.1 to be one of ["A" "B" ""], got C'),
        ({"choice_a": "x", "kinds": ["A", UNKNOWN, "C"]}, ""),
        ({"choice_a": "x", "kinds": ["A", "b", ""]}, ""),
        ({"choice_a": "x", "share": 100, "count": 1, "few": -3}, ""),
        ({"choice_a": "x", "share": 100.5}, "expected share to be in the range (0 - 100), got 100.5"),
        ({"choice_a": "x", "part": 1.5}, "expected part to be in the range (0.000000 - 1.000000), got 1.500000"),
        ({"choice_a": "x", "count": 0}, "expected count to be at least (1), got 0"),
        ({"choice_a": "x", "few": "4"}, "expected few to be at most (3), got 4"),
        ({"choice_a": "x", "count": UNKNOWN}, ""),
        ({"choice_a": "x", "code": "9"}, '"code" ("9") doesn\'t match regexp "^[a-z]+$"'),
        ({"choice_a": "x", "code": "a\n"}, '"code" ("a\n") doesn\'t match regexp'),
        ({"choice_a": "x", "body": "{"}, '"body" contains an invalid JSON: unexpected end of JSON input'),
        ({"choice_a": "x", "body": "[]"}, "expected length of body to be in the range (3 - 9), got []"),
        ({"choice_a": "x", "ranges": ["10.0.0.0/8", "10"]}, '"ranges.1" is not a valid IP CIDR range'),
        (
            {"choice_a": "x", "policy": [{"ttl": "1s"}], "rows": [{"key": "k", "deep": "x"}]},
            '"rows.0.deep": conflicts with policy.0.ttl',
        ),
        ({"choice_a": "x", "pair": ["a", "b", "c"]}, "Attribute pair supports 2 item maximum, but config has 3"),
        ({"choice_a": "x", "other": "o", "text": "t", "kind": "A"}, '"other": conflicts with text'),
        ({"choice_a": "x", "other": "o"}, '"other": all of `kind,other` must be specified'),
    ],
)
def test_rules_between_arguments(config: dict[str, Any], message: str) -> None:
    said = [f"{problem.summary} {problem.detail}" for problem in problems(THING.fields, config)]

    assert (message in said[0]) if message else (said == [])


@pytest.mark.parametrize(
    ("rule", "old", "new", "same"),
    [
        ("duration", "3600s", "1h", True),
        ("duration", "3600s", "3601s", False),
        ("duration", "", "0s", False),
        ("short_name", "projects/p/topics/t", "t", True),
        ("short_name", "projects/p/topics/t", "projects/q/topics/t", False),
        ("short_name", "b/bucket", "bucket", True),
        ("case", "us", "US", True),
        ("member", "user:ann@example.com", "user:Ann@example.com", True),
        ("member", "principalSet://iam/A", "principalSet://iam/a", False),
        ("or_empty:180s", None, "180s", True),
        ("or_empty:180s", "320s", "180s", False),
        ("off_block", [], [{"enabled": False}], True),
        ("off_block", [], [{"enabled": True}], False),
        ("limits", {"cpu": "1000m", "memory": "512Mi"}, {"cpu": "1"}, True),
        ("limits", {"cpu": "1000m"}, {"cpu": "2"}, False),
        ("unordered", [{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}], True),
        ("missing_key:k", None, {"k": "v"}, True),
        ("missing_key:k", None, {"k": "v", "l": "w"}, False),
        ("bigquery_connection", "p.us.c", "projects/p/locations/us/connections/c", True),
        ("kms_version", "k/cryptoKeyVersions/1", "k", True),
        ("filled_by_server", [{"a": "x", "scope": "s"}], [{"a": "x", "scope": None}], True),
        ("last_slash", "https://a", "https://a/", True),
    ],
)
def test_spellings_of_one_value(rule: str, old: Any, new: Any, same: bool) -> None:
    assert suppressed(rule, old, new) is same


def test_table_schemas_that_mean_the_same() -> None:
    ours = '[{"name":"A","type":"INTEGER"},{"name":"b","type":"RECORD","fields":[{"name":"c","type":"BOOL"}]}]'
    theirs = (
        '[{"name":"b","type":"STRUCT","mode":"NULLABLE","fields":[{"name":"c","type":"BOOLEAN"}]},'
        '{"name":"a","type":"INT64","description":""}]'
    )
    assert same_schema(ours, theirs)


@pytest.mark.parametrize(
    ("new", "replaced"),
    [
        ([{"name": "a", "type": "STRING"}, {"name": "n", "type": "DATE"}], False),
        ([{"name": "a", "type": "STRING", "mode": "NULLABLE"}], False),
        ([{"name": "a", "type": "INTEGER", "mode": "REQUIRED"}], True),
        ([{"name": "a", "type": "STRING", "mode": "REPEATED"}], True),
        ([{"name": "z", "type": "STRING"}], True),
    ],
)
def test_schema_changes_a_table_does_not_survive(new: list[dict[str, Any]], replaced: bool) -> None:
    assert replaces([{"name": "a", "type": "STRING", "mode": "REQUIRED"}], new) is replaced


@pytest.mark.parametrize(
    "module",
    [
        name
        for _, name, _ in pkgutil.walk_packages(sandbox.provider.__path__, "sandbox.provider.")
        if "__main__" not in name
    ],
)
def test_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
