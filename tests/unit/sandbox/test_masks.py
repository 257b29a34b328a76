"""Field masks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.control import masks

FIELDS = st.sampled_from(["alpha", "beta", "gamma"])
DOCUMENTS = st.recursive(
    st.dictionaries(FIELDS, st.integers(), max_size=3),
    lambda inner: st.dictionaries(FIELDS, inner | st.integers(), max_size=3),
    max_leaves=6,
)
PATHS = st.lists(FIELDS, min_size=1, max_size=3).map(".".join)


@given(DOCUMENTS, DOCUMENTS, st.lists(PATHS, max_size=3))
def test_masked_paths_come_from_the_new_document(old: dict, new: dict, paths: list[str]) -> None:
    result = masks.apply(old, new, paths)
    last = paths[-1:]
    for path in last:
        assert masks.read(result, path) == masks.read(new, path)


@given(DOCUMENTS, DOCUMENTS, PATHS)
def test_other_paths_stay(old: dict, new: dict, path: str) -> None:
    result = masks.apply(old, new, [path])
    for key in set(old) | set(result):
        if key != path.partition(".")[0]:
            assert result.get(key) == old.get(key)


@given(DOCUMENTS, DOCUMENTS, PATHS)
def test_applying_twice_changes_nothing_more_and_the_input_is_kept(old: dict, new: dict, path: str) -> None:
    before = repr(old)
    once = masks.apply(old, new, [path])
    assert masks.apply(once, new, [path]) == once
    assert repr(old) == before


@given(DOCUMENTS, DOCUMENTS)
def test_star_takes_everything(old: dict, new: dict) -> None:
    assert masks.apply(old, new, ["*"]) == new


def test_masks_are_read_in_every_spelling() -> None:
    expected = ["pushConfig.oidcToken", "labels.my_key"]
    assert masks.paths("push_config.oidc_token,labels.my_key") == expected
    assert masks.paths(["pushConfig.oidcToken", "labels.my_key"]) == expected
    assert masks.paths({"paths": ["pushConfig.oidcToken", "labels.my_key"]}) == expected
