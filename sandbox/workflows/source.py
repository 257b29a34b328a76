"""Reads the source of a workflow, YAML or JSON. What can't be deployed is refused with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import yaml

from sandbox.workflows import expressions
from sandbox.workflows.documents import Entry, at, compose, entries, items, scalar, text_of
from sandbox.workflows.errors import Position, SourceError
from sandbox.workflows.expressions import Constant, Function, Infix, ListNode, MapNode, Member, Name, Node, Prefix
from sandbox.workflows.tree import (
    Action,
    Assign,
    Block,
    Call,
    Case,
    Definition,
    Loop,
    Parallel,
    Raise,
    Return,
    Routine,
    Step,
    Switch,
    Target,
    Try,
)

Functions = Callable[[str], bool | None]
"""Whether a function of the library blocks; None where there is no such function."""

_BESIDE = {"call": {"args", "result"}, "try": {"retry", "except"}}
_JUMPS = ("end", "break", "continue")


def read(source: str, functions: Functions) -> Definition:
    """The routines of a source; `functions` tells what the library has. Raises SourceError.

    >>> sorted(read("main: {steps: [{done: {return: 1}}]}", lambda name: None))
    ['main']
    """
    root = compose(source)
    found: dict[str, yaml.Node]
    if isinstance(root, yaml.SequenceNode):
        found = {"main": root}
    elif isinstance(root, yaml.MappingNode):
        given = entries(root)
        if "main" in given:
            found = {name: entry.value for name, entry in given.items()}
        elif set(given) <= {"params", "steps"} and "steps" in given:
            found = {"main": root}
        else:
            raise SourceError("workflow not found: main", at(root))
    else:
        raise SourceError("expected a 'main' workflow or a list of steps", at(root))
    return {name: _Reader(name, found, functions).routine(node) for name, node in found.items()}


class _Reader:
    def __init__(self, routine: str, routines: Mapping[str, yaml.Node], functions: Functions) -> None:
        self._routine = routine
        self._routines = routines
        self._functions = functions
        self._step = ""
        self._scopes: list[set[str]] = []  # the names that `next` may say, from outside to inside
        self._looping = 0

    def refused(self, text: str, node: yaml.Node) -> SourceError:
        step = f", step '{self._step}'" if self._step else ""
        return SourceError(f"in workflow '{self._routine}'{step}: {text}", at(node))

    def routine(self, node: yaml.Node) -> Routine:
        if isinstance(node, yaml.SequenceNode):
            return Routine(self._routine, (), self._block(node))
        parts = self._entries(node, {"params", "steps"}, "workflow")
        if "steps" not in parts:
            raise self.refused("missing 'steps'", node)
        parameters = tuple(map(self._parameter, items(parts["params"].value))) if "params" in parts else ()
        if self._routine == "main" and len(parameters) > 1:
            raise self.refused("the main workflow takes one parameter at most", parts["params"].key)
        return Routine(self._routine, parameters, self._block(parts["steps"].value))

    def _parameter(self, node: yaml.Node) -> tuple[str, Node | None]:
        if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
            key, value = node.value[0]
            return text_of(key), self._value(value)
        return self._name(node), None

    def _block(self, node: yaml.Node, *, closed: bool = False) -> Block:
        """Steps; a closed block lets no `next` out."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.refused("'steps' must be a non-empty list", node)
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        names: set[str] = set()
        for each in node.value:
            if not isinstance(each, yaml.MappingNode) or len(each.value) != 1:
                raise self.refused("each step must be an object with a single name", each)
            name = text_of(each.value[0][0])
            if name in names:
                raise self.refused(f"duplicate step name '{name}'", each)
            names.add(name)
            pairs.append(each.value[0])
        outside, looping = self._scopes, self._looping
        self._scopes = [names] if closed else [*outside, names]
        found = tuple(self._named(key, body) for key, body in pairs)
        self._scopes, self._looping = outside, looping
        return Block(found)

    def _named(self, key: yaml.Node, body: yaml.Node) -> Step:
        before, self._step = self._step, text_of(key)
        if isinstance(body, yaml.SequenceNode):  # short for `steps`
            step = Step(self._step, at(key), self._block(body))
        else:
            step = self._body(body, at(key))
        self._step = before
        return step

    def _body(self, node: yaml.Node, position: Position, beside: frozenset[str] = frozenset()) -> Step:
        """What a step does. `beside` may stand there as well, and is read elsewhere."""
        parts = self._entries(node, None, "step")
        actions = [name for name in parts if name in _ACTIONS]
        if len(actions) > 1:
            raise self.refused(f"a step can't have both '{actions[0]}' and '{actions[1]}'", parts[actions[1]].key)
        known = {"next", *actions, *beside, *(_BESIDE.get(actions[0], set()) if actions else set())}
        for name, entry in parts.items():
            if name not in known:
                raise self.refused(f"unknown entry '{name}'", entry.key)
        if not actions and "next" not in parts and not beside:
            raise self.refused(f"a step needs one of {', '.join(_ACTIONS)} or next", node)
        action = _ACTIONS[actions[0]](self, parts) if actions else None
        return Step(self._step, position, action, self._next(parts["next"].value) if "next" in parts else "")

    def _next(self, node: yaml.Node) -> str:
        name = self._name(node)
        if name in ("break", "continue") and not self._looping:
            raise self.refused(f"'{name}' is only possible in a loop", node)
        if name not in _JUMPS and not any(name in scope for scope in self._scopes):
            raise self.refused(f"next step '{name}' was not found", node)
        return name

    # What a step does

    def _assign(self, parts: Mapping[str, Entry]) -> Action:
        found = []
        for each in items(parts["assign"].value):
            if not isinstance(each, yaml.MappingNode) or len(each.value) != 1:
                raise self.refused("each assignment must be an object with a single variable", each)
            key, value = each.value[0]
            found.append((self._target(key), self._value(value)))
        if len(found) > 50:
            raise self.refused(f"a step may have 50 assignments, this one has {len(found)}", parts["assign"].key)
        return Assign(tuple(found))

    def _target(self, node: yaml.Node) -> Target:
        tree = self._parsed(text_of(node), node)
        keys: list[Node] = []
        while isinstance(tree, Member):
            keys.insert(0, tree.key)
            tree = tree.of
        if not isinstance(tree, Name):
            raise self.refused(f"'{text_of(node)}' is no variable", node)
        return Target(tree.name, tuple(keys))

    def _call(self, parts: Mapping[str, Entry]) -> Action:
        name = self._name(parts["call"].value)
        self._must_be_function(name, parts["call"].value)
        arguments = self._value(parts["args"].value) if "args" in parts else None
        if isinstance(arguments, Constant | ListNode) and getattr(arguments, "value", ()) is not None:
            raise self.refused("'args' must be an object", parts["args"].value)
        return Call(name, arguments, self._name(parts["result"].value) if "result" in parts else "")

    def _switch(self, parts: Mapping[str, Entry]) -> Action:
        cases = []
        for each in items(parts["switch"].value):
            inner = self._entries(each, None, "condition")
            if "condition" not in inner:
                raise self.refused("each entry of a switch needs a 'condition'", each)
            condition = self._value(inner["condition"].value)
            cases.append(Case(condition, self._body(each, at(each), frozenset({"condition"}))))
        if not cases or len(cases) > 50:
            raise self.refused("a switch has 1 to 50 conditions", parts["switch"].key)
        return Switch(tuple(cases))

    def _loop(self, parts: Mapping[str, Entry], *, closed: bool = True) -> Loop:
        node = parts["for"].value
        inner = self._entries(node, {"value", "index", "in", "range", "steps"}, "for")
        if "value" not in inner or "steps" not in inner or ("in" in inner) == ("range" in inner):
            raise self.refused("a loop needs 'value', 'steps', and one of 'in' and 'range'", node)
        index = self._name(inner["index"].value) if "index" in inner else ""
        over = self._value(inner["in" if "in" in inner else "range"].value)
        self._looping += 1
        block = self._block(inner["steps"].value, closed=closed)
        self._looping -= 1
        return Loop(self._name(inner["value"].value), index, over, "range" in inner, block)

    def _parallel(self, parts: Mapping[str, Entry]) -> Action:
        node = parts["parallel"].value
        names = {"shared", "concurrency_limit", "exception_policy", "branches", "for"}
        inner = self._entries(node, names, "parallel")
        if ("branches" in inner) == ("for" in inner):
            raise self.refused("a parallel step needs one of 'branches' and 'for'", node)
        policy = scalar(inner["exception_policy"].value) if "exception_policy" in inner else None
        if policy not in (None, "continueAll"):
            raise self.refused(f"unknown exception policy '{policy}'", inner["exception_policy"].value)
        shared = tuple(map(self._name, items(inner["shared"].value))) if "shared" in inner else ()
        limit = self._value(inner["concurrency_limit"].value) if "concurrency_limit" in inner else None
        looping, self._looping = self._looping, 0
        branches, loop = [], None
        if "for" in inner:
            loop = self._loop(inner)
        for each in items(inner["branches"].value) if "branches" in inner else []:
            if not isinstance(each, yaml.MappingNode) or len(each.value) != 1:
                raise self.refused("each branch must be an object with a single name", each)
            key, body = each.value[0]
            steps = self._entries(body, {"steps"}, "branch")["steps"].value if _is_map(body) else body
            branches.append((text_of(key), self._block(steps, closed=True)))
        self._looping = looping
        if "branches" in inner and not 1 <= len(branches) <= 10:
            raise self.refused(f"a parallel step has 1 to 10 branches, this one {len(branches)}", node)
        return Parallel(shared, limit, policy == "continueAll", tuple(branches), loop)

    def _try(self, parts: Mapping[str, Entry]) -> Action:
        if "retry" not in parts and "except" not in parts:
            raise self.refused("'try' needs 'retry' or 'except'", parts["try"].key)
        block = self._inline(parts["try"].value)
        retry = self._value(parts["retry"].value) if "retry" in parts else None
        if "except" not in parts:
            return Try(block, retry, "", None)
        handler = parts["except"].value
        inner = self._entries(handler, None, "except")
        if not inner.keys() - {"as"}:
            raise self.refused("'except' needs 'steps'", handler)
        error = self._name(inner["as"].value) if "as" in inner else ""
        return Try(block, retry, error, self._inline(handler, frozenset({"as"})))

    def _inline(self, node: yaml.Node, beside: frozenset[str] = frozenset()) -> Block:
        """Steps, or one step that has no name of its own; `beside` as of `_body`."""
        if isinstance(node, yaml.SequenceNode):
            return self._block(node)
        step = self._body(node, at(node), beside)
        if isinstance(step.action, Block) and not step.next:
            return step.action
        return Block((replace(step, name=self._step),))

    def _raise(self, parts: Mapping[str, Entry]) -> Action:
        return Raise(self._value(parts["raise"].value))

    def _return(self, parts: Mapping[str, Entry]) -> Action:
        return Return(self._value(parts["return"].value))

    def _steps(self, parts: Mapping[str, Entry]) -> Action:
        return self._block(parts["steps"].value)

    # Values

    def _entries(self, node: yaml.Node, known: set[str] | None, what: str) -> dict[str, Entry]:
        if not isinstance(node, yaml.MappingNode):
            raise self.refused(f"a {what} must be an object", node)
        found = entries(node)
        for name, entry in found.items():
            if known is not None and name not in known:
                raise self.refused(f"unknown entry '{name}'", entry.key)
        return found

    def _name(self, node: yaml.Node) -> str:
        found = scalar(node)
        if not isinstance(found, str) or not found:
            raise self.refused("a name was expected", node)
        return found

    def _value(self, node: yaml.Node) -> Node:
        """A value whose texts may be expressions."""
        if isinstance(node, yaml.SequenceNode):
            return ListNode(tuple(map(self._value, node.value)))
        if isinstance(node, yaml.MappingNode):
            return MapNode(tuple((Constant(key), self._value(entry.value)) for key, entry in entries(node).items()))
        found = scalar(node)
        inner = expressions.inner(found) if isinstance(found, str) else None
        return Constant(found) if inner is None else self._parsed(inner, node)

    def _parsed(self, text: str, node: yaml.Node) -> Node:
        try:
            tree = expressions.parse(text)
        except SourceError as error:
            raise self.refused(str(error), node) from None
        self._check_calls(tree, node)
        return tree

    def _check_calls(self, tree: Node, node: yaml.Node) -> None:
        match tree:
            case Function(name, arguments):
                self._must_be_function(name, node, inline=True)
                for each in arguments:
                    self._check_calls(each, node)
            case Member(of, key):
                self._check_calls(of, node)
                self._check_calls(key, node)
            case Infix(_, left, right):
                self._check_calls(left, node)
                self._check_calls(right, node)
            case Prefix(_, of):
                self._check_calls(of, node)
            case ListNode(found):
                for each in found:
                    self._check_calls(each, node)
            case MapNode(pairs):
                for key, value in pairs:
                    self._check_calls(key, node)
                    self._check_calls(value, node)

    def _must_be_function(self, name: str, node: yaml.Node, *, inline: bool = False) -> None:
        if name in self._routines:
            return
        blocks = self._functions(name)
        if blocks is None:
            raise self.refused(f"unknown function '{name}'", node)
        if blocks and inline:
            raise self.refused(f"'{name}' can't be called within an expression, only by a call step", node)


def _is_map(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


_ACTIONS: dict[str, Callable[[_Reader, Mapping[str, Entry]], Action]] = {
    "assign": _Reader._assign,
    "call": _Reader._call,
    "switch": _Reader._switch,
    "for": _Reader._loop,
    "parallel": _Reader._parallel,
    "try": _Reader._try,
    "raise": _Reader._raise,
    "return": _Reader._return,
    "steps": _Reader._steps,
}
