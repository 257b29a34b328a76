"""Whatever the YAML: it is read as it was written, or every problem has a place. Never a traceback."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from envctl.environments import InvalidEnvironment, load
from envctl.environments.paths import format_path, parse_path
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared_services.yaml.nodes import leaves, plain
from shared_services.yaml.reader import read_bytes

ENVS = Path(__file__).resolve().parents[3] / "envs"
PLACE = re.compile(r"envs/[^:]+:[1-9]\d*:[1-9]\d*( |: ).+")

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
documents = st.dictionaries(
    texts,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
    ),
)


def flow(value: Any) -> str:
    """The value in JSON's way, with escapes, which is YAML too."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str):
        return (
            '"' + "".join(c if (c.isascii() and c.isalnum()) or c == " " else f"\\U{ord(c):08x}" for c in value) + '"'
        )
    return (
        {None: "null", True: "true", False: "false"}[value]
        if value is None or value is True or value is False
        else repr(value)
    )


def block(value: Any, indent: str = "") -> str:
    """The value as people write it: a line a key."""
    if isinstance(value, dict) and value:
        return "".join(f"\n{indent}{flow(key)}: {block(item, indent + '  ')}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(
            f"\n{indent}- {block(item, indent + '  ') if not isinstance(item, list) else flow(item)}" for item in value
        )
    return flow(value)


@settings(deadline=None)
@given(documents.filter(bool))
def test_what_is_written_is_what_is_read(document: dict[str, Any]) -> None:
    for text in (flow(document), block(document)):
        node, problems = read_bytes(f"{text}\n".encode(), "envs/x.yaml")
        assert not problems, (text, problems)
        assert node is not None and plain(node) == document


@settings(deadline=None)
@given(documents.filter(bool))
def test_every_value_stands_where_it_says(document: dict[str, Any]) -> None:
    text = block(document)
    node, _ = read_bytes(f"{text}\n".encode(), "envs/x.yaml")
    assert node is not None
    lines = text.split("\n")
    for path, leaf in leaves(node):
        written = lines[leaf.at.line - 1][leaf.at.column - 1 :]
        assert written.startswith(flow(plain(leaf))), (path, written)


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\xff")
@example(b"? ? ? ? a")
@example(b"a: !<tag:yaml.org,2002:str> b")
@example(b"%TAG ! tag:x,2000:\n--- !a b")
@example(b"a: 1\n...\nb: 2")
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    node, problems = read_bytes(data, "envs/x.yaml")
    assert node is not None or problems
    assert all(PLACE.fullmatch(str(problem)) for problem in problems)


@settings(deadline=None)
@given(st.text("ab:-?{}[],#&*!|>'\"%@`~< \n\t0129.", max_size=60))
def test_any_punctuation_is_read_or_refused_with_a_place(text: str) -> None:
    node, problems = read_bytes(text.encode(), "envs/x.yaml")
    assert node is not None or problems
    assert all(PLACE.fullmatch(str(problem)) for problem in problems)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 9) | texts.filter(bool), min_size=1, max_size=5).filter(
        lambda path: isinstance(path[0], str)
    )
)
def test_paths_survive_being_written(path: list[str | int]) -> None:
    assert parse_path(format_path(tuple(path))) == tuple(path)


BASE = (ENVS / "base.yaml").read_text(encoding="utf-8")
LINES = BASE.splitlines(keepends=True)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """base.yaml after a slip of the hand."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "double", "cut", "insert", "indent", "replace", "swap"]))
        line = lines[number]
        at = draw(st.integers(0, max(len(line) - 1, 0)))
        letter = draw(st.sampled_from("abz059 :-#&*{}[]\"'\t,~!\n"))
        if kind == "drop" and len(lines) > 1:
            del lines[number]
        elif kind == "double":
            lines.insert(number, line)
        elif kind == "cut":
            lines[number] = line[:at] + "\n"
        elif kind == "insert":
            lines[number] = line[:at] + letter + line[at:]
        elif kind == "indent":
            lines[number] = "  " + line
        elif kind == "replace":
            lines[number] = line[:at] + letter + line[at + 1 :]
        elif kind == "swap":
            lines[number], lines[-1] = lines[-1], line
    return "".join(lines)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(mutations())
def test_a_slip_of_the_hand_never_gives_a_traceback(tmp_path_factory: Any, text: str) -> None:
    folder = _copy(tmp_path_factory)
    (folder / "envs" / "base.yaml").write_text(text, encoding="utf-8")
    try:
        loaded = load("local", folder)
    except InvalidEnvironment as error:
        assert error.problems
        for problem in error.problems:
            assert PLACE.fullmatch(str(problem)), problem
            file = folder / problem.file
            assert file.is_file(), problem
            assert problem.line <= len(file.read_text(encoding="utf-8").splitlines()) + 1
    else:
        assert loaded.tfvars["project_id"]


_folders: list[Path] = []


def _copy(tmp_path_factory: Any) -> Path:
    """One copy of `envs/` for all examples."""
    if not _folders:
        folder = tmp_path_factory.mktemp("mutated")
        shutil.copytree(ENVS, folder / "envs")
        _folders.append(folder)
    return _folders[0]
