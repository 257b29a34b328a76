"""Strict YAML, through the files a user writes."""

from __future__ import annotations

import pytest
import yaml
from envctl.errors import UserError

from shared_services.yaml import reader
from shared_services.yaml.nodes import plain
from shared_services.yaml.reader import MAXIMUM_BYTES, MAXIMUM_DEPTH, read_bytes
from tests.unit.environments.environment_files import EnvironmentFiles


def value(text: str) -> object:
    node, problems = read_bytes(f"key: {text}\n".encode(), "envs/x.yaml")
    assert node is not None and not problems, problems
    return plain(node)["key"]


def refusal(text: str | bytes) -> str:
    _, problems = read_bytes(text if isinstance(text, bytes) else text.encode(), "envs/x.yaml")
    assert len(problems) == 1, problems
    return str(problems[0])


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "off", "y", "22:22", "1_000", "2024-01-20", "0b11", "1.2.3", "=", "="]
)
def test_what_only_yaml_1_1_takes_for_something_else_stays_text(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("0", 0),
        ("-12", -12),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ('"010"', "010"),
        ("'true'", "true"),
        ("[a, 1]", ["a", 1]),
        ("{}", {}),
        ("|\n  a\n  b", "a\nb\n"),
    ],
)
def test_yaml_1_2_values(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text", ["010", "-007", "00", "08", "0o17", ".inf", "-.INF", ".nan", "1e999", "9" * 400, "0x" + "f" * 99]
)
def test_numbers_that_readers_disagree_on_are_refused(text: str) -> None:
    message = refusal(f"a: 1\nkey: {text}\n")
    assert message.startswith("envs/x.yaml:2:6 key: ")
    assert "quotes" in message or "for the text" in message


def test_a_leading_zero_says_how_to_write_either_meaning() -> None:
    assert 'write 10 for the number, or "010" for the text' in refusal("key: 010\n")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "envs/x.yaml:4:3 b.c", "the key stands twice: first in line 3"),
        ("a: &x 1\n", "envs/x.yaml:1:4 a", "anchors (&x) are not used here"),
        ("a: *x\n", "envs/x.yaml:1:4", "alias"),
        ("<<: {a: 1}\n", "envs/x.yaml:1:1", "merge keys (<<) are not used here"),
        ("a: !!str 1\n", "envs/x.yaml:1:4 a", "tags (!!str) are not used here"),
        ("a: !!python/object/apply:os.system [ls]\n", "envs/x.yaml:1:4 a", "tags (!!python/object/apply:os.system)"),
        ("a: !mine {b: 1}\n", "envs/x.yaml:1:4 a", "tags (!mine) are not used here"),
        ("%YAML 1.1\n---\na: 1\n", "envs/x.yaml:1:1", "directives"),
        ("a: 1\n---\nb: 2\n", "envs/x.yaml:2:1", "has a second document"),
        ("a:\n\tb: 1\n", "envs/x.yaml:2:1", "a tab indents the line (indent with spaces)"),
        ("1: a\n", "envs/x.yaml:1:1", "the key 1 is the whole number 1; keys are text"),
        ("true: a\n", "envs/x.yaml:1:1", "the key true is true; keys are text"),
        ("~: a\n", "envs/x.yaml:1:1", "the key ~ is nothing; keys are text"),
        ("010: a\n", "envs/x.yaml:1:1", "leading zero"),
        ("? [a]\n: 1\n", "envs/x.yaml:1:3", "a list or a mapping can't be a key"),
        ("a: [1\nb: 2\n", "envs/x.yaml:2:", "is not YAML"),
        ("a: b: c\n", "envs/x.yaml:1:5", "is not YAML"),
        ("a: @x\n", "envs/x.yaml:1:4", "is not YAML"),
        ("a: 'open\n", "envs/x.yaml:", "is not YAML"),
        ("", "envs/x.yaml:1:1", "is empty"),
        ("# only a comment\n", "envs/x.yaml:1:1", "is empty"),
        ("a: \u2028b\n", "envs/x.yaml:1:4", "U+2028"),
        ("a: \x00\n", "envs/x.yaml:1:4", "U+0000"),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, place: str, message: str) -> None:
    refused = refusal(text)
    assert refused.startswith(place)
    assert message in refused


def test_the_parser_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: no\nb: 12\nc: '12'\nd: [x, {e: \"f\"}]\ng: |\n  h\ni:\n"
    fast, _ = read_bytes(text, "envs/x.yaml")
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    assert read_bytes(text, "envs/x.yaml") == (fast, [])
    assert "keys are text" in refusal("1: a\n")
    assert f"more than {MAXIMUM_DEPTH} levels" in refusal("[" * 20_000)


def test_every_duplicate_is_reported_at_once() -> None:
    _, problems = read_bytes(b"a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n", "envs/x.yaml")
    assert [(p.line, p.path) for p in problems] == [(2, "a"), (3, "b.c"), (4, "a")]


def test_a_byte_that_is_not_utf8_is_located() -> None:
    assert refusal(b"a: 1\nb: caf\xe9\n").startswith("envs/x.yaml:2:7: byte 0xe9 is not UTF-8")


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    node, problems = read_bytes(b"\xef\xbb\xbfa: 1\r\nb: two\r\n", "envs/x.yaml")
    assert not problems and node is not None and plain(node) == {"a": 1, "b": "two"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_and_never_overflows(opening: str) -> None:
    assert f"more than {MAXIMUM_DEPTH} levels" in refusal(opening * 20_000)


def test_deeply_nested_keys_are_one_problem() -> None:
    assert "a list or a mapping can't be a key" in refusal("? " * 20_000)


def test_a_huge_file_is_refused() -> None:
    assert "is larger than 2 MiB" in refusal(b"a: " + b"x" * MAXIMUM_BYTES)


def test_a_file_of_mistakes_is_cut_off() -> None:
    _, problems = read_bytes(b"a: &b 1\n" * 5000, "envs/x.yaml")
    assert len(problems) == 100


def test_an_environment_that_is_a_list_is_refused(envs: EnvironmentFiles) -> None:
    assert envs.dev("- project_id: x\n").problem().startswith("envs/dev.yaml:1:1: is not a mapping")


def test_both_files_are_read_before_anything_is_said(envs: EnvironmentFiles) -> None:
    problems = envs.base("a: &x 1\n").dev("b: *y\n").problems()
    assert [problem.split(":")[0] for problem in problems] == ["envs/base.yaml", "envs/dev.yaml"]


def test_an_unknown_environment_is_told_which_there_are(envs: EnvironmentFiles) -> None:
    from envctl.environments import load, names

    envs.file("staging.yaml", "project_id: atm-staging\n")
    assert names(envs.root) == ["dev", "staging"]
    with pytest.raises(UserError) as refused:
        load("stagin", envs.root)
    assert 'did you mean "staging"?' in str(refused.value)


@pytest.mark.parametrize("name", ["base", "../secrets", "", "Dev", "a/b", "x\0y"])
def test_a_name_that_is_no_environment_is_refused(envs: EnvironmentFiles, name: str) -> None:
    from envctl.environments import load

    with pytest.raises(UserError) as refused:
        load(name, envs.root)
    assert "there is no environment" in str(refused.value)
