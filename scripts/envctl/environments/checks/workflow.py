"""Sources of Workflows, as far as the API would refuse them at once."""

from __future__ import annotations

from collections.abc import Iterator

from shared_services.yaml.nodes import Mapping, Node, Scalar, Sequence
from shared_services.yaml.reader import read_bytes

from ..problems import Problem, did_you_mean

_MOST_BYTES = 128 * 1024
_STEP_KEYS = {
    "call", "args", "result", "assign", "switch", "next", "for", "parallel", "try", "retry", "except", "raise",
    "return", "steps", "condition",
}  # fmt: skip
_ENDS = {"end", "break", "continue"}


def workflow_faults(text: str, shown: str, path: str) -> Iterator[Problem]:
    """What is wrong with a workflow's source.

    Args:
        text: the source.
        shown: what problems call the file.
        path: where the environment names it.
    """
    if len(text.encode()) > _MOST_BYTES:
        yield Problem(shown, 1, 1, path, f"is larger than {_MOST_BYTES // 1024} KiB, which Workflows refuses")
        return
    node, problems = read_bytes(text.encode(), shown)
    for problem in problems:
        yield Problem(shown, problem.line, problem.column, path, problem.message, problem.hint)
    if node is None or problems:
        return
    if isinstance(node, Sequence):
        yield from _steps(node, path)
    elif not isinstance(node, Mapping) or "main" not in node.items:
        yield Problem.at(node.at, path, "has no main and is no list of steps", "write main: with steps: below it")
    else:
        for name, body in node.items.items():
            steps = body.items.get("steps") if isinstance(body, Mapping) else body
            if not isinstance(steps, Sequence):
                message = f'the subworkflow "{name}" has no list of steps'
                yield Problem.at(node.keys[name], path, message, "write steps: with a list below it")
            else:
                yield from _steps(steps, path)


def _steps(steps: Sequence, path: str) -> Iterator[Problem]:
    """Steps are named once, and `next` names one of them (or of an enclosing list, which the API checks)."""
    names: list[str] = []
    for step in steps.items:
        if not isinstance(step, Mapping) or len(step.items) != 1:
            yield Problem.at(step.at, path, "is not a step: one name, and below it what it does", "write - name: …")
            continue
        ((name, body),) = step.items.items()
        if name in names:
            yield Problem.at(step.keys[name], path, f'two steps are named "{name}"', "rename one of the two")
        names.append(name)
        if isinstance(body, Mapping):
            for key in body.items.keys() - _STEP_KEYS:
                hint = did_you_mean(key, _STEP_KEYS, otherwise="see the syntax of Workflows")
                yield Problem.at(body.keys[key], path, f'the step "{name}" has an unknown key "{key}"', hint)
    for step in steps.items:
        if isinstance(step, Mapping) and len(step.items) == 1:
            yield from _next(next(iter(step.items.values())), names, path)


def _next(body: Node, names: list[str], path: str) -> Iterator[Problem]:
    target = body.items.get("next") if isinstance(body, Mapping) else None
    if isinstance(target, Scalar) and isinstance(target.value, str) and target.value not in {*names, *_ENDS}:
        yield Problem.at(target.at, path, f'next names no step: "{target.value}"', did_you_mean(target.value, names))
