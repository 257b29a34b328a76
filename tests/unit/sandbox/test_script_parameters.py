"""Parameters of scripts as constants in their text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.runtime.bigquery.script_parameters import bound


def _parameter(kind: Any, value: Any, name: str = "p") -> dict[str, Any]:
    return {"name": name, "parameterType": kind, "parameterValue": value}


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ({"type": "STRING"}, {"value": "Bank Nifty's\n"}, "'Bank Nifty\\'s\\n'"),
        ({"type": "INT64"}, {"value": "-7"}, "CAST(-7 AS INT64)"),
        ({"type": "FLOAT64"}, {"value": "NaN"}, "CAST('NaN' AS FLOAT64)"),
        ({"type": "BOOL"}, {"value": "true"}, "CAST('true' AS BOOL)"),
        ({"type": "BYTES"}, {"value": "AAE="}, "FROM_BASE64('AAE=')"),
        ({"type": "DATE"}, {}, "CAST(NULL AS DATE)"),
        ({"type": "ARRAY", "arrayType": {"type": "STRING"}}, {}, "ARRAY<STRING>[]"),
        (
            {"type": "STRUCT", "structTypes": [{"name": "lots", "type": {"type": "INT64"}}]},
            {"structValues": {"lots": {"value": "1"}}},
            "STRUCT<`lots` INT64>(CAST(1 AS INT64))",
        ),
    ],
)
def test_values_are_written_as_constants(kind: Any, value: Any, written: str) -> None:
    assert bound("SELECT @P;", [_parameter(kind, value)]) == f"SELECT {written};"


def test_positional_ones_go_by_their_order() -> None:
    found = [{**_parameter({"type": "INT64"}, {"value": str(n)}), "name": None} for n in (1, 2)]
    assert bound("SELECT ?, '?', ?", found) == "SELECT CAST(1 AS INT64), '?', CAST(2 AS INT64)"


@given(st.text(st.sampled_from("@p?ab \\\n")), st.sampled_from(["'{}'", '"{}"', "'''{}'''", "`{}`", "/*{}*/", "-- {}"]))
def test_texts_names_and_comments_stay(inner: str, around: str) -> None:
    if around in ("-- {}", "`{}`"):
        inner = inner.replace("\n", "")
    text = around.format(inner.replace("\\", "\\\\"))
    assert bound(f"{text}\nSELECT @p", [_parameter({"type": "STRING"}, {"value": "x"})]) == f"{text}\nSELECT 'x'"
