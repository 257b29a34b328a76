"""Steps of pipe syntax, and percentiles of lists with nulls, through Google's client."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core.exceptions import BadRequest

START = "FROM UNNEST([STRUCT(1 AS a, 2 AS b, 'x' AS c)])"


def rows(client: Any, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in client.query_and_wait(sql)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("|> SET a = a + b, b = GREATEST(a, 9)", {"a": 3, "b": 9, "c": "x"}),
        ("|> DROP a, c", {"b": 2}),
        ("|> RENAME a AS z, b y", {"z": 1, "y": 2, "c": "x"}),
        ("|> EXTEND a + b AS s |> SET s = s * 2 |> DROP c |> RENAME s AS t |> WHERE t = 6", {"a": 1, "b": 2, "t": 6}),
        ("|> AS u |> DROP c |> AGGREGATE SUM(a) AS s GROUP BY b |> SET s = s + 1", {"b": 2, "s": 2}),
        ("|> SET c = '|> DROP a'", {"a": 1, "b": 2, "c": "|> DROP a"}),
    ],
)
def test_steps_set_drop_and_rename_columns(client: Any, steps: str, expected: dict[str, Any]) -> None:
    assert rows(client, f"{START} {steps}") == [expected]
    assert rows(client, f"SELECT * FROM ({START} {steps}) AS inside") == [expected]  # noqa: S608


def test_a_column_that_is_not_there_can_not_be_dropped(client: Any) -> None:
    with pytest.raises(BadRequest, match="nope"):
        rows(client, f"{START} |> DROP nope")


def test_percentiles_count_nulls_where_they_are_respected(client: Any) -> None:
    said = ", ".join(f"PERCENTILE_CONT(x, {part} RESPECT NULLS) OVER ()" for part in (0, 0.01, 0.5, 0.9, 1))
    found = rows(client, f"SELECT {said} FROM UNNEST([0, 3, NULL, 1, 2]) AS x LIMIT 1")  # noqa: S608
    assert list(found[0].values()) == [None, 0, 1, 2.6, 3]
    said = ", ".join(f"PERCENTILE_DISC(x, {part} RESPECT NULLS) OVER ()" for part in (0, 0.5, 1))
    found = rows(client, f"SELECT {said} FROM UNNEST(['c', NULL, 'b', 'a']) AS x LIMIT 1")  # noqa: S608
    assert list(found[0].values()) == [None, "a", "c"]
    parted = "SELECT DISTINCT k, PERCENTILE_CONT(x, 0.5 RESPECT NULLS) OVER (PARTITION BY k) AS m"
    found = rows(client, f"{parted} FROM UNNEST([STRUCT(1 AS k, 2 AS x), (1, 4), (2, NULL)]) ORDER BY k")
    assert found == [{"k": 1, "m": 3}, {"k": 2, "m": None}]
