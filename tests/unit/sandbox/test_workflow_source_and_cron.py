"""What Workflows and Cloud Scheduler check of their texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis import cron
from sandbox.apis.workflows.api import check_source
from sandbox.control.errors import ApiError


@pytest.mark.parametrize(
    "schedule", ["* * * * *", "*/15 9-15 * * 1-5", "0 0 1 jan,jul sun", "30 15 * * MON-FRI", "0 0 * * 7"]
)
def test_valid_schedules(schedule: str) -> None:
    assert cron.is_cron(schedule)


@pytest.mark.parametrize(
    "schedule", ["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "* * * * * *"]
)
def test_invalid_schedules(schedule: str) -> None:
    assert not cron.is_cron(schedule)


@given(st.text(max_size=40))
def test_any_text_is_a_schedule_or_not(text: str) -> None:
    assert cron.is_cron(text) in (True, False)


@given(st.text(max_size=200))
def test_any_source_is_accepted_or_refused_clearly(text: str) -> None:
    try:
        check_source(text)
    except ApiError as error:
        assert error.code == 400


def test_duplicate_keys_in_a_source_are_refused() -> None:
    with pytest.raises(ApiError, match="duplicate"):
        check_source("main:\n  steps:\n    - a:\n        return: 1\nmain:\n  steps: []\n")
