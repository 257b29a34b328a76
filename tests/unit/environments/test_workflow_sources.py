"""Sources of Workflows: what is found in them before anything is applied."""

from __future__ import annotations

import pytest
from envctl.environments.checks.workflow import workflow_faults
from envctl.environments.checks.workflow_expressions import ExpressionError, called

FLOW = "main:\n  steps:\n    - a: {return: 1}\n"
HELPER = "helper:\n  params: [y, z: 1]\n  steps:\n    - b: {return: '${y}'}\n"


def faults(text: str) -> list[str]:
    return [str(problem) for problem in workflow_faults(text, "flow.yaml", "workflows.flow.source")]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- a: {call: helpr}", 'there is no function or subworkflow "helpr" (did you mean "helper"?)'),
        ("- a: {call: helper, args: {y: 1, x: 1}}", 'helper takes no "x"'),
        ("- a: {call: helper}", 'gives helper no "y" (add y to args)'),
        ("- a: {call: htp.get}", 'there is no module "htp" to call htp.get of (did you mean "http"?)'),
        ("- a: {return: '${1 +}'}", "is no expression: an expression ends too early"),
        ("- a: {return: '${a b}'}", "is no expression: 'b' is not expected here"),
        ("- a: {return: '${lenn(x)}'}", 'there is no function or subworkflow "lenn" (did you mean "len"?)'),
        ("- a: {assign: [{x: 1}], return: 2}", 'the step "a" does two things: assign and return'),
        ("- a: {result: r}", '"result" without "call"'),
        ("- a: {retry: {max_retries: 1}, call: http.get}", '"retry" without "try"'),
        ("- a: {switch: [{condition: '${true}', next: b}]}", 'next names no step: "b"'),
        ("- a: {for: {value: v, in: [1], steps: [{c: {next: d}}]}}", 'next names no step: "d"'),
        ("- a: {for: {value: v, steps: [{c: {next: continue}}]}}", "goes over in or range"),
        ("- a: {try: {call: http.get}, retry: {max_retres: 1}}", 'an unknown key "max_retres"'),
        (
            "- a: {try: {call: helper, args: {y: 1}, result: r}, except: {as: e, steps: [{b: {assign: [{r: 1}]}}]}}\n"
            "    - c: {return: '${r}'}",
            '"r" is first assigned in an except, and gone after it (assign it before: - r: null)',
        ),
        (
            "- a: {for: {value: v, in: [1], steps: [{b: {assign: [{w: 1}]}}]}}\n    - c: {return: '${v + w}'}",
            '"w" is first assigned in a loop, and gone after it',
        ),
        ("- a: {parallel: {branches: [{b: {steps: [{c: {cal: http.get}}]}}]}}", 'an unknown key "cal"'),
    ],
)
def test_what_could_only_fail_when_it_runs_is_found_before(steps: str, message: str) -> None:
    source = f"main:\n  steps:\n    {steps}\n{HELPER}"
    found = faults(source)
    assert any(message in fault for fault in found), found
    assert all(fault.startswith(("flow.yaml:3:", "flow.yaml:4:")) for fault in found), found


@pytest.mark.parametrize(
    "steps",
    [
        "- a: {call: helper, args: {y: 1}, result: r}",
        "- a: {assign: [{r: 1}]}\n    - b: {try: {call: helper, args: {y: 1}, result: r}, "
        "except: {as: e, steps: [{c: {assign: [{r: '${e}'}]}}]}}\n    - d: {return: '${r}'}",
        "- b: {try: {call: helper, args: {y: 1}, result: r}, "
        "except: {as: e, steps: [{c: {raise: '${e}'}}]}}\n    - d: {return: '${r}'}",
        "- a: {for: {value: v, in: [1], steps: [{b: {assign: [{w: '${v}'}]}}, {c: {return: '${w}'}}]}}",
        "- a: {return: '${true AND NOT false}'}",
        "- a: {call: helper, args: '${input}'}",
        "- a: {for: {value: v, range: [1, 3], steps: [{c: {switch: [{condition: '${v > 1}', next: break}]}}]}}\n"
        "    - z: {next: end}",
        "- a: {try: {steps: [{c: {call: http.get, result: r}}]}, retry: '${http.default_retry}', "
        "except: {as: e, steps: [{d: {next: a}}]}}",
        "- a: {return: 'from ${b} to ${c}'}",
    ],
)
def test_what_workflows_takes_is_taken(steps: str) -> None:
    assert faults(f"main:\n  steps:\n    {steps}\n{HELPER}") == []


@pytest.mark.parametrize(
    "expression",
    [
        "a + 1 // 2 * -3",
        'map.get(x, ["a", 0]).b["c d"][0]',
        '{"k": [1, 2.5, null], "l": {}}',
        "not (a in b) and x not in y or not z",
        'if(a == "it\\"s", len(b), default(c, 0))',
    ],
)
def test_expressions_of_workflows_are_read(expression: str) -> None:
    called(expression)


@pytest.mark.parametrize("expression", ["", "1 2", "a.", "a[1", "f(1,", "a = b", "a && b", "(1)(2)", "{1}"])
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        called(expression)
