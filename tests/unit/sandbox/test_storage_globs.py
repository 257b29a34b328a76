"""Globs of lists of objects."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.storage.globs import compile_glob
from sandbox.control.errors import ApiError


@pytest.mark.parametrize(
    ("glob", "name", "found"),
    [
        ("**", "a/b", True),
        ("*", "a/b", False),
        ("a/*/c", "a/b/c", True),
        ("a/**/c", "a/b/x/c", True),
        ("?.csv", "a.csv", True),
        ("?.csv", "/.csv", False),
        ("[a-c].csv", "b.csv", True),
        ("[!a-c].csv", "b.csv", False),
        ("x.{csv,json}", "x.json", True),
        ("x,y", "x,y", True),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
        ("a.b", "axb", False),
    ],
)
def test_a_name_is_found_or_not(glob: str, name: str, found: bool) -> None:
    assert bool(compile_glob(glob).fullmatch(name)) is found


@given(st.text(alphabet=r"ab*?[]{},!^-\\/|.", max_size=12))
def test_any_text_is_a_glob_or_refused(glob: str) -> None:
    try:
        assert isinstance(compile_glob(glob), re.Pattern)
    except ApiError as error:
        assert error.code == 400
