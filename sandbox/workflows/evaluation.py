"""Evaluates expressions in a scope."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.workflows import library
from sandbox.workflows.errors import fault
from sandbox.workflows.expressions import Constant, Function, Infix, ListNode, MapNode, Member, Name, Node, Prefix
from sandbox.workflows.library.data import contains
from sandbox.workflows.scope import Scope
from sandbox.workflows.tree import Routine
from sandbox.workflows.values import equal, is_number, item, type_name, whole

Invoke = Callable[[str, list[Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Module:
    """A part of the library that stands before a dot: `http` in `http.default_retry`."""

    name: str


@dataclass(slots=True)
class Evaluator:
    """Evaluates within one frame; `invoke` calls a function or a routine by its name."""

    scope: Scope
    routines: Mapping[str, Routine]
    invoke: Invoke

    async def value(self, node: Node) -> Any:
        """What an expression is. Raises WorkflowError."""
        found = await self._node(node)
        if isinstance(found, _Module):
            raise fault("KeyError", f"variable not found: {found.name}")
        return found

    async def _node(self, node: Node) -> Any:
        match node:
            case Constant(value):
                return value
            case Name(name):
                return self._named(name)
            case Member(of, key):
                return self._member(await self._node(of), await self.value(key))
            case Infix("and" | "or" as sign, left, right):
                return await self._logical(sign, left, right)
            case Infix(sign, left, right):
                return operate(sign, await self.value(left), await self.value(right))
            case Function("if", (condition, if_true, if_false)):  # only what is chosen is evaluated
                return await self.value(if_true if _truth(await self.value(condition), "if") else if_false)
            case Function(name, arguments):
                return await self.invoke(name, [await self.value(each) for each in arguments])
            case MapNode(items):
                return {await self._key(key): await self.value(each) for key, each in items}
            case ListNode(items):
                return [await self.value(each) for each in items]
            case Prefix("not", of):
                return not _truth(await self.value(of), "not")
            case Prefix(_, of):
                found = await self.value(of)
                if not is_number(found):
                    raise fault("TypeError", f"unary - needs a number, not {type_name(found)}")
                return whole(-found) if isinstance(found, int) else -found

    def _named(self, name: str) -> Any:
        found = self.scope.find(name)
        if found is not None:
            return found[0]
        if name in self.routines:
            return self.routines[name]
        if any(module == name or module.startswith(f"{name}.") for module in library.MODULES):
            return _Module(name)
        raise fault("KeyError", f"variable not found: {name}")

    def _member(self, of: Any, key: Any) -> Any:
        if not isinstance(of, _Module):
            return item(of, key)
        name = f"{of.name}.{key}"
        if name in library.CONSTANTS:
            return library.CONSTANTS[name]
        if name in library.FUNCTIONS:
            return library.FUNCTIONS[name]
        raise fault("KeyError", f"variable not found: {name}")

    async def _logical(self, sign: str, left: Node, right: Node) -> bool:
        first = _truth(await self.value(left), sign)
        return first if first is (sign == "or") else _truth(await self.value(right), sign)

    async def _key(self, node: Node) -> str:
        key = await self.value(node)
        if not isinstance(key, str):
            raise fault("TypeError", f"map key must be a string, not {type_name(key)}")
        return key


def _truth(value: Any, sign: str) -> bool:
    if not isinstance(value, bool):
        raise fault("TypeError", f"{sign} needs a boolean, not {type_name(value)}")
    return value


def operate(sign: str, left: Any, right: Any) -> Any:
    """An operator on two values. Raises TypeError and ZeroDivisionError of workflows.

    >>> operate("+", "a", "b"), operate("//", 7, 2), operate("/", 7, 2), operate("in", "a", {"a": 1})
    ('ab', 3, 3.5, True)
    """
    match sign:
        case "==":
            return equal(left, right)
        case "!=":
            return not equal(left, right)
        case "in":
            return contains(right, left)
    texts = isinstance(left, str) and isinstance(right, str)
    if sign == "+" and texts:
        return left + right
    if sign in ("<", "<=", ">", ">="):
        if not texts and not (is_number(left) and is_number(right)):
            raise _mismatch(sign, left, right)
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]
    if not is_number(left) or not is_number(right):
        raise _mismatch(sign, left, right)
    return _arithmetic(sign, left, right)


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
    if sign in ("/", "//", "%") and right == 0:
        raise fault("ZeroDivisionError", f"division by zero: {left} {sign} {right}")
    try:
        match sign:
            case "+":
                found = left + right
            case "-":
                found = left - right
            case "*":
                found = left * right
            case "/":
                found = left / right
            case "//":
                found = left // right
            case _:
                found = left % right
    except OverflowError as error:
        raise fault("ValueError", f"{left} {sign} {right} is too large") from error
    if isinstance(found, float):
        return math.floor(found) if sign == "//" and math.isfinite(found) else found
    return whole(found)


def _mismatch(sign: str, left: Any, right: Any) -> Exception:
    return fault("TypeError", f"unsupported operand types for {sign}: {type_name(left)} and {type_name(right)}")
