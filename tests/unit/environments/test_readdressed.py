"""What a plan destroys at one address and makes at another is told with the block that keeps it."""

from __future__ import annotations

from typing import Any

from envctl.readdressed import advised, readdressed

TOPIC = {"project": "p", "name": "ticks", "labels": {"a": "b"}, "kms_key_name": None}


def plan(*changes: tuple[str, str, dict[str, Any]], type: str = "google_pubsub_topic") -> dict[str, Any]:
    """Changes as (address, "delete", values before) and (address, "create", values after)."""
    return {
        "resource_changes": [
            {
                "address": address,
                "type": type,
                "change": {
                    "actions": [action],
                    "before": values if action == "delete" else None,
                    "after": values if action == "create" else None,
                },
            }
            for address, action, values in changes
        ]
    }


def found(planned: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.old, each.new) for each in readdressed(planned)]


def test_what_is_the_same_in_all_that_is_written_has_another_address() -> None:
    old = {**TOPIC, "id": "projects/p/topics/ticks", "message_retention_duration": ""}
    assert found(plan(("a", "delete", old), ("b", "create", TOPIC))) == [("a", "b")]


def test_what_differs_is_another() -> None:
    assert found(plan(("a", "delete", {**TOPIC, "name": "orders"}), ("b", "create", TOPIC))) == []
    assert found(plan(("a", "delete", {"project": "p"}), ("b", "create", {"project": "p"}))) == []
    other = plan(("a", "delete", TOPIC)), plan(("b", "create", TOPIC), type="google_pubsub_lite_topic")
    assert found({"resource_changes": [each for one in other for each in one["resource_changes"]]}) == []


def test_what_could_be_either_of_two_is_none() -> None:
    assert found(plan(("a", "delete", TOPIC), ("b", "create", TOPIC), ("c", "create", TOPIC))) == []
    assert found(plan(("a", "delete", TOPIC), ("b", "delete", TOPIC), ("c", "create", TOPIC))) == []


def test_a_table_is_known_by_its_name() -> None:
    table = {"project": "p", "dataset_id": "d", "table_id": "t"}
    old, new = {**table, "description": "old"}, {**table, "description": "new"}
    planned = plan(("a", "delete", old), ("b", "create", new), type="google_bigquery_table")
    assert found(planned) == [("a", "b")]


def test_the_warning_says_what_to_write() -> None:
    changes = [(f"a[{n}]", "delete", {**TOPIC, "name": f"t{n}"}) for n in range(12)]
    changes += [(f"b[{n}]", "create", {**TOPIC, "name": f"t{n}"}) for n in range(12)]
    (warning,) = advised(plan(*changes))
    assert warning.summary.startswith("12 resources are destroyed and made again for another address alone.")
    assert "infra/moved.tf" in warning.summary
    assert "moved {\n  from = a[0]\n  to   = b[0]\n}" in warning.summary
    assert "… and 2 more" in warning.summary
    assert advised(plan(*changes[:12])) == advised({}) == []
