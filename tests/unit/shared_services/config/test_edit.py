"""A value of a configuration file is set in its text: comments and order stay, what would be wrong isn't written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_services import ConfigManager, InputError, InvalidConfiguration
from shared_services.config.edit import edited, propose, validate

ROOT = Path(__file__).resolve().parents[4]
TEXT = """\
# Kept.
mode: paper # until live
entry: # inside the session
  opens: "09:20"
  closes: "15:10"

segments: [EQ]
limits: {orders: 9, symbols: {TCS: 1}}
list:
  - {name: a}
  - name: b # second
"""


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (["mode"], "live", "mode: paper #", "mode: live #"),
        (["entry", "opens"], "09:30", '"09:20"', "09:30"),
        (["segments"], ["EQ", "FO"], "[EQ]", "[EQ, FO]"),
        (["limits", "orders"], 5, "orders: 9", "orders: 5"),
        (["limits", "symbols", "INFY"], 2, "{TCS: 1}", "{TCS: 1, INFY: 2}"),
        (["limits", "more", "deep"], True, "{TCS: 1}}", "{TCS: 1}, more: {deep: true}}"),
        (["list", "1", "name"], "c", "name: b #", "name: c #"),
        (["entry", "square_off"], "15:15", '"15:10"\n', "\"15:10\"\n  square_off: '15:15'\n"),
        (["new", "one"], None, "# second\n", "# second\nnew:\n  one: null\n"),
    ],
)
def test_only_what_was_asked_for_changes(path: list[str], value: Any, old: str, new: str) -> None:
    assert edited(TEXT, path, value) == TEXT.replace(old, new, 1)


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(
        [["mode"], ["entry", "opens"], ["entry", "new"], ["limits", "symbols", "X"], ["a", "b"], ["list"]]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y: z", "#"]), inner),
        max_leaves=4,
    ),
)
def test_the_value_is_read_as_it_was_set_and_the_rest_as_before(path: list[str], value: Any) -> None:
    found = yaml.safe_load(edited(TEXT, path, value))
    expected = yaml.safe_load(TEXT)
    at = expected
    for part in path[:-1]:
        at = at.setdefault(part, {})
    at[path[-1]] = value
    assert found == expected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path / "config"


def test_a_value_is_set_for_all_environments_or_for_one(folder: Path) -> None:
    edit = propose("trading", "entry.opens", "09:30", folder=folder)
    assert edit.changed == ("entry.opens",)
    assert ConfigManager(folder).get_config("trading").entry.opens == "09:20"  # nothing is written yet
    edit.write()
    propose("trading", "capital", 5, folder=folder, environment="dev").write()
    for environment, capital in (
        ("dev", 5),
        ("prod", ConfigManager(folder, environment="prod").get_config("trading").capital),
    ):
        config = ConfigManager(folder, environment=environment).get_config("trading")
        assert (config.entry.opens, config.capital) == ("09:30", capital)
    assert propose("trading", "entry.opens", "09:30", folder=folder).changed == ()


@pytest.mark.parametrize(
    ("path", "value"), [("mode", "wild"), ("capital", "much"), ("no_such", 1), ("entry.opens", None)]
)
def test_what_would_be_wrong_is_refused_with_its_place(folder: Path, path: str, value: Any) -> None:
    if value is None:
        value = {"a": 1}
    with pytest.raises(InvalidConfiguration, match=r"config/trading.yaml:\d+:\d+"):
        propose("trading", path, value, folder=folder)
    with pytest.raises(InputError):
        propose("trading", "mode.deeper", 1, folder=folder)
    with pytest.raises(InputError, match="not a path"):
        propose("trading", "a..b", 1, folder=folder)


def test_every_configuration_is_valid_in_every_environment() -> None:
    assert validate(ROOT / "config", ("local", "dev", "staging", "prod")) == {}
