"""Values on the wire."""

from __future__ import annotations

import copy
from typing import Any

import msgpack
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.codec import UNKNOWN, decode, encode, is_known

_LEAVES = (
    st.none()
    | st.booleans()
    | st.text()
    | st.floats(allow_nan=False)
    | st.just(UNKNOWN)
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
)
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


@given(_VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert decode(encode(value)) == value


@given(_VALUES, st.booleans())
def test_a_value_is_known_when_nothing_within_is_unknown(value: Any, hide: bool) -> None:
    nested = {"a": [value, {"b": UNKNOWN if hide else "known"}]}

    assert is_known(nested) == (is_known(value) and not hide)


def test_unknown_values_with_refinements_are_unknown() -> None:
    assert decode(msgpack.packb(msgpack.ExtType(12, b"\x81\x01\xc2"))) is UNKNOWN


def test_unknown_stays_the_one_object() -> None:
    assert copy.deepcopy({"a": [UNKNOWN]})["a"][0] is UNKNOWN
