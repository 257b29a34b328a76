"""Whatever stands in a file or a variable: a configuration, or an error with a place; never anything else."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_services import ConfigManager, InvalidConfiguration, SecretManager, parse_notification
from shared_services.config.history import differences
from shared_services.config.layers import merge, parse_layer
from shared_services.yaml.nodes import Mapping, plain

CONFIG = Path(__file__).resolve().parents[4] / "config"
TRADING = (CONFIG / "trading.yaml").read_bytes()


def loaded(data: bytes, environ: dict[str, str] | None = None) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "trading.yaml").write_bytes(data)
        return ConfigManager(folder, environ=environ or {}).get_config("trading")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_file_is_read_or_refused_with_its_place(data: bytes) -> None:
    try:
        loaded(data)
    except InvalidConfiguration as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_slip_of_the_hand_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TRADING) - 1))
    kind = data.draw(st.sampled_from(["drop", "double", "replace"]))
    letter = data.draw(st.sampled_from(b" \t\n:-#'\"{}[]&*!|>%@`0x~\xff"))
    middle = {"drop": b"", "double": TRADING[at : at + 1] * 2, "replace": bytes([letter])}[kind]
    try:
        loaded(TRADING[:at] + middle + TRADING[at + 1 :])
    except InvalidConfiguration as error:
        assert str(error).startswith("the configuration trading has")


names = st.sampled_from(
    ["CAPITAL", "MODE", "ENTRY", "ENTRY__OPENS", "ORDERS__TYPE", "SEGMENTS", "X", "ENTRY__X__Y", "_"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(names.map(lambda name: f"TRADING__{name}"), st.text(max_size=30)))
def test_any_variable_is_read_or_refused_with_its_name(environ: dict[str, str]) -> None:
    try:
        loaded(TRADING, environ)
    except InvalidConfiguration as error:
        places = {problem.file for problem in error.problems}
        assert places & ({f"${name}" for name in environ} | {next(iter(places))})


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_money_is_exact(capital: Decimal) -> None:
    assert loaded(TRADING, {"TRADING__CAPITAL": f'"{capital}"'.strip('"')}).capital == capital


scalars = st.none() | st.booleans() | st.integers(-999, 999) | st.text("abc", max_size=3)
trees = st.dictionaries(
    st.text("abc", min_size=1, max_size=2),
    st.recursive(scalars, lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=2), inner), max_leaves=5),
)


def _tree(value: Any) -> Mapping:
    import json

    node, problems = parse_layer(json.dumps(value).encode(), "x.yaml")
    assert node is not None and not problems
    return node


@given(trees, trees)
def test_the_layer_above_always_wins(below: dict[str, Any], over: dict[str, Any]) -> None:
    merged = plain(merge(_tree(below), _tree(over)))
    for key, value in over.items():
        if value is None:
            assert key not in merged
        elif not isinstance(value, dict) or not isinstance(below.get(key), dict):
            assert merged[key] == value
    for key, value in below.items():
        if key not in over:
            assert merged[key] == value


@given(trees)
def test_merging_leaves_its_inputs_as_they_were(tree: dict[str, Any]) -> None:
    below, over = _tree(tree), _tree({"new": 1})
    merge(below, over)
    assert plain(below) == tree


@given(st.binary(max_size=100), st.dictionaries(st.text(max_size=12) | st.just("objectId"), st.text(max_size=30)))
def test_any_message_is_understood(data: bytes, attributes: dict[str, str]) -> None:
    found = parse_notification(data, attributes)
    assert found is None or isinstance(found.names, tuple)


@pytest.mark.parametrize("name", ["trading", "strategies", "risk"])
def test_a_configuration_has_no_differences_from_itself(name: str) -> None:
    one, two = (ConfigManager(CONFIG, environ={}).get_config(name) for _ in range(2))
    assert differences(one, two) == ()
    assert one == two


def test_a_name_like_any_variables_is_not_read_from_it() -> None:
    asked: list[str] = []

    class Client:
        def access_secret_version(self, request: Any, **_: Any) -> Any:
            asked.append(request["name"])
            raise KeyError

    with pytest.raises(KeyError):
        SecretManager("p", environ={"PATH": "/bin"}, client=Client()).get_secret("path")
    assert asked == ["projects/p/secrets/path/versions/latest"]
