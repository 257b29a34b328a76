"""Nothing sensitive of a plan is ever shown."""

import json
from typing import Any

from envctl.redaction import SENSITIVE, UNKNOWN, redacted, resource_diffs
from hypothesis import given
from hypothesis import strategies as st

CANARY = "canary-7f3a"


def plan(before: Any, after: Any, **change: Any) -> dict[str, Any]:
    actions = change.pop("actions", ["update"])
    body = {"actions": actions, "before": before, "after": after, **change}
    return {"resource_changes": [{"address": "a.b", "type": "a", "change": body}]}


def test_a_changed_secret_is_named_but_not_shown() -> None:
    changes = plan(
        {"secret_data": "old-" + CANARY, "enabled": True},
        {"secret_data": "new-" + CANARY, "enabled": True},
        before_sensitive={"secret_data": True},
        after_sensitive={"secret_data": True},
    )
    (diff,) = resource_diffs(changes)
    (attribute,) = diff.attributes
    assert (attribute.path, attribute.before, attribute.after) == ("secret_data", SENSITIVE, SENSITIVE)
    assert CANARY not in repr(diff)


def test_unknown_values_say_so() -> None:
    (diff,) = resource_diffs(plan({"id": "x"}, {}, after_unknown={"id": True}))
    assert diff.attributes[0].after == UNKNOWN


def test_replacing_attributes_are_marked() -> None:
    changes = plan({"name": "a"}, {"name": "b"}, actions=["delete", "create"], replace_paths=[["name"]])
    assert resource_diffs(changes)[0].attributes[0].replaces


def test_resources_that_stay_are_left_out() -> None:
    assert resource_diffs(plan({}, {}, actions=["no-op"])) == []


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(CANARY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


def mark_all(value: Any) -> Any:
    """Marks that cover every canary of a value, at the depth terraform would put them."""
    if isinstance(value, dict):
        return {key: mark_all(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mark_all(item) for item in value]
    return value == CANARY


@given(documents)
def test_a_canary_marked_anywhere_never_appears(value: Any) -> None:
    assert CANARY not in json.dumps(redacted(value, mark_all(value)))
    assert CANARY not in json.dumps(redacted(value, True))
