"""The filter language of Pub/Sub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.pubsub import filters
from sandbox.control.errors import ApiError

KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from(["", "x", "xy", 'q"'])
ATTRIBUTES = st.dictionaries(KEYS, VALUES)


def _quote(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


LEAVES = st.one_of(
    st.tuples(st.just("has"), KEYS),
    st.tuples(st.just("eq"), KEYS, VALUES),
    st.tuples(st.just("ne"), KEYS, VALUES),
    st.tuples(st.just("prefix"), KEYS, VALUES),
)
TREES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=4,
)


def _text(tree: Any) -> str:
    kind = tree[0]
    if kind == "has":
        return f"attributes:{tree[1]}"
    if kind in ("eq", "ne"):
        return f"attributes.{tree[1]} {'=' if kind == 'eq' else '!='} {_quote(tree[2])}"
    if kind == "prefix":
        return f"hasPrefix(attributes.{tree[1]}, {_quote(tree[2])})"
    if kind == "not":
        return f"NOT ({_text(tree[1])})"
    return "(" + f" {kind} ".join(_text(each) for each in tree[1]) + ")"


def _meaning(tree: Any, attributes: Mapping[str, str]) -> bool:
    kind = tree[0]
    if kind == "has":
        return tree[1] in attributes
    if kind == "eq":
        return attributes.get(tree[1]) == tree[2]
    if kind == "ne":
        return attributes.get(tree[1]) != tree[2]
    if kind == "prefix":
        return tree[1] in attributes and attributes[tree[1]].startswith(tree[2])
    if kind == "not":
        return not _meaning(tree[1], attributes)
    return (all if kind == "AND" else any)(_meaning(each, attributes) for each in tree[1])


@given(TREES, ATTRIBUTES)
def test_filters_mean_what_they_say(tree: Any, attributes: dict[str, str]) -> None:
    text = _text(tree)
    if len(text.encode()) <= 256:
        assert filters.parse(text)(attributes) == _meaning(tree, attributes)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_a_clear_refusal(text: str) -> None:
    try:
        filters.parse(text)({})
    except ApiError as error:
        assert (error.code, "Invalid filter" in error.message) == (400, True)


@given(st.text(alphabet='attributes:.=!()"-NOTAD hasPrefix,xR', max_size=60))
def test_near_filters_never_break_the_parser(text: str) -> None:
    try:
        filters.parse(text)({"x": "x"})
    except ApiError as error:
        assert error.code == 400


@pytest.mark.parametrize(
    "text",
    [
        'attributes.a = "x" AND attributes.b = "y" OR attributes:c',
        "attributes.a = x",
        "attributes.a",
        'hasPrefix(attributes.a "x")',
        "(attributes:a",
        "NOT",
        "(" * 120 + "attributes:a" + ")" * 120,
        f'attributes.a = "{"x" * 300}"',
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(ApiError):
        filters.parse(text)


def test_quoted_keys_and_short_negation() -> None:
    wanted = filters.parse('attributes:"iana.org/language_tag" AND -attributes.b = "x"')
    assert wanted({"iana.org/language_tag": "en"})
    assert not wanted({"iana.org/language_tag": "en", "b": "x"})
