"""The language in which lists are filtered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.control.errors import ApiError
from sandbox.control.filters import compile_filter, sort

DOCUMENT: dict[str, Any] = {
    "name": "projects/p/secrets/kite-key",
    "state": "ENABLED",
    "createTime": "2026-11-26T09:00:00.5Z",
    "labels": {"tier": "gold", "k8s/app": "risk"},
    "replicas": [{"location": "asia-south1"}, {"location": "asia-south2"}],
    "size": 12,
    "done": False,
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True),
        ("name:kite", True),
        ('name="projects/p/secrets/*"', True),
        ('name="*/other-*"', False),
        ("name!=*key", False),
        ("state=ENABLED", True),
        ("state!=ENABLED", False),
        ("labels.tier=(silver OR gold)", True),
        ("labels:tier", False),
        ("labels.tier:*", True),
        ('labels."k8s/app"=risk', True),
        ("replicas.location=asia-south2", True),
        ("create_time>2026-11-26T08:00:00Z", True),
        ('createTime<"2026-11-26T08:00:00Z"', False),
        ("size>9", True),
        ("done=true", False),
        ("NOT done=true AND (state=ENABLED OR state=DISABLED)", True),
        ("-state=ENABLED", False),
        ("kite", True),
        ("missing=x", False),
    ],
)
def test_a_document_is_found_or_not(asked: str, found: bool) -> None:
    assert compile_filter(asked)(DOCUMENT) is found


@pytest.mark.parametrize("asked", ["state=", "(state=A", "AND", "state=~x", "a b)", 'name="x'])
def test_what_is_no_filter_is_refused(asked: str) -> None:
    with pytest.raises(ApiError) as caught:
        compile_filter(asked)
    assert caught.value.code == 400


@given(st.text(alphabet='ab ="()ANDORT:<>!*.~-', max_size=30))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        assert compile_filter(text)(DOCUMENT) in (True, False)
    except ApiError as error:
        assert error.code in (400, 501)


def test_order_by_several_fields() -> None:
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}, {"a": 1, "b": "w"}, {"b": "z"}]
    assert sort(rows, "a desc, b", lambda row: row) == [rows[1], rows[2], rows[0], rows[3]]
