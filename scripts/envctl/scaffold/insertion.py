"""Putting things into a YAML file as a person would: as text, with its comments and its form left as they are.

What was meant is checked afterwards: the new text, read again, is the old one with the addition, or nothing is done.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from shared_services.yaml.nodes import Mapping, Node, find, plain
from shared_services.yaml.nodes import Sequence as Items
from shared_services.yaml.reader import read_bytes

from ..errors import UserError


def add_entry(text: str, file: str, section: str, key: str, block: str, order: Sequence[str]) -> str:
    """The text with one more entry in a mapping of the top level.

    Args:
        text: the file's.
        file: what errors call it.
        section: the mapping, such as `services`; it is made where there is none.
        key: the entry's.
        block: the entry's value, as YAML that begins at the margin.
        order: in which order a file has its sections: where a new one goes.

    Raises:
        UserError: the file is not in a form that a text can be put into.
    """
    root = _read(text, file)
    lines = text.splitlines(keepends=True)
    holder = root.items.get(section)
    if isinstance(holder, Mapping) and holder.items and _is_block(holder, root, section):
        indent = min(at.column for at in holder.keys.values()) - 1
        starts = [at.line for at in holder.keys.values()]
        spaced = any(not lines[line - 2].strip() or lines[line - 2].lstrip().startswith("#") for line in starts[1:])
        end = _end(lines, root.keys[section].line, 0)
        new = _entry(key, block, " " * indent)
        lines[end:end] = [*(["\n"] if spaced else []), *new]
    elif holder is None:
        end = _place(lines, root, section, order)
        lines[end:end] = ["\n", f"{section}:\n", *_entry(key, block, "  ")]
    else:
        raise _unfit(file, section, "it is not a block of keys, one a line")
    wanted = copy.deepcopy(plain(root))
    wanted.setdefault(section, {})[key] = plain(_read(block, file)) if block.strip() else {}
    return _checked("".join(lines), file, wanted, section)


def add_item(text: str, file: str, path: tuple[str, ...], item: str) -> str:
    """The text with one more item at the end of a list.

    Raises:
        UserError: there is no such list, or it is not in a form that a text can be put into.
    """
    root = _read(text, file)
    lines = text.splitlines(keepends=True)
    shown = ".".join(path)
    holder, parent = find(root, path), find(root, path[:-1])
    if not isinstance(holder, Items) or not holder.items or not isinstance(parent, Mapping):
        raise _unfit(file, shown, "it is not a list with something in it")
    last = holder.items[-1].at
    if last.line == parent.keys[path[-1]].line:  # [a, b]
        line = lines[last.line - 1]
        close = line.find("]", last.column - 1)
        if close < 0:
            raise _unfit(file, shown, "its line doesn't end the list")
        lines[last.line - 1] = f"{line[:close]}, {item}{line[close:]}"
    else:
        line = lines[last.line - 1]
        if not line.lstrip().startswith("- "):
            raise _unfit(file, shown, "it is not a list of one item a line")
        indent = line[: len(line) - len(line.lstrip())]
        lines.insert(last.line, f"{indent}- {item}\n")
    wanted = copy.deepcopy(plain(root))
    target: Any = wanted
    for part in path:
        target = target[part]
    target.append(item)
    return _checked("".join(lines), file, wanted, shown)


def _read(text: str, file: str) -> Mapping:
    node, problems = read_bytes(text.encode(), file)
    if problems:
        raise UserError(str(problems[0]), todo="mend the file first")
    if not isinstance(node, Mapping):
        raise _unfit(file, "it", "it is not a mapping of keys to values")
    return node


def _is_block(holder: Node, parent: Mapping, key: str) -> bool:
    return holder.at.line > parent.keys[key].line


def _end(lines: list[str], start: int, indent: int) -> int:
    """Where the block that begins at a line (counted from 1) ends: behind its last line with anything in it."""
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if len(line) - len(line.lstrip(" ")) <= indent:
            break
        end = number + 1
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    return end


def _place(lines: list[str], root: Mapping, section: str, order: Sequence[str]) -> int:
    """Where a new section goes: behind the last one that comes before it."""
    before = order[: order.index(section)] if section in order else order
    there = [root.keys[name].line for name in root.items if name in before]
    return _end(lines, max(there), 0) if there else len(lines)


def _entry(key: str, block: str, indent: str) -> list[str]:
    if not block.strip():
        return [f"{indent}{key}: {{}}\n"]
    body = [f"{indent}  {line}\n" if line else "\n" for line in block.rstrip("\n").split("\n")]
    return [f"{indent}{key}:\n", *body]


def _checked(text: str, file: str, wanted: Any, path: str) -> str:
    if plain(_read(text, file)) != wanted:
        raise _unfit(file, path, "its form is not understood")
    return text


def _unfit(file: str, path: str, why: str) -> UserError:
    return UserError(f"{file}: nothing can be put into {path}", why=why, todo="write it as a block, one thing a line")
