"""What can't be deployed is refused with its place."""

from __future__ import annotations

import textwrap

import pytest

from sandbox.workflows import source
from sandbox.workflows.errors import SourceError
from sandbox.workflows.functions import blocks

WRONG = [
    ("", 0, "the source is empty"),
    ("hello", 1, "expected a 'main' workflow or a list of steps"),
    ("other: {steps: [{a: {return: 1}}]}", 1, "workflow not found: main"),
    ("main: {}", 1, "missing 'steps'"),
    ("main: {steps: []}", 1, "'steps' must be a non-empty list"),
    ("main: {params: [a, b], steps: [{a: {return: 1}}]}", 1, "takes one parameter at most"),
    ("main:\n  step: []\n  steps: [{a: {return: 1}}]", 2, "unknown entry 'step'"),
    ("- a: {return: 1}\n- a: {return: 2}", 2, "duplicate step name 'a'"),
    ("- a: {retrun: 1}", 1, "unknown entry 'retrun'"),
    ("- a: {return: 1, assign: [{b: 1}]}", 1, "can't have both"),
    ("- a: {}", 1, "a step needs one of"),
    ("- a: {next: nowhere}", 1, "next step 'nowhere' was not found"),
    ("- a: {next: break}", 1, "only possible in a loop"),
    ("- a: {call: nosuch.function}", 1, "unknown function 'nosuch.function'"),
    ("- a: {call: googleapis.pubsub.v1.projects.topics.nosuch}", 1, "unknown function"),
    ("- a: {return: '${nosuch(1)}'}", 1, "unknown function 'nosuch'"),
    ("- a: {return: '${http.get(1)}'}", 1, "can't be called within an expression"),
    ("- a: {return: '${1 +}'}", 1, "it ends too early"),
    ("- a: {assign: [{'1x': 1}]}", 1, "unexpected 'x'"),
    ("- a: {assign: [{b: 1, c: 2}]}", 1, "single variable"),
    ("- a: {for: {value: v, steps: [{b: {return: 1}}]}}", 1, "one of 'in' and 'range'"),
    ("- a: {parallel: {shared: []}}", 1, "one of 'branches' and 'for'"),
    ("- a: {parallel: {exception_policy: stop, branches: [{b: {steps: [{c: {return: 1}}]}}]}}", 1, "exception policy"),
    ("- a: {try: {return: 1}}", 1, "'try' needs 'retry' or 'except'"),
    ("- a: {try: {return: 1}, except: {as: e}}", 1, "'except' needs 'steps'"),
    ("- a: {try: {return: 1}, except: {as: e, sleep: 1}}", 1, "unknown entry 'sleep'"),
    ("- a: {return: [${b]}", 1, "expected ',' or ']'"),
    ("- a: {switch: []}", 1, "1 to 50 conditions"),
    ("- a: {switch: [{next: end}]}", 1, "needs a 'condition'"),
    (
        "- a:\n    for:\n      value: v\n      in: []\n      steps: [{b: {next: c}}]\n- c: {return: 1}",
        5,
        "'c' was not found",
    ),
    ("a: &x [*x]", 1, "too many values"),
    ("main: {steps: [{a: {return: 1}}", 1, "expected ',' or ']'"),
]


@pytest.mark.parametrize(("text", "line", "reason"), WRONG, ids=[reason for _, _, reason in WRONG])
def test_refused(text: str, line: int, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        source.read(text, blocks)
    assert reason in str(caught.value)
    assert (caught.value.position.line if caught.value.position else 0) == line


def test_texts_are_those_of_yaml_1_2() -> None:
    text = """
    - a:
        return: {on: yes, day: 2025-01-31, time: 09:15, n: 1_000, f: 1.5, e: 1e3, t: True, none: ~, "1": one}
    """
    from tests.unit.workflows.running import run

    assert run(text) == {
        "on": "yes",
        "day": "2025-01-31",
        "time": "09:15",
        "n": "1_000",
        "f": 1.5,
        "e": 1000.0,
        "t": True,
        "none": None,
        "1": "one",
    }


def test_json_is_a_source_too() -> None:
    text = '{"main": {"params": ["a"], "steps": [{"done": {"return": "${a + 1}"}}]}}'
    assert list(source.read(text, blocks)) == ["main"]


def test_a_message_has_workflow_and_step() -> None:
    text = textwrap.dedent("""
        main: {steps: [{a: {call: f}}]}
        f:
          steps:
            - deep:
                switch:
                  - condition: ${x ==}
                    next: end
    """)
    with pytest.raises(
        SourceError, match="in workflow 'f', step 'deep': error in expression 'x ==': it ends too early"
    ):
        source.read(text, blocks)
