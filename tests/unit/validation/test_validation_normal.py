"""Equal things compare equal however they are written, and different ones don't."""

from __future__ import annotations

import json
from typing import Any

from envctl.validation import normal
from envctl.validation.grants import normal_member
from hypothesis import given
from hypothesis import strategies as st

LABELS = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True), st.text("abc-_09", max_size=5))
OURS = LABELS.map(lambda labels: {key: value for key, value in labels.items() if not key.startswith("goog-")})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.integers(0, 10**9), st.integers(0, 9))
def test_a_duration_is_the_same_with_trailing_zeros(seconds: int, zeros: int) -> None:
    fraction = f".{'0' * zeros}" if zeros else ""
    assert normal.duration(f"{seconds}s") == normal.duration(f"{seconds}{fraction}s")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_durations_are_equal_only_if_their_seconds_are(one: int, other: int) -> None:
    assert (normal.duration(f"{one}s") == normal.duration(f"{other}s")) == (one == other)


@given(st.text(max_size=20))
def test_anything_at_all_is_a_duration_or_none(text: str) -> None:
    normal.duration(text)


@given(OURS, LABELS)
def test_labels_are_equal_whatever_google_adds(ours: dict[str, str], added: dict[str, str]) -> None:
    google = {f"goog-{key}": value for key, value in added.items()}
    assert normal.labels({**ours, **google}) == normal.labels(ours) == ours


@given(OURS, st.from_regex(r"x[a-z]{1,5}", fullmatch=True))
def test_a_label_that_somebody_added_is_seen(ours: dict[str, str], extra: str) -> None:
    assert (normal.labels({**ours, extra: "1"}) == normal.labels(ours)) == (ours.get(extra) == "1")


@given(JSON)
def test_json_is_the_same_however_it_is_laid_out(value: Any) -> None:
    assert normal.document(json.dumps(value)) == normal.document(json.dumps(value, indent=3, sort_keys=True))


@given(st.integers(1, 64))
def test_memory_and_vcpus_are_the_same_in_any_unit(size: int) -> None:
    assert normal.memory(f"{size}Gi") == normal.memory(f"{size * 1024}Mi")
    assert normal.cpus(f"{size * 1000}m") == normal.cpus(str(size))


@given(st.lists(st.sampled_from("abc"), max_size=5))
def test_an_unordered_list_is_the_same_in_any_order(items: list[str]) -> None:
    assert normal.unordered(items) == normal.unordered(items[::-1])


@given(st.emails())
def test_a_member_s_address_is_the_same_in_any_case(address: str) -> None:
    assert normal_member(f"user:{address.upper()}") == normal_member(f"user:{address.lower()}")


def test_a_principal_keeps_its_case() -> None:
    principal = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/P/subject/S"
    assert normal_member(principal) == principal


def test_what_an_api_leaves_out_is_its_default() -> None:
    assert (normal.flag(None), normal.number(None), normal.text(None)) == (False, 0, "")
    assert (normal.listed(None), normal.mapping(None), normal.duration(None)) == ([], {}, None)


def test_dig_finds_nothing_rather_than_failing() -> None:
    document = {"a": [{"b": 1}]}
    assert normal.dig(document, "a.0.b") == 1
    for path in ("a.1.b", "a.x", "c", "a.0.b.c"):
        assert normal.dig(document, path) is None
