"""Sources of Workflows, as far as the API would refuse them at once, or they could only fail when they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared_services.yaml.nodes import Mapping, Node, Scalar, Sequence
from shared_services.yaml.reader import read_bytes

from ..problems import Problem, did_you_mean
from .workflow_expressions import FUNCTIONS, ExpressionError, called, inner
from .workflow_variables import lost

_MOST_BYTES = 128 * 1024
_ACTIONS = {"call", "assign", "switch", "for", "parallel", "try", "raise", "return", "steps"}
_BESIDE = {"call": {"args", "result"}, "try": {"retry", "except"}}
_STEP_KEYS = {*_ACTIONS, "args", "result", "retry", "except", "next", "condition"}
_ENDS = {"end", "break", "continue"}
_FIELDS = {
    "for": {"value", "index", "in", "range", "steps"},
    "parallel": {"for", "branches", "shared", "exception_policy", "concurrency_limit", "timeout"},
    "except": {"as", "steps"},
    "retry": {"predicate", "max_retries", "backoff"},
    "backoff": {"initial_delay", "max_delay", "multiplier"},
}
_MODULES = {
    "base64", "events", "experimental", "gke", "googleapis", "hash", "http", "json", "list", "map", "math", "retry",
    "sys", "text", "time", "uuid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a subworkflow takes."""

    params: frozenset[str]
    required: frozenset[str]


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
        yield from _Linter(path, {}).steps(node, [])
        yield from lost(node, path)
    elif not isinstance(node, Mapping) or "main" not in node.items:
        yield Problem.at(node.at, path, "has no main and is no list of steps", "write main: with steps: below it")
    else:
        linter = _Linter(path, {name: _signature(body) for name, body in node.items.items()})
        for name, body in node.items.items():
            steps = body.items.get("steps") if isinstance(body, Mapping) else body
            if not isinstance(steps, Sequence):
                message = f'the subworkflow "{name}" has no list of steps'
                yield Problem.at(node.keys[name], path, message, "write steps: with a list below it")
                continue
            if isinstance(body, Mapping):
                yield from linter.unknown(body, {"params", "steps"}, f'the workflow "{name}"')
            yield from linter.steps(steps, [])
            yield from lost(steps, path)


def _signature(body: Node) -> _Signature:
    params, required = set(), set()
    declared = body.items.get("params") if isinstance(body, Mapping) else None
    for item in declared.items if isinstance(declared, Sequence) else ():
        if isinstance(item, Mapping):
            params |= set(item.items)
        elif isinstance(item, Scalar):
            params.add(str(item.value))
            required.add(str(item.value))
    return _Signature(frozenset(params), frozenset(required))


class _Linter:
    """Looks through the steps of one source."""

    def __init__(self, path: str, subworkflows: dict[str, _Signature]) -> None:
        self._path = path
        self._subworkflows = subworkflows

    def steps(self, steps: Sequence, around: list[str]) -> Iterator[Problem]:
        """Steps are named once, each does one thing, and `next` names one of them or of a list around it."""
        names: list[str] = []
        whole: list[tuple[str, Node]] = []
        for step in steps.items:
            if not isinstance(step, Mapping) or len(step.items) != 1:
                message = "is not a step: one name, and below it what it does"
                yield Problem.at(step.at, self._path, message, "write - name: …")
                continue
            ((name, body),) = step.items.items()
            if name in names:
                yield Problem.at(step.keys[name], self._path, f'two steps are named "{name}"', "rename one of the two")
            names.append(name)
            whole.append((name, body))
        for name, body in whole:
            if isinstance(body, Mapping):
                yield from self._step(body, f'the step "{name}"', [*around, *names])
            else:
                yield from self._values(body)

    def unknown(self, node: Mapping, known: set[str], what: str) -> Iterator[Problem]:
        """Keys that Workflows doesn't know."""
        for key in node.items.keys() - known:
            hint = did_you_mean(key, known, otherwise="see the syntax of Workflows")
            yield Problem.at(node.keys[key], self._path, f'{what} has an unknown key "{key}"', hint)

    def _step(self, body: Mapping, what: str, names: list[str]) -> Iterator[Problem]:
        yield from self.unknown(body, _STEP_KEYS, what)
        actions = [key for key in body.items if key in _ACTIONS]
        if len(actions) > 1:
            message = f"{what} does two things: {actions[0]} and {actions[1]}"
            yield Problem.at(body.keys[actions[1]], self._path, message, "make two steps of it")
        for action, fields in _BESIDE.items():
            for key in fields & body.items.keys():
                if action not in body.items:
                    message = f'{what} has "{key}" without "{action}"'
                    yield Problem.at(body.keys[key], self._path, message, f"add {action}, or remove {key}")
        yield from self._next(body, names)
        if "call" in body.items:
            yield from self._call(body, what)
        for key, value in body.items.items():
            yield from self._part(key, value, what, names)

    def _part(self, key: str, value: Node, what: str, names: list[str]) -> Iterator[Problem]:
        """One key of a step, with the steps below it."""
        if key in _FIELDS and isinstance(value, Mapping):
            yield from self.unknown(value, _FIELDS[key], f"{key} of {what}")
        if key == "steps" and isinstance(value, Sequence):
            yield from self.steps(value, names)
        elif key == "switch" and isinstance(value, Sequence):
            for case in value.items:
                if isinstance(case, Mapping):
                    if "condition" not in case.items:
                        yield Problem.at(case.at, self._path, f"a case of {what} has no condition", "add condition: …")
                    yield from self._step(case, f"a case of {what}", names)
        elif key in ("for", "parallel", "try", "except", "retry", "backoff") and isinstance(value, Mapping):
            if key == "for" and ("in" in value.items) == ("range" in value.items):
                yield Problem.at(value.at, self._path, f"for of {what} goes over in or range", "give one of the two")
            if key == "try" and "call" in value.items:
                yield from self._call(value, what)
            for inner_key, part in value.items.items():
                if inner_key == "branches" and isinstance(part, Sequence):
                    yield from self.steps(part, names)
                else:
                    yield from self._part(inner_key, part, what, names)
        elif key == "assign" and isinstance(value, Sequence):
            for item in value.items:
                if not isinstance(item, Mapping) or len(item.items) != 1:
                    yield Problem.at(item.at, self._path, f"assign of {what} takes - variable: value", "one each")
                yield from self._values(item)
        else:
            yield from self._values(value)

    def _next(self, body: Mapping, names: list[str]) -> Iterator[Problem]:
        target = body.items.get("next")
        if isinstance(target, Scalar) and isinstance(target.value, str) and target.value not in {*names, *_ENDS}:
            message = f'next names no step: "{target.value}"'
            yield Problem.at(target.at, self._path, message, did_you_mean(target.value, names))

    def _call(self, body: Mapping, what: str) -> Iterator[Problem]:
        target, args = body.items["call"], body.items.get("args")
        if not isinstance(target, Scalar) or not isinstance(target.value, str):
            return
        yield from self._target(target.value, target)
        signature = self._subworkflows.get(target.value)
        if signature is None or isinstance(args, Scalar):
            return
        given = args.items if isinstance(args, Mapping) else {}
        for name in given.keys() - signature.params:
            hint = did_you_mean(name, signature.params, otherwise="see its params")
            message = f'{target.value} takes no "{name}"'
            yield Problem.at(args.keys[name] if isinstance(args, Mapping) else target.at, self._path, message, hint)
        for name in sorted(signature.required - given.keys()):
            yield Problem.at(target.at, self._path, f'{what} gives {target.value} no "{name}"', f"add {name} to args")

    def _target(self, name: str, node: Node) -> Iterator[Problem]:
        """A function or subworkflow that is called by a name."""
        module, dot, _ = name.partition(".")
        if dot and module not in _MODULES:
            hint = did_you_mean(module, _MODULES, otherwise="see the standard library of Workflows")
            yield Problem.at(node.at, self._path, f'there is no module "{module}" to call {name} of', hint)
        elif not dot and name not in self._subworkflows and name not in FUNCTIONS:
            known = [*self._subworkflows, *FUNCTIONS]
            hint = did_you_mean(name, known, otherwise="declare it beside main")
            yield Problem.at(node.at, self._path, f'there is no function or subworkflow "{name}"', hint)

    def _values(self, node: Node) -> Iterator[Problem]:
        """The expressions anywhere in a value."""
        if isinstance(node, Mapping):
            for item in node.items.values():
                yield from self._values(item)
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from self._values(item)
        elif (expression := inner(node.value)) is not None:
            try:
                names = called(expression)
            except ExpressionError as error:
                yield Problem.at(node.at, self._path, f"is no expression: {error}", "see the syntax of Workflows")
                return
            for name in names:
                if "." not in name or name.partition(".")[0] in _MODULES:
                    yield from self._target(name, node)
