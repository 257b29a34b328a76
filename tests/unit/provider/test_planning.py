"""What is planned, by the rules of the SDK that the real provider is written with."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.lifecycle import fit
from sandbox.provider.planning import plan
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType, parse

(THING,) = parse("""
resource google_thing
  service thing/v1
  id things/{name}
  fields
    name string required forces_new
    size string default="small"
    count number
    on bool
    zone_hint string optional computed
    ttl string suppress=duration
    link string forces_new suppress=short_name
    box list[1] optional computed
      width number
      depth number optional computed
      notes map(string) optional computed
    parts set
      part string required
      note string
      weight number
      serial string optional computed
    rows list
      key string required forces_new
      rank string optional computed
    made string computed
""")
(RULES,) = parse("""
resource google_rules
  service thing/v1
  id rules/{name}
  fields
    name string required forces_new
    protocol string optional computed suppress=case
    zone string optional computed
    account string
    rule set
      port number required
      ranges set(string)
""")
(LABELLED,) = parse("""
resource google_labelled
  service thing/v1
  id things/{name}
  fields
    name string required forces_new
    project string optional computed forces_new from_provider
    labels map(string)
    annotations map(string)
    deletion_policy string optional computed local from_provider
    effective_labels map(string) computed local
    terraform_labels map(string) computed local
    effective_annotations map(string) computed local
""")
SETTINGS = Settings(project="atm-dev", region="asia-south1")


def created(config: dict[str, Any], kind: ResourceType = THING, settings: Settings = SETTINGS) -> dict[str, Any]:
    whole = fit(kind, config)
    return plan(kind, None, whole, whole, settings)[0]


def updated(
    prior: dict[str, Any], config: dict[str, Any], kind: ResourceType = THING, settings: Settings = SETTINGS
) -> tuple[dict[str, Any], list[Any]]:
    """The plan over a prior state; core proposes the prior value of what is computed and left out."""
    before, whole = fit(kind, {"id": "x", **prior}), fit(kind, config)
    proposed = {
        name: before[name] if value is None and (name == "id" or kind.fields[name].computed) else value
        for name, value in whole.items()
    }
    return plan(kind, before, proposed, whole, settings)


def test_a_creation_defaults_and_leaves_to_the_server() -> None:
    planned = created({"name": "a"})

    assert planned["size"] == "small"
    assert planned["count"] is None
    assert planned["id"] is planned["made"] is planned["zone_hint"] is planned["box"] is UNKNOWN
    assert planned["parts"] == planned["rows"] == []


def test_a_nested_block_is_filled_in_like_its_resource() -> None:
    planned = created({"name": "a", "box": [{"width": 1, "depth": None}]})

    assert planned["box"] == [{"width": 1, "depth": UNKNOWN, "notes": UNKNOWN}]


def test_an_empty_map_that_the_server_may_set_is_as_good_as_none() -> None:
    box = {"width": 1, "depth": 2, "notes": {}}

    assert created({"name": "a", "box": [box]})["box"][0]["notes"] is UNKNOWN
    for standing in ({}, None):
        planned, replace = updated({**STATE, "box": [{**box, "notes": standing}]}, {**STATE, "box": [box]})
        assert (planned["box"][0]["notes"], replace) == (standing, [])
    planned, _ = updated({**STATE, "box": [{**box, "notes": {"a": "b"}}]}, {**STATE, "box": [box]})
    assert planned["box"][0]["notes"] == {}


def test_a_member_of_a_new_set_has_empty_strings_and_null_numbers() -> None:
    part = {"part": "wheel", "note": None, "weight": None, "serial": None}

    assert created({"name": "a", "parts": [part]})["parts"] == [
        {"part": "wheel", "note": "", "weight": None, "serial": UNKNOWN}
    ]


def test_an_empty_name_that_the_server_may_set_is_planned_empty_and_is_no_change_later() -> None:
    planned = created({"name": "a", "protocol": "", "zone": ""}, RULES)

    assert (planned["protocol"], planned["zone"]) == ("", UNKNOWN)
    prior = {"name": "a", "protocol": None, "zone": None, "account": None, "rule": []}
    planned, _ = updated(prior, {**prior, "protocol": "", "zone": "", "account": ""}, RULES)
    assert (planned["protocol"], planned["zone"], planned["account"]) == (None, None, None)
    planned, _ = updated(prior, {**prior, "protocol": "TCP", "zone": "", "account": ""}, RULES)
    assert (planned["protocol"], planned["zone"], planned["account"]) == ("TCP", "", "")  # beside a change


def test_a_member_of_a_new_set_has_empty_sets() -> None:
    rules = [{"port": 1, "ranges": None}, {"port": 2, "ranges": []}]

    assert [rule["ranges"] for rule in created({"name": "a", "rule": rules}, RULES)["rule"]] == [[], []]


STATE = {
    "name": "a",
    "size": "small",
    "count": 0,
    "on": False,
    "zone_hint": "z",
    "ttl": "3600s",
    "link": "projects/p/things/b",
    "box": [{"width": 1, "depth": 2, "notes": None}],
    "made": "now",
    "parts": [{"part": "wheel", "note": "", "weight": 0, "serial": "1"}],
    "rows": [{"key": "k", "rank": "1"}],
}
CONFIG = {
    "name": "a",
    "ttl": "60m",
    "link": "b",
    "parts": [{"part": "wheel", "note": None, "weight": None, "serial": None}],
    "rows": [{"key": "k", "rank": "1"}],
}


def test_nothing_changes_where_the_configuration_says_what_is() -> None:
    planned, replace = updated(STATE, CONFIG)

    assert planned == fit(THING, {"id": "x", **STATE})
    assert replace == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"size": "large"}, "large"),
        ({"count": 3}, 3),
        ({"on": True}, True),
        ({"ttl": "61m"}, "61m"),
        ({"zone_hint": "y"}, "y"),
        ({"zone_hint": UNKNOWN}, UNKNOWN),
        ({"box": [{"width": 5, "depth": 2, "notes": None}]}, [{"width": 5, "depth": 2, "notes": None}]),
    ],
)
def test_what_is_configured_anew_is_planned(change: dict[str, Any], expected: Any) -> None:
    planned, replace = updated(STATE, CONFIG | change)

    (name,) = change
    assert planned[name] == expected
    assert {k: v for k, v in planned.items() if k != name} == {
        k: v for k, v in fit(THING, {"id": "x", **STATE}).items() if k != name
    }
    assert replace == []


def test_an_argument_taken_out_is_planned_as_gone() -> None:
    planned, _ = updated(STATE | {"count": 7, "on": True}, CONFIG)

    assert planned["count"] is None
    assert planned["on"] is None


def test_a_default_comes_back_when_its_argument_is_taken_out() -> None:
    assert updated(STATE | {"size": "large"}, CONFIG)[0]["size"] == "small"


def test_a_computed_block_taken_out_stays() -> None:
    assert updated(STATE, CONFIG | {"box": []})[0]["box"] == STATE["box"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "b"}, ("name",)),
        ({"name": UNKNOWN}, ("name",)),
        ({"link": "c"}, ("link",)),
        ({"rows": [{"key": "other", "rank": None}]}, ("rows", 0, "key")),
    ],
)
def test_what_cannot_be_changed_replaces(change: dict[str, Any], path: Any) -> None:
    assert path in updated(STATE, CONFIG | change)[1]


def test_a_set_with_one_member_more_keeps_what_the_server_said_of_the_other() -> None:
    more = {"part": "door", "note": None, "weight": 2, "serial": None}
    planned, _ = updated(STATE, CONFIG | {"parts": [*CONFIG["parts"], more]})

    assert planned["parts"][0]["serial"] == "1"
    assert planned["parts"][1] == {"part": "door", "note": "", "weight": 2, "serial": UNKNOWN}


def test_labels_add_those_of_the_provider() -> None:
    settings = Settings(project="atm-dev", default_labels={"team": "quant"})

    planned = created({"name": "a", "labels": {"tier": "one"}}, LABELLED, settings)

    everything = {"team": "quant", "tier": "one", "goog-terraform-provisioned": "true"}
    assert planned["terraform_labels"] == planned["effective_labels"] == everything
    assert planned["labels"] == {"tier": "one"}


def test_labels_not_known_yet_make_the_others_unknown() -> None:
    planned = created({"name": "a", "labels": {"tier": UNKNOWN}}, LABELLED)

    assert planned["terraform_labels"] is planned["effective_labels"] is UNKNOWN


def test_attribution_can_be_switched_off_and_is_not_added_later() -> None:
    off = Settings(project="atm-dev", attribution=False)
    assert created({"name": "a"}, LABELLED, off)["terraform_labels"] == {}

    prior = {"name": "a", "project": "atm-dev", "deletion_policy": "DELETE", "terraform_labels": {}}
    assert updated(prior, {"name": "a"}, LABELLED)[0]["terraform_labels"] == {}
    always = Settings(project="atm-dev", attribution_always=True)
    planned = updated(prior, {"name": "a"}, LABELLED, always)[0]
    assert planned["terraform_labels"] == {"goog-terraform-provisioned": "true"}


def test_project_and_deletion_policy_come_from_the_provider() -> None:
    planned = created({"name": "a"}, LABELLED, Settings(project="atm-dev", deletion_policy="PREVENT"))

    assert (planned["project"], planned["deletion_policy"]) == ("atm-dev", "PREVENT")


def test_without_a_project_the_plan_fails_at_the_argument() -> None:
    with pytest.raises(ProviderError) as error:
        created({"name": "a"}, LABELLED, Settings())

    assert error.value.problems[0].path == ("project",)
