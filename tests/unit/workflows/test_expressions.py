"""What expressions of workflows give."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.workflows import expressions
from sandbox.workflows.errors import SourceError, WorkflowError
from sandbox.workflows.values import equal, replaced, to_json
from tests.unit.workflows.running import evaluate

CASES: list[tuple[str, Any]] = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("7 // 2", 3),
    ("-7 // 2", -4),
    ("7 % 3", 1),
    ("7 / 2", 3.5),
    ("2.5 + 1", 3.5),
    ("-x", -4),
    ("- x + 1", -3),
    ('"a" + "b"', "ab"),
    ('"a" < "b" and 2 >= 2.0', True),
    ("not true or true", True),
    ("not (true or true)", False),
    ("TRUE AND NOT False", True),
    ("1 == 1.0", True),
    ('1 == "1"', False),
    ("null == null", True),
    ("true == 1", False),
    ('"a" in ["a", "b"]', True),
    ('"z" in {"a": 1}', False),
    ('not("HttpError" in tags)', False),
    ("[1, [2, x]]", [1, [2, 4]]),
    ('{"k": x, "l": [x]}', {"k": 4, "l": [4]}),
    ("m.a.b[1]", 20),
    ('m["a"]["b"][x - 4]', 10),
    ("len(m.a.b) + len(m) + len('häß')", 6),
    ("keys(m)", ["a"]),
    ('default(map.get(m, "zz"), "none")', "none"),
    ('map.get(m, ["a", "b", 1])', 20),
    ('map.get(m, ["a", "c", "d"], 5)', 5),
    ('if(x == 4, "yes", 1 / 0)', "yes"),
    ("string(1.50) + string(true) + string(12) + string(2.0)", "1.5true122"),
    ('int("42") + int(2.9) + int(-2.9)', 42),
    ('double("2.5")', 2.5),
    ('text.split("a,b,c", ",")', ["a", "b", "c"]),
    ('text.substring("hello", 1, 3)', "el"),
    ('text.replace_all("aXbX", "X", "-")', "a-b-"),
    ('text.replace_all_regex("a12b3", "[0-9]+", "<\\\\0>")', "a<12>b<3>"),
    ('text.match_regex("NSE:TCS", "^NSE:[A-Z]+$")', True),
    (
        'text.find_all_regex("hällo wörld", "[^ ]+")',
        [{"index": 0, "match": "hällo"}, {"index": 6, "match": "wörld"}],
    ),
    ('text.find_all("abab", "ab")', [{"index": 0, "match": "ab"}, {"index": 2, "match": "ab"}]),
    ('text.url_encode("a b/ü")', "a%20b%2F%C3%BC"),
    ('text.url_encode_plus("a b")', "a+b"),
    ('text.url_decode("a+b%20c")', "a b c"),
    ('text.to_upper("a") + text.to_lower("B")', "Ab"),
    ('base64.encode(text.encode("hi"))', "aGk="),
    ('text.decode(base64.decode("aGk="))', "hi"),
    ('json.encode_to_string({"a": [1, 2.5, null, true]})', '{"a":[1,2.5,null,true]}'),
    ('json.decode("[1, {\\"a\\": null}]")', [1, {"a": None}]),
    ("list.concat([1], 2)", [1, 2]),
    ("list.prepend([1], 2)", [2, 1]),
    ('map.delete({"a": 1, "b": 2}, "a")', {"b": 2}),
    ('map.merge({"a": 1}, {"a": 2, "b": 3})', {"a": 2, "b": 3}),
    ('map.merge_nested({"a": {"x": 1}}, {"a": {"y": 2}})', {"a": {"x": 1, "y": 2}}),
    ("math.abs(-2) + math.max(1, 2.5) + math.min(1, 2) + math.floor(-1.5)", 3.5),
    ('base64.encode(hash.compute_checksum("abc", "SHA256"))', "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    ("time.format(0)", "1970-01-01T00:00:00.000000Z"),
    ('time.format(0, "Asia/Kolkata")', "1970-01-01T05:30:00.000000+05:30"),
    ('time.parse("1970-01-01T00:00:01.5Z")', 1.5),
    ('time.parse("1970-01-01T05:30:00+05:30")', 0.0),
    ('sys.get_env("REGION") + sys.get_env("NONE", "-")', "r-"),
    ("get_type(null) + get_type(1) + get_type(1.0) + get_type({})", "nullintegerdoublemap"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_value(text: str, expected: Any) -> None:
    found = evaluate(text, x=4, m={"a": {"b": [10, 20]}}, tags=["HttpError"])
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ('1 + "a"', "TypeError"),
        ("not 1", "TypeError"),
        ("1 and true", "TypeError"),
        ("1 / 0", "ZeroDivisionError"),
        ("1 % 0", "ZeroDivisionError"),
        ("x.y", "KeyError"),
        ('x["zz"]', "KeyError"),
        ("l[2]", "IndexError"),
        ("l[-1]", "IndexError"),
        ('l["a"]', "TypeError"),
        ("nosuch", "KeyError"),
        ("http", "KeyError"),
        ("http.nosuch", "KeyError"),
        ('int("abc")', "ValueError"),
        ('json.decode("{")', "ValueError"),
        ('text.match_regex("a", "(")', "ValueError"),
        ('sys.get_env("NONE")', "KeyError"),
        ("9223372036854775807 + 1", "ValueError"),
        ("len(1)", "TypeError"),
        ("len(1, 2)", "TypeError"),
        ('text.substring("ab", 1, 5)', "IndexError"),
        ('json.encode(base64.decode("aGk="))', "TypeError"),
        ("string(null)", "TypeError"),
    ],
)
def test_fault(text: str, tag: str) -> None:
    with pytest.raises(WorkflowError) as caught:
        evaluate(text, x={}, l=[1, 2])
    assert caught.value.value["tags"] == [tag]
    assert caught.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 +", "it ends too early"),
        ("(1", "it ends too early"),
        ("1 2", "unexpected '2'"),
        ("a.", "a name must follow the dot"),
        ("a # b", "'# b' is no part of an expression"),
        ("in", "unexpected 'in'"),
        ("[1 2]", "expected ',' before '2'"),
        ("not " * 120 + "a", "may have 400 characters"),
        ("(" * 150 + "a", "nested too deeply"),
    ],
)
def test_syntax_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason.replace("(", r"\(")):
        expressions.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        expressions.parse(text)
    except SourceError as error:
        assert str(error)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_json_comes_back(value: Any) -> None:
    assert equal(json.loads(to_json(value)), value)


@given(JSON, st.lists(st.text(max_size=3), min_size=1, max_size=3), JSON)
def test_what_is_replaced_is_there_and_nothing_else_changed(value: Any, keys: list[str], new: Any) -> None:
    before = {"kept": value}
    after = replaced(before, ["set", *keys], new)
    found: Any = after["set"]
    for key in keys:
        found = found[key]
    assert found == new and after["kept"] is value and before == {"kept": value}
